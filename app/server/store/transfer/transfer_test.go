//go:build unix

package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
)

// What makes the test binary a move that kills itself before a step.
const (
	killStep = "DOZVON_TEST_KILL_STEP"
	killFrom = "DOZVON_TEST_KILL_FROM"
	killTo   = "DOZVON_TEST_KILL_TO"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if step := os.Getenv(killStep); step != "" {
		os.Exit(moveUntil(step))
	}
	os.Exit(pgtest.Main(m))
}

// rowsAtOnce makes many batches of little data.
const rowsAtOnce = 9

func moveUntil(step string) int {
	left, err := strconv.Atoi(step)
	if err != nil {
		return 2
	}
	t := Transfer{From: os.Getenv(killFrom), To: os.Getenv(killTo), Now: time.Now, batch: rowsAtOnce}
	t.step = func(string) {
		if left--; left == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	if _, err := t.Run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// school is an SQLite database that a former version filled, brought up to date.
func school(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dozvon.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("../migrations"))
	if err == nil {
		_, err = provider.UpTo(t.Context(), 12)
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile("../../testdata/filled_12.sql")
	if err == nil {
		_, err = db.Exec(string(rows))
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), "sqlite://"+path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.KeepSealFingerprint(t.Context(), "fingerprint of "+path); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t *testing.T, path, to string, final bool) ([]Table, error) {
	t.Helper()
	move := Transfer{From: "sqlite://" + path, To: to, Final: final, Now: time.Now, batch: rowsAtOnce}
	return move.Run(t.Context())
}

// writing opens an SQLite file as the server does.
func writing(path string) string { return "file:" + path + "?_pragma=foreign_keys(ON)" }

func change(t *testing.T, driver, place string, statements ...string) {
	t.Helper()
	db, err := sql.Open(driver, place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// contents are the rows of every table of a database, each as text, without what the index has of its own.
func contents(t *testing.T, driver, place, tables string) map[string][]string {
	t.Helper()
	db, err := sql.Open(driver, place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string][]string{}
	for _, name := range column1(t, db, tables) {
		if strings.Contains(name, "_fts") || slices.Contains([]string{"goose_db_version", "stale", "words", "numbers"}, name) {
			continue
		}
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+name)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		all[name] = []string{}
		for rows.Next() {
			raw, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range raw {
				into[i] = &raw[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			fields := map[string]string{}
			for i, c := range columns {
				text := strings.NewReplacer("true", "1", "false", "0").Replace(fmt.Sprintf("%v", raw[i]))
				if c != "ord" && c != "words_index" {
					fields[c] = text
				}
			}
			all[name] = append(all[name], fmt.Sprint(fields)) // in the order of the names
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(all[name])
	}
	return all
}

func column1(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	return all
}

// wantMoved compares every row of both databases by itself.
func wantMoved(t *testing.T, path, to string) {
	t.Helper()
	want := contents(t, "sqlite", "file:"+path, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	got := contents(t, "pgx", to, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, slices.Sorted(maps.Keys(want))) {
		t.Errorf("the tables are %v", names)
	}
	rows := 0
	for name, all := range want {
		rows += len(all)
		if !slices.Equal(got[name], all) {
			t.Errorf("%s: %d rows, want %d; the first that differs: %s", name, len(got[name]), len(all), firstOther(got[name], all))
		}
	}
	if rows < 150 {
		t.Errorf("only %d rows were compared", rows)
	}
}

func firstOther(got, want []string) string {
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			return fmt.Sprintf("want %.300s, got %.300s", want[i], fmt.Sprint(got[min(i, len(got)):]))
		}
	}
	return "one too many"
}

// TestTransfer_killedAgainAndAgainWhileOthersWriteComesToItsEnd: each run is killed before a later step than the one
// before, and between two of them the school changes, also so that what only one may have goes to another.
func TestTransfer_killedAgainAndAgainWhileOthersWriteComesToItsEnd(t *testing.T) {
	t.Parallel()
	path, to := school(t), pgtest.URL(t)
	swap := []string{
		"INSERT INTO employees (id, name, role, login, created_at) VALUES ('e-a', 'Анна', 'operator', 'anna', 1), ('e-b', 'Борис', 'operator', 'boris', 1)",
		"INSERT INTO extensions (integration_id, extension, employee_id) SELECT id, '901', 'e-a' FROM integrations LIMIT 1",
		"INSERT INTO sessions (token_hash, employee_id, device, created_at, id) VALUES ('h1', 'e-b', 'd', 1, 's1')",
	}
	change(t, "sqlite", writing(path), swap...)
	between := [][]string{
		{"UPDATE employees SET login = 'x' WHERE id = 'e-a'", "UPDATE employees SET login = 'anna' WHERE id = 'e-b'", "UPDATE employees SET login = 'boris' WHERE id = 'e-a'"},
		{"UPDATE feed SET phone = '+79990000000' WHERE id = (SELECT MIN(id) FROM feed)", "UPDATE employees SET presence = 'talking'"},
		{"DELETE FROM feed WHERE id = (SELECT MAX(id) FROM feed)", "DELETE FROM employees WHERE id = 'e-a'"},
		{"INSERT INTO clients (id, kind, name, email, note, phones, responsible_id, created_at, updated_at) VALUES ('00-new', 'lead', 'Новый', '', '', '[]', '', 1, 1)"},
		{"UPDATE counters SET value = value + 1 WHERE name = 'journal'", "INSERT INTO journal (sequence, at, type, audience, data) SELECT value, 1, 'x', 'all', '{}' FROM counters WHERE name = 'journal'"},
	}
	kills := 0
	for step := 1; ; step += 1 + step/4 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), killStep+"="+strconv.Itoa(step), killFrom+"=sqlite://"+path, killTo+"="+to)
		out, err := cmd.CombinedOutput()
		if err == nil {
			break
		}
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
			t.Fatalf("step %d: %v: %s", step, err, out)
		}
		if _, err := store.Open(t.Context(), to, time.Now); !errors.Is(err, store.ErrMoving) {
			t.Fatalf("step %d: a server would start on half a school: %v", step, err)
		}
		if kills < len(between) {
			change(t, "sqlite", writing(path), between[kills]...)
		}
		kills++
	}
	if kills < len(between) {
		t.Errorf("only %d kills", kills)
	}
	change(t, "sqlite", writing(path), "UPDATE feed SET phone = '+79990000001' WHERE id = (SELECT MAX(id) FROM feed)", "DELETE FROM calls WHERE id = (SELECT MIN(id) FROM calls)")
	tables, err := run(t, path, to, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, tab := range tables {
		if tab.Sum == "" {
			t.Errorf("%s was not verified", tab.Name)
		}
	}
	wantMoved(t, path, to)
	st, err := store.Open(t.Context(), to, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if done, err := st.Indexed(t.Context()); done || err != nil {
		t.Errorf("nothing waits for the index: %t, %v", done, err)
	}
	if _, err := run(t, path, to, true); err == nil || !strings.Contains(err.Error(), "holds this school already: the move came to its end") || strings.Contains(err.Error(), "drop") {
		t.Errorf("once more, over what is served: %v", err)
	}
}

func TestTransfer_refusesWhatIsAnothers(t *testing.T) {
	t.Parallel()
	path, other := school(t), school(t)
	refused := func(what, from, to, says string) {
		t.Helper()
		_, err := run(t, from, to, true)
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("%s: %v", what, err)
		}
	}
	half := pgtest.URL(t)
	if _, err := run(t, path, half, false); err != nil {
		t.Fatal(err)
	}
	refused("another school's half", other, half, "another school is being moved")
	served := pgtest.URL(t)
	if _, err := run(t, other, served, true); err != nil {
		t.Fatal(err)
	}
	had := contents(t, "pgx", served, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
	refused("another school's", path, served, "holds a school already")
	if got := contents(t, "pgx", served, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"); fmt.Sprint(got) != fmt.Sprint(had) {
		t.Error("it has changed")
	}
	programs := pgtest.URL(t)
	change(t, "pgx", programs, "CREATE TABLE theirs (id TEXT)")
	if _, err := run(t, path, programs, true); err == nil || !strings.Contains(err.Error(), "tables of another program") {
		t.Errorf("another program's: %v", err)
	}
	old := school(t)
	change(t, "sqlite", writing(old), "DELETE FROM goose_db_version WHERE version_id > 16")
	refused("a former schema", old, pgtest.URL(t), "start this program's server on it once")
	unused := school(t)
	change(t, "sqlite", writing(unused), "DELETE FROM school WHERE name = 'seal_fingerprint'")
	refused("one that was never used", unused, pgtest.URL(t), "has not been used by a server yet")
	// A server that was started on the target and never worked with leaves nothing to lose.
	touched := pgtest.URL(t)
	st, err := store.Open(t.Context(), touched, time.Now)
	if err == nil {
		_, err = st.KeepSealFingerprint(t.Context(), "another")
		err = errors.Join(err, st.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, path, touched, true); err != nil {
		t.Error(err)
	}
	wantMoved(t, path, touched)
}

func TestTransfer_oneAtATime(t *testing.T) {
	t.Parallel()
	path, to := school(t), pgtest.URL(t)
	var second error
	first := Transfer{From: "sqlite://" + path, To: to, Final: true, Now: time.Now}
	once := false
	first.step = func(string) {
		if !once {
			once = true
			beside := Transfer{From: "sqlite://" + path, To: to, Final: true, Now: time.Now, wait: 50 * time.Millisecond}
			_, second = beside.Run(t.Context())
		}
	}
	if _, err := first.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if second == nil || !strings.Contains(second.Error(), "another migrate-to") {
		t.Errorf("a second one beside it: %v", second)
	}
	wantMoved(t, path, to)
}

// TestTransfer_takesWhatPostgreSQLDoesNot: a text with NUL or bytes that are no UTF-8 is kept with a mark, as the store
// keeps it there; a value of another kind is told, with its table.
func TestTransfer_takesWhatPostgreSQLDoesNot(t *testing.T) {
	t.Parallel()
	path, to := school(t), pgtest.URL(t)
	change(t, "sqlite", writing(path), "UPDATE feed SET line = CAST(x'4100FF42' AS TEXT) WHERE id = (SELECT MIN(id) FROM feed)")
	if _, err := run(t, path, to, true); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", to)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if got := column1(t, db, `SELECT line FROM feed ORDER BY id COLLATE "C" LIMIT 1`); !slices.Equal(got, []string{"A\uFFFD\uFFFDB"}) {
		t.Errorf("the text is %q", got)
	}
	change(t, "sqlite", writing(path), "UPDATE calls SET started_at = 'soon' WHERE id = (SELECT MIN(id) FROM calls)")
	if _, err := run(t, path, pgtest.URL(t), true); err == nil || !strings.Contains(err.Error(), "moving calls: ") || !strings.Contains(err.Error(), "column started_at holds string where bigint belongs") {
		t.Errorf("a text for a number: %v", err)
	}
}

// TestTransfer_seesWhatWasChangedInTheTarget: the checksum is of what lies there.
func TestTransfer_seesWhatWasChangedInTheTarget(t *testing.T) {
	t.Parallel()
	path, to := school(t), pgtest.URL(t)
	move := Transfer{From: "sqlite://" + path, To: to, Final: true, Now: time.Now}
	// After the last row of the feed was written, and before it is verified.
	var err error
	change(t, "pgx", to, "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.phone := '+70000000000'; RETURN NEW; END $$")
	if _, err = run(t, path, to, false); err != nil {
		t.Fatal(err)
	}
	change(t, "pgx", to, "DELETE FROM feed", "CREATE TRIGGER spoil BEFORE INSERT ON feed FOR EACH ROW EXECUTE FUNCTION spoil()")
	if _, err = move.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "moving feed: the target's rows are not the source's") {
		t.Errorf("got %v", err)
	}
	if _, err := store.Open(t.Context(), to, time.Now); !errors.Is(err, store.ErrMoving) {
		t.Errorf("it was declared whole: %v", err)
	}
}
