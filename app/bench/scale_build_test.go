//go:build linux

package bench

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/search"
	"dozvon/app/server/store/form"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

// sink takes the made-up school in bulk.
type sink interface {
	// rows writes rows of a table; the columns are those of the head of tables.
	rows(table string, columns []string, next func() ([]any, bool)) error
	// texts writes what stands in the full-text index: rowid or id, and the words.
	texts(kind string, next func() (document, bool)) error
	// numbers writes what fragments of numbers are looked for in.
	numbers(next func() (string, bool)) error
	finish() error
}

type document struct {
	ord   int64
	id    string
	terms []string
}

var (
	entryColumns = []string{
		"id", "type", "at", "phone", "subject_kind", "subject_id", "by_hand", "employee_id", "call_id", "line", "result",
		"facet", "wait_seconds", "talk_seconds", "ord", "view",
	}
	clientColumns = []string{
		"id", "kind", "name", "email", "note", "phones", "tags", "status", "responsible_id", "created_at", "updated_at", "version", "ord",
	}
	contractColumns = []string{
		"id", "number", "name", "client_id", "category", "group_name", "signed_on", "note", "phones", "tags", "status", "responsible_id",
		"created_at", "updated_at", "version", "ord",
	}
)

// stamp names the data of a size under the schema of today: a new migration, or another index of words, makes it
// anew.
func (s scale) stamp(t *testing.T) string {
	t.Helper()
	h := sha256.New()
	for _, made := range []string{"migrations/*.sql", "textindex/*.go"} {
		files, err := filepath.Glob("../server/store/" + made)
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s found: %v", made, err)
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			h.Write(raw)
		}
	}
	fmt.Fprint(h, scaleVersion)
	return fmt.Sprintf("%d-%d-%x", s.entries, s.cards, h.Sum(nil)[:6])
}

// pour fills a sink, first the cards, then the entries, then the index of words.
func (s scale) pour(t *testing.T, into sink) error {
	t.Helper()
	began := time.Now()
	step := func(what string, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		t.Logf("%s: %s", what, time.Since(began).Round(time.Second))
		return nil
	}
	words := textindex.Vocabulary{}
	if err := step("clients", into.rows("clients", clientColumns, s.cardRows(client.KindClient))); err != nil {
		return err
	}
	if err := step("contracts", into.rows("contracts", contractColumns, s.cardRows(client.KindContract))); err != nil {
		return err
	}
	if err := step("phones", into.rows("phones", []string{"number", "kind", "subject_id"}, s.phoneRows())); err != nil {
		return err
	}
	if err := step("employees", into.rows("employees", []string{"id", "name", "role", "created_at"}, staffRows())); err != nil {
		return err
	}
	facets := facetIDs{}
	if err := step("entries", into.rows("feed", entryColumns, s.entryRows(facets))); err != nil {
		return err
	}
	if err := step("facets", into.rows("facets", []string{"id", "type", "employee_id", "line", "result"}, facets.rows())); err != nil {
		return err
	}
	if err := step("texts of entries", into.texts("feed", s.entryTexts(words))); err != nil {
		return err
	}
	for _, kind := range []client.SubjectKind{client.KindClient, client.KindContract} {
		if err := step("texts of cards", into.texts(string(kind), s.cardTexts(kind, words))); err != nil {
			return err
		}
	}
	if err := step("numbers", into.numbers(s.everyNumber())); err != nil {
		return err
	}
	if err := step("words", into.rows("words", []string{"word", "n", "kinds"}, wordRows(words))); err != nil {
		return err
	}
	return step("finish", into.finish())
}

// pulled turns a counted thing into what a sink asks for.
func pulled[T any](count int, get func(int) (T, bool)) func() (T, bool) {
	n := 0
	return func() (T, bool) {
		for n < count {
			n++
			if v, ok := get(n - 1); ok {
				return v, true
			}
		}
		var none T
		return none, false
	}
}

func (s scale) cardRows(kind client.SubjectKind) func() ([]any, bool) {
	return pulled(s.cards, func(n int) ([]any, bool) {
		if s.cardRef(n).Kind != kind {
			return nil, false
		}
		c := s.card(n)
		phones, _ := form.Phones(c.PhoneList) // numbers always have a JSON form
		at := c.CreatedAt.UnixMilli()
		ord := ordOf(c.ID, c.CreatedAt)
		if kind == client.KindClient {
			return []any{c.ID, c.ClientKind, c.Name, "", "", phones, "[]", c.Status, "", at, at, 1, ord}, true
		}
		return []any{
			c.ID, c.Number, c.Name, "", c.Category, c.Group, "", "", phones, "[]",
			c.Status, "", at, at, 1, ord,
		}, true
	})
}

func (s scale) phoneRows() func() ([]any, bool) {
	return pulled(s.cards, func(n int) ([]any, bool) {
		ref := s.cardRef(n)
		return []any{cardPhone(n), string(ref.Kind), ref.ID}, true
	})
}

