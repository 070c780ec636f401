package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"dozvon/app/server"
	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/client"
)

// upload sends a file as the administrator and fails the test when it is refused.
func (s *school) upload(api *client.API, kind, content string) client.Import {
	s.t.Helper()
	im, err := api.Upload(s.t.Context(), kind, "файл.csv", strings.NewReader(content))
	if err != nil {
		s.t.Fatal(err)
	}
	return im
}

// bringIn runs an import to its end, as its columns were guessed.
func (s *school) bringIn(api *client.API, im client.Import, rule string, dry bool) client.Import {
	s.t.Helper()
	if _, err := api.RunImport(s.t.Context(), im.ID, client.ImportRun{Mapping: im.Mapping, Rule: rule, DryRun: dry}); err != nil {
		s.t.Fatal(err)
	}
	if err := s.parts.Imports.RunWaiting(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	im, err := api.Import(s.t.Context(), im.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return im
}

func (s *school) importReport(api *client.API, id string) string {
	s.t.Helper()
	file, err := api.ImportReport(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimPrefix(string(raw), "\xEF\xBB\xBF")
}

// contracts is every contract as "number name phones category", oldest first.
func (s *school) contracts(api *client.API) string {
	s.t.Helper()
	page, err := api.Contracts(s.t.Context(), "", "")
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, c := range page.Items {
		all = append([]string{strings.TrimSpace(fmt.Sprint(c.Number, " ", c.Name, " ", strings.Join(c.Phones, ","), " ", c.Category))}, all...)
	}
	return strings.Join(all, "\n")
}

// heard notes the types of the events that an employee's screen gets.
type heard struct {
	mu   sync.Mutex
	seen []string
}

func (h *heard) count(kind string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, s := range h.seen {
		if s == kind {
			n++
		}
	}
	return n
}

func (s *school) hear(ext string) *heard {
	s.t.Helper()
	h := &heard{}
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	api := s.api(ext)
	go func() {
		defer close(done)
		api.Stream(ctx, client.StreamConfig{Handle: func(e client.StreamEvent) {
			h.mu.Lock()
			defer h.mu.Unlock()
			name := e.Type
			if im, ok := e.Data.(*client.Import); ok {
				name += " " + im.State
			}
			h.seen = append(h.seen, name)
		}})
	}()
	s.t.Cleanup(func() { cancel(); <-done })
	eventually(s.t, "the stream opens", func() bool { return h.count("hello") > 0 })
	return h
}

func TestImport_bringsAFileInAsOne(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		admin, operator := s.api("105"), s.api("101")
		s.ring(1, "79145550148", "101", true)
		mine, theirs := s.hear("105"), s.hear("101")
		resets := theirs.count("reset")

		raw, err := charmap.Windows1251.NewEncoder().String(
			"№ договора;ФИО;Телефон;Категория;Дата договора;Ответственный;Метки\r\n" +
				"12;Шангутов Александр;8 (914) 555-01-48;B;24.11.2026;Сотрудник 102;VIP\r\n" +
				"13;Иванова Ольга;спросить у мамы;C;25.11.2026;Никто;\r\n" +
				";Без номера;89644399095;;;;\r\n" +
				"14;Плохая дата;;;завтра;;\r\n")
		if err != nil {
			t.Fatal(err)
		}
		im := s.upload(admin, "contracts", raw)
		if im.Encoding != "windows-1251" || im.Delimiter != ";" || im.Rows != 4 || len(im.Preview) != 4 || !im.Heading ||
			fmt.Sprint(im.Mapping) != "[number name phone category signed_on responsible tags]" {
			t.Fatalf("understood as %+v", im)
		}

		tried := s.bringIn(admin, im, "skip", true)
		if tried.State != client.ImportChecked || tried.Counts != (client.ImportCounts{Added: 3, Faulty: 1, Remarks: 2}) {
			t.Errorf("the trial: %+v", tried)
		}
		if got := s.contracts(operator); got != "" {
			t.Errorf("the trial left %s", got)
		}

		done := s.bringIn(admin, im, "skip", false)
		if done.State != client.ImportDone || done.Counts != tried.Counts || done.Done != 4 || !done.Report {
			t.Errorf("done: %+v", done)
		}
		if got, want := s.contracts(operator), "12 Шангутов Александр +79145550148 B\n13 Иванова Ольга  C\n14 Плохая дата"; got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		want := "Строка;Итог;Почему;№ договора;ФИО;Телефон;Категория;Дата договора;Ответственный;Метки\r\n" +
			"3;загружена с замечанием;сотрудника «Никто» нет: ответственный не поставлен; «спросить у мамы» не похоже на номер: сохранено как написано;13;Иванова Ольга;спросить у мамы;C;25.11.2026;Никто\r\n" +
			"4;пропущена;нет номера договора;;Без номера;89644399095\r\n" +
			"5;загружена с замечанием;дата «завтра» не читается: не сохранена, нужна вида 24.11.2026;14;Плохая дата;;;завтра\r\n"
		if got := strings.ReplaceAll(s.importReport(admin, im.ID), `"`, ""); got != want {
			t.Errorf("the report is\n%s\nwant\n%s", got, want)
		}

		page, err := operator.Feed(t.Context(), client.FeedQuery{Phone: "79145550148"})
		if err != nil || len(page.Items) != 1 || page.Items[0].Subject == nil || page.Items[0].Subject.Name != "Шангутов Александр" {
			t.Errorf("the earlier call is bound to %+v, %v", page.Items, err)
		}
		if err := s.parts.Indexer.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := operator.Contracts(t.Context(), "шангутов", "")
		if err != nil || len(found.Items) != 1 || found.Items[0].Responsible == nil || found.Items[0].Responsible.Name != "Сотрудник 102" {
			t.Fatalf("the search finds %+v, %v", found.Items, err)
		}
		history, err := operator.CardHistory(t.Context(), client.SubjectRef{Kind: client.KindContract, ID: found.Items[0].ID}, "")
		if err != nil || len(history.Items) != 1 || history.Items[0].Action != "imported" || history.Items[0].By == nil {
			t.Errorf("its history is %+v, %v", history.Items, err)
		}
		eventually(t, "one reset and no single card", func() bool { return theirs.count("reset") == resets+1 && mine.count("import done") == 1 })
		if theirs.count("contract") != 0 || theirs.count("import done") != 0 || theirs.count("feed") != 0 {
			t.Errorf("others heard %v", theirs.seen)
		}
	})
}

func TestImport_duplicatesFollowTheRule(t *testing.T) {
	t.Parallel()
	const file = "Номер;ФИО;Телефон;Категория\n1;Иванов;89145550141;C\n2;Петров;89145550142;A\n2;Петров Пётр;89145550143;\n3;Сестра Петрова;89145550142;B\n"
	tests := []struct {
		rule   string
		want   string
		counts client.ImportCounts
	}{
		{"skip", "1 Иван +79145550149 B\n2 Петров +79145550142 A\n3 Сестра Петрова +79145550142 B", client.ImportCounts{Added: 2, Doubles: 2}},
		{"update", "1 Иванов +79145550149,+79145550141 C\n2 Петров Пётр +79145550142,+79145550143 A\n3 Сестра Петрова +79145550142 B", client.ImportCounts{Added: 2, Changed: 2}},
		{"add", "1 Иван +79145550149 B\n1 Иванов +79145550141 C\n2 Петров +79145550142 A\n2 Петров Пётр +79145550143\n3 Сестра Петрова +79145550142 B", client.ImportCounts{Added: 4}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			databases(t, func(t *testing.T, url string) {
				s := openSchool(t, url, "")
				api := s.api("105")
				if _, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("1"), Name: ptr("Иван"), Category: ptr("B"), Phones: &[]string{"89145550149"}}); err != nil {
					t.Fatal(err)
				}
				im := s.bringIn(api, s.upload(api, "contracts", file), tt.rule, false)
				if im.Counts != tt.counts {
					t.Errorf("counted %+v, want %+v", im.Counts, tt.counts)
				}
				if got := s.contracts(api); got != tt.want {
					t.Errorf("got\n%s\nwant\n%s", got, tt.want)
				}
				if tt.rule == "add" {
					return
				}
				again := s.bringIn(api, s.upload(api, "contracts", file), "update", false)
				before := s.contracts(api)
				third := s.bringIn(api, s.upload(api, "contracts", file), "update", false)
				if again.Counts.Added != 0 || s.contracts(api) != before {
					t.Errorf("again: %+v, third: %+v, now\n%s", again.Counts, third.Counts, s.contracts(api))
				}
			})
		})
	}
}

