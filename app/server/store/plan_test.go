package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/search"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// explained runs every query and keeps what the database says it will do for it.
type explained struct {
	reader
	t        *testing.T
	postgres bool
	plans    []string
}

func (e *explained) query(query string, args ...any) (*sql.Rows, error) {
	e.explain(query, args)
	return e.reader.query(query, args...)
}

func (e *explained) row(query string, args ...any) *sql.Row {
	e.explain(query, args)
	return e.reader.row(query, args...)
}

func (e *explained) explain(query string, args []any) {
	e.t.Helper()
	how := "EXPLAIN QUERY PLAN "
	if e.postgres {
		how = "EXPLAIN "
	}
	rows, err := e.reader.query(how+query, args...)
	if err != nil {
		e.t.Fatalf("%s: %v", query, err)
	}
	lines, err := collect(rows, func(rows *sql.Rows) (line string, err error) {
		if e.postgres {
			return line, rows.Scan(&line)
		}
		var skip int
		return line, rows.Scan(&skip, &skip, &skip, &line)
	})
	if err != nil {
		e.t.Fatal(err)
	}
	e.plans = append(e.plans, query+"\n  "+strings.Join(lines, "\n  "))
}

// whole tells a plan that reads all of the feed: SQLite's table or an index from end to end, or
// PostgreSQL's table when it was told to avoid that wherever an index serves.
var whole = map[bool]*regexp.Regexp{
	false: regexp.MustCompile(`\n  SCAN (f|feed)\b`),
	true:  regexp.MustCompile(`Seq Scan on feed\b`),
}

func planned(t *testing.T, test func(t *testing.T, s *Store, postgres bool)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, planStore(t, "sqlite://"+filepath.Join(t.TempDir(), "plan.db")), false)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, planStore(t, pgtest.URL(t)+"&enable_seqscan=off"), true)
	})
}

