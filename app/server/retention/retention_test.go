package retention_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/crm"
	"dozvon/app/server/entry"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/recordings"
	"dozvon/app/server/retention"
	"dozvon/app/server/store"
	"dozvon/client"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func ago(days int) time.Time { return now.Add(-time.Duration(days) * 24 * time.Hour) }

// filled is a database with a call, a note and a card of each of some ages, in days.
func filled(t *testing.T, url string, ages ...int) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), url, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	for _, age := range ages {
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			id, at, number := fmt.Sprint("of day ", age), ago(age), fmt.Sprintf("+7914555%04d", age)
			v := client.Call{ID: id, State: client.StateEnded, Phone: number, StartedAt: at, Direction: client.In, Ringing: []string{}}
			facts := call.FoldAll([]call.Event{{Kind: call.KindRecording, Key: id, At: at, Recording: id, RecordingState: call.RecordingReady}})
			if err := tx.SaveCall(store.CallRecord{ID: id, IntegrationID: "i", Key: id, Facts: facts, View: v}); err != nil {
				return err
			}
			for _, e := range []entry.Entry{
				{ID: id, Type: entry.CallIn, At: at, Phone: number, CallID: id},
				{ID: "note " + id, Type: entry.Note, At: at, CallID: id, Description: "text"},
				{ID: "alone " + id, Type: entry.Note, At: at, Description: "text"},
			} {
				if err := tx.SaveEntry(e); err != nil {
					return err
				}
			}
			if err := tx.KeepNote("note "+id, at, nil, "former"); err != nil {
				return err
			}
			card := crm.NewCard(client.KindClient, "card "+id, at)
			card.Name, card.Version, card.DeletedAt = "Имя", 1, &at
			if err := tx.SaveCard(card); err != nil {
				return err
			}
			if err := tx.SaveMissed(store.MissedRow{Number: number, State: client.MissedSettled, FirstAt: at, LastAt: at}); err != nil {
				return err
			}
			return tx.SaveTask(store.TaskRow{ID: id, State: client.TaskDone, Phone: number, CallID: id, CreatedAt: at, DueAt: at, DoneAt: at})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return st
}

// left tells what is there of each age.
func left(t *testing.T, st *store.Store, ages ...int) string {
	t.Helper()
	out := ""
	p := st.Person(t.Context())
	for _, age := range ages {
		id := fmt.Sprint("of day ", age)
		calls, err := p.Calls([]string{id})
		if err != nil {
			t.Fatal(err)
		}
		entries := 0
		for _, e := range []string{id, "note " + id, "alone " + id} {
			if _, err := st.Entry(t.Context(), e); err == nil {
				entries++
			}
		}
		versions, err := p.NoteVersions([]string{"note " + id})
		if err != nil {
			t.Fatal(err)
		}
		_, err = st.Card(t.Context(), client.SubjectRef{Kind: client.KindClient, ID: "card " + id})
		tasks, terr := p.Tasks(store.Holding{}, []string{id})
		if terr != nil {
			t.Fatal(terr)
		}
		out += fmt.Sprintf("%d: calls %d entries %d versions %d card %t tasks %d\n", age, len(calls), entries, len(versions["note "+id]), err == nil, len(tasks))
	}
	return out
}

func TestClean_deletesWhatIsOlderThanTheSchoolKeeps(t *testing.T) {
	t.Parallel()
	const all = "10: calls 1 entries 3 versions 1 card true tasks 1\n200: calls 1 entries 3 versions 1 card true tasks 1\n500: calls 1 entries 3 versions 1 card true tasks 1\n"
	for _, tt := range []struct {
		name   string
		policy retention.Policy
		want   string
	}{
		{"nothing is chosen", retention.Policy{}, all},
		{"calls", retention.Policy{Calls: 300 * 24 * time.Hour}, "10: calls 1 entries 3 versions 1 card true tasks 1\n200: calls 1 entries 3 versions 1 card true tasks 1\n500: calls 0 entries 0 versions 0 card true tasks 0\n"},
		{"versions", retention.Policy{NoteVersions: 100 * 24 * time.Hour}, "10: calls 1 entries 3 versions 1 card true tasks 1\n200: calls 1 entries 3 versions 0 card true tasks 1\n500: calls 1 entries 3 versions 0 card true tasks 1\n"},
		{"deleted cards", retention.Policy{DeletedCards: 300 * 24 * time.Hour}, "10: calls 1 entries 3 versions 1 card true tasks 1\n200: calls 1 entries 3 versions 1 card true tasks 1\n500: calls 1 entries 3 versions 1 card false tasks 1\n"},
	} {
		for _, database := range []string{"sqlite", "postgres"} {
			t.Run(tt.name+" on "+database, func(t *testing.T) {
				t.Parallel()
				url := "sqlite://" + filepath.Join(t.TempDir(), "kept.db")
				if database == "postgres" {
					url = pgtest.URL(t)
				}
				st := filled(t, url, 10, 200, 500)
				folder := recordings.Folder{Dir: t.TempDir()}
				c := &retention.Cleaner{Store: st, Recordings: folder, Policy: tt.policy, Node: "n", Now: func() time.Time { return now }}
				for range 2 {
					if err := c.Clean(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if got := left(t, st, 10, 200, 500); got != tt.want {
					t.Errorf("left are\n%s, want\n%s", got, tt.want)
				}
				files, err := st.ErasedFiles(t.Context(), time.Time{})
				if err != nil || (len(files) == 1) != (tt.policy.Calls > 0) || len(files) == 1 && files[0] != folder.Name("i", "of day 500") {
					t.Errorf("the recordings %q go, %v", files, err)
				}
			})
		}
	}
}

func TestClean_leavesAJournalWithoutGaps(t *testing.T) {
	t.Parallel()
	at := ago(30)
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "kept.db"), func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for i := range 60 {
		at = ago(30 - i/2)
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.Journal("feed", "", i) }); err != nil {
			t.Fatal(err)
		}
	}
	c := &retention.Cleaner{Store: st, Policy: retention.Policy{Journal: 7 * 24 * time.Hour}, Node: "n", Now: func() time.Time { return now }}
	if err := c.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := st.JournalAfter(t.Context(), 0, 100)
	if err != nil || len(rows) == 0 || rows[0].At.Before(ago(7)) {
		t.Fatalf("the journal begins with %+v, %v", rows[:min(1, len(rows))], err)
	}
	for i, r := range rows {
		if r.Sequence != rows[0].Sequence+int64(i) {
			t.Fatalf("row %d follows %d", r.Sequence, rows[0].Sequence+int64(i)-1)
		}
	}
	if last := rows[len(rows)-1].Sequence; last != 60 {
		t.Errorf("the last row is %d", last)
	}
}