// junk is what people send by mistake, and on purpose.
func TestImport_badFilesAreToldAndChangeNothing(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	mixed, err := charmap.Windows1251.NewEncoder().String("Пётр;89145550141\n")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, content, code string }{
		{"nothing", "", "empty_file"},
		{"binary junk", "\x7fELF\x00\x01\x02\x00", "not_a_table"},
		{"500 columns", strings.Repeat("a;", 500) + "\n", "too_many_columns"},
		{"mixed encodings", "Имя;Телефон\nИван;1\n" + mixed, "mixed_encodings"},
		{"an open quote", "a;b\n\"1;2\n", "open_quote"},
		{"a zip of nothing", "PK\x03\x04 and so on", "broken_excel"},
		{"an old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old_excel"},
	}
	for _, tt := range tests {
		_, err := api.Upload(t.Context(), "contracts", "x", strings.NewReader(tt.content))
		var p *client.Problem
		if !asProblem(err, &p) || p.Code != tt.code || p.Detail == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	left, err := os.ReadDir(s.data + "/imports")
	if err != nil || len(left) != 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

func TestImport_twoGigabytesAreRefusedUnread(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	in, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u105", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("POST", "/api/v1/imports?kind=clients", io.MultiReader())
	req.ContentLength = 2 << 30
	req.Header.Set("Authorization", "Bearer "+in.Token)
	out := httptest.NewRecorder()
	s.parts.API.Handler().ServeHTTP(out, req)
	if out.Code != 413 || !strings.Contains(out.Body.String(), "file_too_big") {
		t.Errorf("got %d %s", out.Code, out.Body)
	}
}

// A fault in the last line of a sheet shows itself only when all others have been put aside.
func TestImport_aFileThatBreaksInTheMiddleChangesNothing(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		var book bytes.Buffer
		w, err := table.NewWriter(&book, "xlsx", "Лист", []string{"Номер", "ФИО"})
		if err == nil {
			err = w.Write([]string{"", "Без номера"}) // told, if the rest comes in
		}
		for i := range 1000 {
			if err == nil {
				err = w.Write([]string{fmt.Sprint(i), "Иванов"})
			}
		}
		if err == nil {
			err = w.Write([]string{"x", strings.Repeat("ы", 20_000)}) // more than a cell may have
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		im := s.bringIn(api, s.upload(api, "contracts", book.String()), "skip", false)
		if im.State != client.ImportFailed || im.Problem == nil || im.Problem.Code != "cell_too_long" || im.Counts != (client.ImportCounts{}) || im.Report || len(im.Notes) != 0 {
			t.Errorf("got %+v", im)
		}
		if got := s.contracts(api); got != "" {
			t.Errorf("left behind: %.200s", got)
		}
		s.wantNothingStaged(im.ID)
	})
}