// planStore has some entries of every kind, so that no plan ends before it has begun.
func planStore(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	err = s.Write(t.Context(), func(tx *Tx) error {
		for i := range 300 {
			e := planEntry(i)
			if err := tx.SaveEntry(e); err != nil {
				return err
			}
			if err := tx.Index([]textindex.Document{planDocument(e, "Входящий вызов Иванов")}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.dialect.postgres {
		if _, err := s.writeDB.Exec("ANALYZE"); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

const planNumber = "+79645550140"

func planEntry(i int) entry.Entry {
	e := entry.Entry{
		ID: fmt.Sprintf("e%04d", i), Type: entry.CallIn, At: time.UnixMilli(int64(i) * 1000), Phone: fmt.Sprintf("+7964555%04d", 100+i),
		Employee: &client.Person{ID: fmt.Sprint("p", i%40)}, Line: fmt.Sprint("+7495000000", i%3), Result: call.Answered,
	}
	if i%2 == 0 {
		e.Subject = &client.Subject{Kind: client.KindClient, ID: "c1"}
	}
	if i%3 == 0 {
		e.Type = entry.CallOut
	}
	return e
}

// filters are all ways to combine the feed's filters.
func filters() map[string]FeedFilter {
	type choice struct {
		name string
		set  func(*FeedFilter)
	}
	all := map[string]FeedFilter{"": {}}
	for _, choices := range [][]choice{
		{{"type", func(f *FeedFilter) { f.Types = []string{"call_in"} }}, {"types", func(f *FeedFilter) { f.Types = []string{"call_in", "call_out"} }}},
		{{"employee", func(f *FeedFilter) { f.Employee = "p1" }}},
		{{"line", func(f *FeedFilter) { f.Line = "+74950000001" }}},
		{{"result", func(f *FeedFilter) { f.Result = "answered" }}},
		{{"period", func(f *FeedFilter) { f.From, f.To = time.UnixMilli(10), time.UnixMilli(290_000) }}},
		{{"bound", func(f *FeedFilter) { f.Bound = new(true) }}, {"unbound", func(f *FeedFilter) { f.Bound = new(false) }}},
		{
			{"subject", func(f *FeedFilter) { f.Subject = client.SubjectRef{Kind: client.KindClient, ID: "c1"} }},
			{"subject with shared numbers", func(f *FeedFilter) {
				f.Subject, f.Shared = client.SubjectRef{Kind: client.KindClient, ID: "c1"}, []string{planNumber}
			}},
		},
		{{"phone", func(f *FeedFilter) { f.Phone = phone.Number(planNumber) }}},
	} {
		more := map[string]FeedFilter{}
		for name, f := range all {
			more[name] = f
			for _, c := range choices {
				next := f
				c.set(&next)
				more[strings.TrimSpace(name+" "+c.name)] = next
			}
		}
		all = more
	}
	return all
}

func TestFeed_noFilterReadsTheWholeFeed(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		all := filters()
		if len(all) < 500 {
			t.Fatalf("only %d combinations", len(all))
		}
		for name, f := range all {
			e := &explained{reader: s.reads(context.Background()), t: t, postgres: postgres}
			if _, err := s.dialect.feedPage(e, f, Cursor{At: 250_000, ID: "e0250"}, 20); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, plan := range e.plans {
				if whole[postgres].MatchString(plan) {
					t.Errorf("%s: reads the whole feed: %s", name, plan)
				}
				// Only places of facets are sorted, some for each; PostgreSQL sorts so few rows anyway.
				if !postgres && strings.Contains(plan, "USE TEMP B-TREE") && !strings.Contains(plan, "AS places") {
					t.Errorf("%s: sorts more than a page: %s", name, plan)
				}
				if strings.Contains(plan, "OFFSET") {
					t.Errorf("%s: pages by OFFSET: %s", name, plan)
				}
			}
		}
	})
}

func TestFeed_noSearchReadsTheWholeFeed(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		for _, typed := range []string{"иванов", "ив", "входящий вызов", "иваноы", "555", "0140", "79645550140", "964555", "иванов 8 (964) 555-01-40", "555-01 иванов", "входящий 6455"} {
			for name, f := range filters() {
				if f.filters() > 2 {
					continue
				}
				f.Query = search.Parse(typed)
				e := &explained{reader: s.reads(context.Background()), t: t, postgres: postgres}
				if _, _, err := s.feedSearch(e, f, Start, 20); err != nil {
					t.Fatalf("%s %s: %v", typed, name, err)
				}
				for _, plan := range e.plans {
					if whole[postgres].MatchString(plan) || strings.Contains(plan, "OFFSET") {
						t.Errorf("%q %s: %s", typed, name, plan)
					}
				}
			}
		}
	})
}

// Every filter gives what reading everything and picking gives, whichever way it is read.
func TestFeed_everyFilterGivesWhatPickingGives(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		for name, f := range filters() {
			var want []string
			for i := 299; i >= 0; i-- {
				if e := planEntry(i); fits(f, e) {
					want = append(want, e.ID)
				}
			}
			var got []string
			for c := &Start; c != nil; {
				page, next, err := s.Feed(t.Context(), f, *c, 23)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				for _, e := range page {
					got = append(got, e.ID)
				}
				c = next
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
	})
}

func fits(f FeedFilter, e entry.Entry) bool {
	one := func(wanted, has string) bool { return wanted == "" || wanted == has }
	ref := client.SubjectRef{}
	if e.Subject != nil {
		ref = client.SubjectRef{Kind: e.Subject.Kind, ID: e.Subject.ID}
	}
	if f.impossible() {
		return false
	}
	shared := strings.Contains(strings.Join(f.Shared, " "), e.Phone) && len(f.Shared) > 0
	switch {
	case len(f.Types) > 0 && !strings.Contains(strings.Join(f.Types, " "), string(e.Type)),
		!one(f.Employee, personID(e.Employee)), !one(f.Line, e.Line), !one(f.Result, string(e.Result)), !one(string(f.Phone), e.Phone),
		f.Subject.ID != "" && ref != f.Subject && !shared,
		!f.From.IsZero() && e.At.Before(f.From), !f.To.IsZero() && !e.At.Before(f.To),
		f.Bound != nil && *f.Bound != (e.Subject != nil):
		return false
	}
	return true
}

// matches keeps what the full-text tables were asked for.
type matches struct {
	reader
	expressions []string
}

func (m *matches) query(query string, args ...any) (*sql.Rows, error) {
	if strings.Contains(query, " MATCH ?") {
		m.expressions = append(m.expressions, fmt.Sprint(args[0]))
	}
	return m.reader.query(query, args...)
}

// TestFeed_asksForTheGroupsThatTellNumbersApart: all numbers of a region begin alike, and the lists of those
// groups were read from their beginning for each key in the dialler.
func TestFeed_asksForTheGroupsThatTellNumbersApart(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		for typed, common := range map[string][]string{
			"55501": {"555", "550"}, "964555039": {"964", "645", "455", "555", "550"}, "6455502 иванов": {"645", "455", "555", "550"}, "9645550": nil,
			"5550399": {"555", "550"}, "555777": nil,
		} {
			fragment, _, _ := strings.Cut(typed, " ")
			var want []string
			for i := 299; i >= 0 && len(want) < 20; i-- {
				if e := planEntry(i); strings.Contains(e.Phone, fragment) {
					want = append(want, e.ID)
				}
			}
			m := &matches{reader: s.reads(context.Background())}
			found, _, err := s.feedSearch(m, FeedFilter{Query: search.Parse(typed)}, Start, 20)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range found {
				got = append(got, e.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", typed, got, want)
			}
			for _, e := range m.expressions {
				for _, group := range common {
					if !postgres && (strings.Contains(e, `"`+group+`"`) || strings.Contains(e, `"xd`+group+`"`)) {
						t.Errorf("%q asks for %s", typed, e)
					}
				}
			}
			if len(m.expressions) == 0 && len(want) > 0 && !postgres {
				t.Errorf("%q asks for nothing", typed)
			}
		}
	})
}

// TestReactions_areReadByTheirKey: of a call, and of one that others turned out to be.
func TestReactions_areReadByTheirKey(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		at := time.UnixMilli(1_000_000)
		err := s.Write(t.Context(), func(tx *Tx) error {
			if _, err := tx.exec(`INSERT INTO merged_calls (id, call_id, integration_id, phone, asked_by, asked_at, request, at)
VALUES ('former', 'c1', 'i1', '', '', 0, '', 0)`); err != nil {
				return err
			}
			all := []Reaction{
				{CallID: "c1", Event: "own", Received: at, Stored: at},
				{CallID: "former", Event: "former's", Received: at, Stored: at},
				{CallID: "c1", Event: "twice", Received: at.Add(time.Second), Stored: at},
				{CallID: "former", Event: "twice", Received: at, Stored: at},
			}
			for i := range 300 {
				all = append(all, Reaction{CallID: fmt.Sprint("x", i), Event: "e", Received: at, Stored: at})
			}
			return tx.AddReactions(all)
		})
		if err != nil {
			t.Fatal(err)
		}
		e := &explained{reader: s.reads(context.Background()), t: t, postgres: postgres}
		got, err := reactionsOf(e, "c1")
		if err != nil || len(got) != 3 || got["twice"].CallID != "former" || got["own"].CallID != "c1" || got["former's"].CallID != "former" {
			t.Errorf("reactions are %+v, %v", got, err)
		}
		all := regexp.MustCompile(`SCAN (call_reactions|r)\b|Seq Scan on call_reactions|Scan[^\n]* on call_reactions[^\n]*\n\s+Filter`)
		for _, plan := range e.plans {
			if all.MatchString(plan) {
				t.Errorf("reads every reaction: %s", plan)
			}
		}
		if len(e.plans) == 0 {
			t.Error("asks nothing")
		}
	})
}