func staffRows() func() ([]any, bool) {
	return pulled(scaleStaff, func(n int) ([]any, bool) {
		p := scaleEmployee(n)
		return []any{p.ID, p.Name, string(client.RoleOperator), scaleBegan.UnixMilli()}, true
	})
}

// facetIDs numbers the facets as they come.
type facetIDs map[[4]string]int

func (f facetIDs) of(kind, employee, line, result string) int {
	key := [4]string{kind, employee, line, result}
	if f[key] == 0 {
		f[key] = len(f) + 1
	}
	return f[key]
}

func (f facetIDs) rows() func() ([]any, bool) {
	var all [][]any
	for key, id := range f {
		all = append(all, []any{id, key[0], key[1], key[2], key[3]})
	}
	return pulled(len(all), func(n int) ([]any, bool) { return all[n], true })
}

func (s scale) entryRows(facets facetIDs) func() ([]any, bool) {
	next := s.each()
	return func() ([]any, bool) {
		e, ok := next()
		if !ok {
			return nil, false
		}
		wait, talk, employee := -1, 0, ""
		if e.AnswerSeconds != nil {
			wait = *e.AnswerSeconds
		}
		if e.WaitSeconds != nil {
			wait = *e.WaitSeconds
		}
		if e.TalkSeconds != nil {
			talk = *e.TalkSeconds
		}
		if e.Employee != nil {
			employee = e.Employee.ID
		}
		var call any
		if e.CallID != "" {
			call = e.CallID
		}
		return []any{
			e.ID, string(e.Type), e.At.UnixMilli(), e.Phone, string(e.ref.Kind), e.ref.ID, false, employee, call, e.Line, string(e.Result),
			facets.of(string(e.Type), employee, e.Line, string(e.Result)), wait, talk, e.ord, e.view(),
		}, true
	}
}

// each makes rows ahead, on another core than the database's.
func (s scale) each() func() (scaleRow, bool) {
	const ahead = 2000
	batches := make(chan []scaleRow, 4)
	go func() {
		defer close(batches)
		for batch := range chunks(s, ahead) {
			batches <- batch
		}
	}()
	var batch []scaleRow
	return func() (scaleRow, bool) {
		if len(batch) == 0 {
			var ok bool
			if batch, ok = <-batches; !ok {
				return scaleRow{}, false
			}
		}
		row := batch[0]
		batch = batch[1:]
		return row, true
	}
}

func chunks(s scale, size int) func(func([]scaleRow) bool) {
	return func(yield func([]scaleRow) bool) {
		batch := make([]scaleRow, 0, size)
		for row := range s.rows() {
			if batch = append(batch, row); len(batch) < size {
				continue
			}
			if !yield(batch) {
				return
			}
			batch = make([]scaleRow, 0, size)
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

func (s scale) entryTexts(words textindex.Vocabulary) func() (document, bool) {
	next := s.each()
	return func() (document, bool) {
		e, ok := next()
		if !ok {
			return document{}, false
		}
		d := e.document()
		words.Count(d)
		return document{e.ord, e.ID, d.Terms()}, true
	}
}

func (s scale) cardTexts(kind client.SubjectKind, words textindex.Vocabulary) func() (document, bool) {
	return pulled(s.cards, func(n int) (document, bool) {
		if s.cardRef(n).Kind != kind {
			return document{}, false
		}
		c := s.card(n)
		d := textindex.Document{Kind: string(kind), Words: append(search.Words(c.Text()), search.NumberWords(cardPhone(n))...), Numbers: []string{cardPhone(n)}}
		words.Count(d)
		return document{ordOf(c.ID, c.CreatedAt), c.Ref().ID, d.Terms()}, true
	})
}

func (s scale) everyNumber() func() (string, bool) {
	return pulled(s.cards+s.strangers(), func(n int) (string, bool) {
		if n < s.cards {
			return cardPhone(n), true
		}
		return s.stranger(n - s.cards), true
	})
}

func wordRows(words textindex.Vocabulary) func() ([]any, bool) {
	sorted := slices.Sorted(maps.Keys(words))
	return pulled(len(sorted), func(n int) ([]any, bool) { return []any{sorted[n], words[sorted[n]].Times, words[sorted[n]].In}, true })
}

// scaleDir is where the data of a stamp lie; those of other stamps of the same database go. The
// returned function notes that they are whole.
func scaleDir(t *testing.T, database, stamp string) (dir string, built bool, done func()) {
	t.Helper()
	root, err := filepath.Abs(scaleRoot())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(root, database+"-"+stamp)
	mark := filepath.Join(dir, "built")
	if _, err := os.Stat(mark); err == nil {
		return dir, true, func() {}
	}
	size := database + "-" + strings.Join(strings.Split(stamp, "-")[:2], "-") + "-*"
	old, err := filepath.Glob(filepath.Join(root, size))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range old {
		if err := os.RemoveAll(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, false, func() {
		if err := os.WriteFile(mark, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// scaleRoot is where the large databases are kept, and what their server keeps beside them: they are sealed by
// its key.
func scaleRoot() string {
	if *benchScale != "" {
		return *benchScale
	}
	return filepath.Join(filepath.Dir(*benchOut), "scale")
}