func (s *school) wantNothingStaged(id string) {
	s.t.Helper()
	if line, err := s.parts.Store.NextStaged(s.t.Context(), id, 0, 1); err != nil || line != 0 {
		s.t.Errorf("line %d is still put aside, %v", line, err)
	}
}

func TestImport_isAskedForProperly(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	if _, err := api.Upload(t.Context(), "calls", "x.csv", strings.NewReader("a;b\n")); !hasCode(err, "bad_import") {
		t.Errorf("another kind: %v", err)
	}
	im := s.upload(api, "contracts", "ФИО;Телефон\nИванов;89145550141\n")
	tests := []struct {
		name string
		run  client.ImportRun
	}{
		{"no number", client.ImportRun{Mapping: []string{"name", "phone"}, Rule: "skip"}},
		{"too few columns", client.ImportRun{Mapping: []string{"number"}, Rule: "skip"}},
		{"a field that is not there", client.ImportRun{Mapping: []string{"number", "salary"}, Rule: "skip"}},
	}
	for _, tt := range tests {
		if _, err := api.RunImport(t.Context(), im.ID, tt.run); !hasCode(err, "bad_import") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	good := client.ImportRun{Mapping: []string{"name", "number"}, Rule: "skip"}
	if _, err := api.RunImport(t.Context(), im.ID, good); err != nil {
		t.Fatal(err)
	}
	if _, err := api.RunImport(t.Context(), im.ID, good); !hasCode(err, "import_busy") {
		t.Errorf("started twice: %v", err)
	}
	if err := api.DeleteImport(t.Context(), im.ID); !hasCode(err, "import_busy") {
		t.Errorf("deleted while it goes on: %v", err)
	}
	if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := api.DeleteImport(t.Context(), im.ID); err != nil {
		t.Error(err)
	}
	if _, err := api.Import(t.Context(), im.ID); !hasCode(err, "not_found") {
		t.Errorf("after its deletion: %v", err)
	}
}

func hasCode(err error, code string) bool {
	var p *client.Problem
	return asProblem(err, &p) && p.Code == code
}

// importCrashData makes the test binary import a file until it is killed.
const importCrashData = "DOZVON_IMPORT_CRASH_DATA"

// importUntilKilled is the child's main: it runs what waits and tells each time rows were put aside.
func importUntilKilled(data string) int {
	p, err := server.Build(context.Background(), server.Config{Listen: "127.0.0.1:0", Data: data, Database: os.Getenv("DOZVON_IMPORT_CRASH_DB"), Version: "test"})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	go func() {
		fmt.Println("over", p.Imports.RunWaiting(context.Background()))
	}()
	for range time.Tick(time.Millisecond) {
		running, err := p.Store.Imports(context.Background(), client.ImportRunning)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		if len(running) > 0 && running[0].Done > 0 {
			fmt.Println("in the middle at", running[0].Done)
		}
		following, err := p.Store.Imports(context.Background(), client.ImportBinding)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		if len(following) > 0 {
			fmt.Println("following after", following[0].Settled)
		}
	}
	return 0
}

// A power cut in the middle of an import: nobody sees a single card, at the next start all that was
// put aside is dropped, and the same file can be brought in again.
func TestImport_killedInTheMiddleLeavesNothing(t *testing.T) {
	t.Parallel()
	const rows = 4_000
	databases(t, func(t *testing.T, url string) {
		now := time.Now()
		s := openSchoolWith(t, server.Config{Database: url, Now: func() time.Time { return now }}, "")
		api := s.api("105")
		im := s.upload(api, "contracts", generated(rows))
		if _, err := api.RunImport(t.Context(), im.ID, client.ImportRun{Mapping: im.Mapping, Rule: "skip"}); err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), importCrashData+"="+s.data, "DOZVON_IMPORT_CRASH_DB="+url)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		said, err := bufio.NewReader(out).ReadString('\n')
		child.Process.Kill()
		child.Wait()
		if err != nil || !strings.HasPrefix(said, "in the middle") {
			t.Fatalf("the child said %q, %v", said, err)
		}
		if got := s.contracts(api); got != "" {
			t.Fatalf("visible after the crash: %.200s", got)
		}
		if staged, err := s.parts.Store.NextStaged(t.Context(), im.ID, 0, 1); err != nil || staged == 0 {
			t.Fatalf("nothing was put aside when it was killed: %v", err)
		}

		now = time.Now().Add(time.Minute)
		if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
			t.Fatal(err)
		}
		left, err := api.Import(t.Context(), im.ID)
		if err != nil || left.State != client.ImportFailed || left.Problem == nil || left.Problem.Code != "interrupted" {
			t.Fatalf("after the restart: %+v, %v", left, err)
		}
		s.wantNothingStaged(im.ID)
		done := s.bringIn(api, im, "skip", false)
		if done.State != client.ImportDone || done.Counts.Added != rows {
			t.Errorf("again: %+v", done)
		}
		s.wantNothingStaged(im.ID)
	})
}