// TestTags_areCountedAmongTheCardsThatHaveSome, not among all.
func TestTags_areCountedAmongTheCardsThatHaveSome(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		e := &explained{reader: s.reads(context.Background()), t: t, postgres: postgres}
		for _, kind := range []client.SubjectKind{client.KindClient, client.KindContract} {
			if _, err := cardTags(e, kind); err != nil {
				t.Fatal(err)
			}
		}
		for _, plan := range e.plans {
			if !strings.Contains(plan, "_tagged") {
				t.Errorf("reads every card: %s", plan)
			}
		}
		if len(e.plans) != 2 {
			t.Errorf("asks %d times", len(e.plans))
		}
	})
}

// TestCardPage_findsAClientsContractsByTheirIndex: it read every contract for the card of one client.
func TestCardPage_findsAClientsContractsByTheirIndex(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		err := s.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.exec("INSERT INTO contracts (id, number, name, client_id, category, group_name, signed_on, note, phones, responsible_id, created_at, updated_at) " +
				"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 'k' || i, '1', '', 'c' || i, '', '', '', '', '[]', '', i, i FROM n")
			return err
		})
		if err == nil && postgres {
			_, err = s.writeDB.Exec("ANALYZE")
		}
		if err != nil {
			t.Fatal(err)
		}
		e := &explained{reader: s.reads(context.Background()), t: t, postgres: postgres}
		all, _, err := plainCards(e, client.KindContract, CardFilter{ClientID: "c7"}, Start, 50)
		if err != nil || len(all) != 1 || all[0].Ref().ID != "k7" {
			t.Fatal(all, err)
		}
		if plans := strings.Join(e.plans, "\n"); !strings.Contains(plans, "contracts_client") {
			t.Errorf("reads every contract: %s", plans)
		}
	})
}