// A power cut at any moment, also while everything is being published and after that: every row is
// there or none, and what was begun is ended by the next server.
func TestImport_killedAtAnyMomentIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	const rows = 1000
	databases(t, func(t *testing.T, url string) {
		now := time.Now()
		s := openSchoolWith(t, server.Config{Database: url, Now: func() time.Time { return now }}, "")
		api := s.api("105")
		whole := 0
		for round, moment := range []string{"in the middle at 200\n", "in the middle at 1000", "in the middle at 1000", "following after 3"} {
			im := s.upload(api, "contracts", strings.ReplaceAll(generated(rows), "Д-", fmt.Sprintf("Д%d-", round)))
			if _, err := api.RunImport(t.Context(), im.ID, client.ImportRun{Mapping: im.Mapping, Rule: "skip"}); err != nil {
				t.Fatal(err)
			}
			s.killImportAt(url, moment)
			seen := s.countContracts() - whole
			now = now.Add(time.Minute)
			if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
				t.Fatal(err)
			}
			after, err := api.Import(t.Context(), im.ID)
			if err != nil {
				t.Fatal(err)
			}
			count := s.countContracts() - whole
			done, failed := after.State == client.ImportDone && count == rows, after.State == client.ImportFailed && count == 0
			if !done && !failed || seen != count {
				t.Errorf("killed at %q: %d rows at once, %d after the restart, state %s", moment, seen, count, after.State)
			}
			s.wantNothingStaged(im.ID)
			whole += count
		}
		if whole == 0 {
			t.Error("no kill hit after the publishing")
		}
	})
}

// killImportAt lets another process run what waits and kills it when it says that it is there, or
// further: the moment may pass between two looks.
func (s *school) killImportAt(url, moment string) {
	s.t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), importCrashData+"="+s.data, "DOZVON_IMPORT_CRASH_DB="+url)
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		said, err := lines.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the child ended: %v", err)
		}
		if strings.HasPrefix(said, moment) || strings.HasPrefix(said, "following") || strings.HasPrefix(said, "over") {
			break
		}
	}
	child.Process.Kill()
	child.Wait()
}

func (s *school) countContracts() int {
	s.t.Helper()
	n := 0
	for c := &storeStart; c != nil; {
		page, next, err := s.parts.Store.CardPage(s.t.Context(), client.KindContract, store.CardFilter{}, *c, 1000)
		if err != nil {
			s.t.Fatal(err)
		}
		n, c = n+len(page), next
	}
	return n
}

// endless sends rows without saying how many, and counts them. The transport may read on after the
// answer is there; what was sent is known when closed is.
type endless struct {
	left, sent int64
	closed     chan struct{}
	once       sync.Once
}

func (e *endless) Close() error {
	e.once.Do(func() { close(e.closed) })
	return nil
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	const row = "Д-1;Иванов Иван;89145550148\n"
	n := 0
	for n+len(row) <= len(p) {
		n += copy(p[n:], row)
	}
	e.left, e.sent = e.left-int64(n), e.sent+int64(n)
	return n, nil
}