// TestRunFate_findsAClientsContractsByTheirIndex: it read every contract for each client that a run had made, which took
// minutes where a file had 50,000 of each.
func TestRunFate_findsAClientsContractsByTheirIndex(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		const n = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
		err := s.Write(t.Context(), func(tx *Tx) error {
			for _, statement := range []string{
				"INSERT INTO clients (id, kind, name, email, note, phones, responsible_id, created_at, updated_at) " + n + "SELECT 'c' || i, 'client', 'x', '', '', '[]', '', i, i FROM n",
				"INSERT INTO contracts (id, number, name, client_id, category, group_name, signed_on, note, phones, responsible_id, created_at, updated_at) " + n +
					"SELECT 'k' || i, '1', '', 'c' || i, '', '', '', '', '[]', '', i, i FROM n",
				"INSERT INTO card_run_cards (run_id, seq, subject_kind, id, fresh, given, changes) " + n + "SELECT 'r1', i, 'client', 'c' || i, TRUE, 1, '[]' FROM n",
				"INSERT INTO card_run_cards (run_id, seq, subject_kind, id, fresh, given, changes) " + n + "SELECT 'r1', 2000 + i, 'contract', 'k' || i, TRUE, 1, '[]' FROM n",
			} {
				if _, err := tx.exec(statement); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil && postgres {
			_, err = s.writeDB.Exec("ANALYZE")
		}
		if err != nil {
			t.Fatal(err)
		}
		e := &explained{reader: s.reads(context.Background()), t: t, postgres: postgres}
		if fate, err := runFate(e, "r1"); err != nil || len(fate) != 2 || fate[0].Cards != 2000 {
			t.Fatal(fate, err)
		}
		if plans := strings.Join(e.plans, "\n"); !strings.Contains(plans, "contracts_client") {
			t.Errorf("reads every contract: %s", plans)
		}
	})
}