// Two gigabytes that come without their length are cut off at the bound, in bounded memory. It runs
// alone, for it looks at the memory of the process.
func TestImport_aStreamOfTwoGigabytesIsCutOff(t *testing.T) {
	s := openSchool(t, "", "")
	in, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u105", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	file := &endless{left: 2 << 30, closed: make(chan struct{})}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.http.URL+"/api/v1/imports?kind=contracts", file)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = -1
	req.Header.Set("Authorization", "Bearer "+in.Token)
	for range 2 { // what checking a password took is not the upload's; a pool gives back the second time
		debug.FreeOSMemory()
	}
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	watch, stop := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for watch.Err() == nil {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse))
			<-tick.C
		}
	}()
	resp, err := http.DefaultTransport.RoundTrip(req)
	stop()
	<-watched
	if err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	<-file.closed
	if resp.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(answer, []byte("file_too_big")) {
		t.Errorf("got %d %s", resp.StatusCode, answer)
	}
	if file.sent > table.MaxBytes+64<<20 {
		t.Errorf("%d MB were taken in", file.sent>>20)
	}
	used := (most.Load() - min(before.HeapInuse, most.Load())) >> 20
	if used > 32 {
		t.Errorf("%d MB of memory were used", used)
	}
	if left, err := os.ReadDir(s.data + "/imports"); err != nil || len(left) != 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
	t.Logf("%d MB sent, at most %d MB of memory used", file.sent>>20, used)
}

// generated is a file of contracts with every field.
func generated(rows int) string {
	var b strings.Builder
	b.WriteString("№ договора;ФИО;Телефон;Категория;Группа;Дата договора;Метки;Примечание\n")
	for i := range rows {
		fmt.Fprintf(&b, "Д-%d;Иванов Иван %d;+7914%07d;B;%d;24.11.2026;дневная;звонить вечером\n", i, i, i, i%40)
	}
	return b.String()
}

func TestSync_theSameAgainWritesNothing(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		in := client.ContractInput{Name: ptr("Иванов"), Phones: &[]string{"89145550141"}, Category: ptr("B")}
		// A slash in the number must survive the path.
		made, err := api.PutContract(t.Context(), "12/26", in)
		if err != nil || made.Number != "12/26" {
			t.Fatalf("%+v, %v", made, err)
		}
		before, err := s.parts.Store.LastSequence(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		again, err := api.PutContract(t.Context(), "12/26", in)
		after, lerr := s.parts.Store.LastSequence(t.Context())
		if err != nil || lerr != nil || again.ID != made.ID || !again.UpdatedAt.Equal(made.UpdatedAt.Truncate(time.Millisecond)) || before != after {
			t.Errorf("again: %+v, journal %d then %d, %v", again, before, after, err)
		}
		in.Category = ptr("C")
		changed, err := api.PutContract(t.Context(), "12/26", in)
		if err != nil || changed.ID != made.ID || changed.Category != "C" {
			t.Errorf("changed: %+v, %v", changed, err)
		}
		history, err := api.CardHistory(t.Context(), client.SubjectRef{Kind: client.KindContract, ID: made.ID}, "")
		if err != nil || len(history.Items) != 2 || history.Items[0].Action != "synced" {
			t.Errorf("history: %+v, %v", history.Items, err)
		}
		c, err := api.PutClient(t.Context(), "crm-7", client.ClientInput{Name: ptr("Вера")})
		if err != nil || c.ExternalID != "crm-7" {
			t.Errorf("client: %+v, %v", c, err)
		}
	})
}

func TestSync_oneRefusedDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		var items []client.ClientInput
		for i := range 120 {
			items = append(items, client.ClientInput{ExternalID: ptr(fmt.Sprint("c", i)), Name: ptr("Клиент")})
		}
		items[60].Name = ptr("")
		items[61].ExternalID = nil
		got, err := api.SyncClients(t.Context(), items)
		if err != nil || len(got) != len(items) {
			t.Fatalf("%d results, %v", len(got), err)
		}
		for i, r := range got {
			want := client.SyncCreated
			if i == 60 || i == 61 {
				want = client.SyncRefused
			}
			if r.Outcome != want || (want == client.SyncRefused) != (len(r.Fields) > 0) {
				t.Errorf("item %d: %+v", i, r)
			}
		}
		if got, err = api.SyncClients(t.Context(), items); err != nil || got[0].Outcome != client.SyncUnchanged || got[60].Outcome != client.SyncRefused {
			t.Errorf("again: %+v, %v", got[:1], err)
		}
		if _, err := api.SyncContracts(t.Context(), make([]client.ContractInput, 1001)); !hasCode(err, "invalid") {
			t.Errorf("1001 items: %v", err)
		}
	})
}

func TestExport_readsBackAsItWas(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		s := openSchool(t, database, "")
		api := s.api("105")
		s.ring(1, "79145550148", "101", true)
		s.bringIn(api, s.upload(api, "contracts", generated(1200)), "skip", false)
		_, err := api.CreateContract(t.Context(), client.ContractInput{
			Number: ptr("=1+1"), Name: ptr("=HYPERLINK(\"http://evil\")"), Tags: &[]string{"VIP", "ночь"}, Status: ptr("finished"), SignedOn: ptr("2026-01-02"),
			PhoneList: &[]client.Phone{{Number: "+79145550148", Label: "жена"}, {Number: "+79145550149"}}, Note: ptr("две\nстроки"),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"csv", "xlsx"} {
			file, err := api.Export(t.Context(), "contracts", format, nil)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(file)
			file.Close()
			if err != nil {
				t.Fatal(err)
			}
			if format == "csv" && !bytes.Contains(raw, []byte("'=1+1;\"'=HYPERLINK(")) {
				t.Errorf("a formula went out alive: %.300s", raw)
			}
			im := s.upload(api, "contracts", string(raw))
			done := s.bringIn(api, im, "update", false)
			if done.Counts != (client.ImportCounts{Unchanged: 1201}) {
				t.Errorf("%s read back: %+v of %+v", format, done.Counts, im.Mapping)
			}
		}
		file, err := api.Export(t.Context(), "feed", "csv", url.Values{"type": {"call_in"}, "tz": {"Europe/Moscow"}})
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		raw, err := io.ReadAll(file)
		if lines := strings.Split(strings.TrimSpace(string(raw)), "\r\n"); err != nil || len(lines) != 2 || !strings.Contains(lines[1], "Входящий;+79145550148;") {
			t.Errorf("the feed: %s, %v", raw, err)
		}
		if _, err := api.Export(t.Context(), "feed", "pdf", nil); !hasCode(err, "invalid") {
			t.Errorf("pdf: %v", err)
		}
	})
}

// TestImport_filesGoAlsoWhenAnotherNodeForgotThem: the files lie on the node that took them in, but any
// node forgets the import.
func TestImport_filesGoAlsoWhenAnotherNodeForgotThem(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := openSchoolWith(t, server.Config{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}, "")
	api := s.api("105")
	gone, kept := s.upload(api, "clients", "ФИО;Телефон\nЛаптева Анна;89145550101\n"), s.upload(api, "clients", "ФИО;Телефон\nЖилин Пётр;89145550102\n")
	folder := func(id string) string { return filepath.Join(s.data, "imports", id) }
	row, err := s.parts.Store.Import(t.Context(), gone.ID)
	if err == nil {
		err = s.parts.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteImport(row) })
	}
	if err != nil {
		t.Fatal(err)
	}
	coming := folder("coming")
	if err := os.Mkdir(coming, 0o700); err != nil {
		t.Fatal(err)
	}
	tomorrow := time.Now().Add(25 * time.Hour)
	if err := os.Chtimes(coming, tomorrow, tomorrow); err != nil {
		t.Fatal(err)
	}
	ahead.Store(int64(26 * time.Hour))
	if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder(gone.ID)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the files that nobody knows: %v", err)
	}
	for _, dir := range []string{folder(kept.ID), coming} {
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
	}
}
