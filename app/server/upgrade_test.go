package server_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// filledAt is when the fixtures of former versions were made.
var filledAt = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// filledVersions are the schemas that have a fixture, those of 0.1 to 0.6; every later migration meets
// them all.
var filledVersions = []int{1, 2, 3, 4, 5, 8, 12}

// TestUpgrade_ofEveryFormerVersionKeepsEverything opens databases that former versions filled.
// testdata/filled_N.sql is what the demo of the last commit with N migrations wrote, fewer of it.
func TestUpgrade_ofEveryFormerVersionKeepsEverything(t *testing.T) {
	t.Parallel()
	for _, version := range filledVersions {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			t.Parallel()
			t.Run("sqlite", func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "old.db")
				upgraded(t, goose.DialectSQLite3, "sqlite", "file:"+file, "sqlite://"+file, version)
			})
			t.Run("postgres", func(t *testing.T) {
				t.Parallel()
				url := pgtest.URL(t)
				upgraded(t, goose.DialectPostgres, "pgx", url, url, version)
			})
		})
	}
}

func upgraded(t *testing.T, dialect goose.Dialect, driver, place, url string, version int) {
	calls, loose := fillOld(t, dialect, driver, place, version)
	s := openSchoolWith(t, server.Config{Database: url, Now: func() time.Time { return filledAt }}, "")
	if err := s.parts.Indexer.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	api := s.api("105")

	feed := s.wholeFeed(api, client.FeedQuery{})
	if len(feed) != len(calls)+loose {
		t.Fatalf("%d entries, want %d calls and %d others", len(feed), len(calls), loose)
	}
	lines, missed := map[string]int{}, map[string]bool{}
	for _, e := range feed {
		was, isCall := calls[e.ID]
		if !isCall {
			continue
		}
		if e.Phone != was.phone || string(e.Type) != was.kind || (e.Subject != nil) != (was.subject != "") || (e.Subject != nil && (e.Subject.ID != was.subject || e.Subject.Name == "")) {
			t.Errorf("%s was %+v and is %s %s of %+v", e.ID, was, e.Type, e.Phone, e.Subject)
		}
		if version >= 4 && e.SourceName != "Виртуальная АТС от Mango Office" {
			t.Errorf("%s came from %q", e.ID, e.SourceName)
		}
		lines[e.Line]++
		missed[e.Phone] = missed[e.Phone] || e.Type == client.EntryCallMissed
		s.wantFound(api, e)
	}
	s.wantPicked(api, feed)
	if list, err := api.Lines(t.Context()); err != nil || !slices.ContainsFunc(list, func(l client.Line) bool { return lines[l.Number] == len(calls) }) {
		t.Errorf("lines are %+v of %v, %v", list, lines, err)
	}
	waiting, err := api.Missed(t.Context(), "", client.MissedWaiting)
	if err != nil || len(waiting.Items) == 0 {
		t.Fatalf("nobody waits in the queue: %v", err)
	}
	for _, m := range waiting.Items {
		if !missed[m.Phone] {
			t.Errorf("%s waits in the queue and was never missed", m.Phone)
		}
	}
	s.wantBoundLater(api, feed)
}

// schemaOf makes a database with the schema of a former version; the caller closes it.
func schemaOf(t *testing.T, dialect goose.Dialect, driver, place string, version int64) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, place)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(dialect, db, os.DirFS("store/migrations"))
	if err == nil {
		_, err = provider.UpTo(t.Context(), version)
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// oldCall is a call's entry as it stood in the former version.
type oldCall struct{ kind, phone, subject string }

// fillOld makes the schema of a former version and puts its rows into it.
func fillOld(t *testing.T, dialect goose.Dialect, driver, place string, version int) (calls map[string]oldCall, loose int) {
	t.Helper()
	db := schemaOf(t, dialect, driver, place, int64(version))
	defer db.Close()
	rows, err := os.ReadFile(fmt.Sprintf("testdata/filled_%d.sql", version))
	if err != nil {
		t.Fatal(err)
	}
	if driver == "pgx" {
		// The rows come out of SQLite, whose truths are 0 and 1.
		if _, err := db.Exec("UPDATE pg_cast SET castcontext = 'a' WHERE castsource = 'int4'::regtype AND casttarget = 'bool'::regtype"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(string(rows)); err != nil {
		t.Fatal(err)
	}
	found, err := db.Query("SELECT id, type, phone, subject_id FROM feed")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	calls = map[string]oldCall{}
	for found.Next() {
		var id string
		var c oldCall
		if err := found.Scan(&id, &c.kind, &c.phone, &c.subject); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(c.kind, "call_") {
			calls[id] = c
		} else {
			loose++
		}
	}
	if err := found.Err(); err != nil || len(calls) < 10 || loose < 10 {
		t.Fatalf("the fixture has %d calls and %d others, %v", len(calls), loose, err)
	}
	return calls, loose
}

func (s *school) wholeFeed(api *client.API, q client.FeedQuery) []client.FeedEntry {
	s.t.Helper()
	var all []client.FeedEntry
	for {
		page, err := api.Feed(s.t.Context(), q)
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, page.Items...)
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return all
		}
	}
}

// wantFound finds an entry by its number's end and by whose it is.
func (s *school) wantFound(api *client.API, e client.FeedEntry) {
	s.t.Helper()
	typed := []string{e.Phone[len(e.Phone)-5:]}
	if e.Subject != nil {
		typed = append(typed, strings.ToLower(strings.Fields(e.Subject.Name)[0]))
	}
	for _, q := range typed {
		if !slices.ContainsFunc(s.wholeFeed(api, client.FeedQuery{Q: q}), func(f client.FeedEntry) bool { return f.ID == e.ID }) {
			s.t.Errorf("%q does not find %s of %s", q, e.ID, e.Phone)
		}
	}
}

// wantPicked holds filters, one and two at once, against picking from the whole feed.
func (s *school) wantPicked(api *client.API, feed []client.FeedEntry) {
	s.t.Helper()
	employee := ""
	for _, e := range feed {
		if e.Employee != nil && e.Type == client.EntryCallOut {
			employee = e.Employee.ID
		}
	}
	by := func(e client.FeedEntry) bool { return e.Employee != nil && e.Employee.ID == employee }
	for _, tt := range []struct {
		name string
		q    client.FeedQuery
		fits func(client.FeedEntry) bool
	}{
		{"employee", client.FeedQuery{Employee: employee}, by},
		{"unbound", client.FeedQuery{Bound: "false"}, func(e client.FeedEntry) bool { return e.Subject == nil }},
		{"type and employee", client.FeedQuery{Type: string(client.EntryCallOut), Employee: employee}, func(e client.FeedEntry) bool { return by(e) && e.Type == client.EntryCallOut }},
		{"result and employee", client.FeedQuery{Result: string(client.Answered), Employee: employee}, func(e client.FeedEntry) bool { return by(e) && e.Result == client.Answered }},
	} {
		var want, got []string
		for _, e := range feed {
			if tt.fits(e) {
				want = append(want, e.ID)
			}
		}
		for _, e := range s.wholeFeed(api, tt.q) {
			got = append(got, e.ID)
		}
		if !slices.Equal(got, want) || len(want) == 0 {
			s.t.Errorf("%s: got %v, want %v", tt.name, got, want)
		}
	}
}

// wantBoundLater gives a stranger of the former version a card: their calls become its own.
func (s *school) wantBoundLater(api *client.API, feed []client.FeedEntry) {
	s.t.Helper()
	for _, e := range feed {
		if e.Subject != nil || e.Phone == "" {
			continue
		}
		c, err := api.CreateClient(s.t.Context(), client.ClientInput{Name: ptr("Найденный"), Phones: &[]string{e.Phone}})
		if err != nil {
			s.t.Fatal(err)
		}
		bound := s.wholeFeed(api, client.FeedQuery{Subject: "client:" + c.ID})
		if !slices.ContainsFunc(bound, func(f client.FeedEntry) bool { return f.ID == e.ID }) {
			s.t.Errorf("the call of %s did not become its card's: %+v", e.Phone, bound)
		}
		return
	}
	s.t.Error("the fixture has no stranger")
}

// TestUpgrade_takesCardsWithTheLongestTags: as many as a card may have, as long as they may be; a database's
// index may refuse such rows.
func TestUpgrade_takesCardsWithTheLongestTags(t *testing.T) {
	t.Parallel()
	fill := func(t *testing.T, dialect goose.Dialect, driver, place string) {
		db := schemaOf(t, dialect, driver, place, 16)
		defer db.Close()
		tags, err := json.Marshal(longestTags(30))
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{
			"INSERT INTO clients (id, kind, name, email, note, phones, responsible_id, created_at, updated_at, tags) VALUES ('c1', 'client', 'Гусева Анна', '', '', '[]', '', 1, 1, $1)",
			"INSERT INTO contracts (id, number, name, client_id, category, group_name, signed_on, note, phones, responsible_id, created_at, updated_at, tags) VALUES ('k1', '1', '', 'c1', '', '', '', '', '[]', '', 1, 1, $1)",
		} {
			if _, err := db.Exec(statement, string(tags)); err != nil {
				t.Fatal(err)
			}
		}
	}
	kept := func(t *testing.T, s *school) {
		t.Helper()
		for _, kind := range []client.SubjectKind{client.KindClient, client.KindContract} {
			if tags, err := s.api("105").CardTags(t.Context(), kind); err != nil || len(tags) != 30 {
				t.Errorf("%d tags of %s, %v", len(tags), kind, err)
			}
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "old.db")
		fill(t, goose.DialectSQLite3, "sqlite", "file:"+file)
		kept(t, openSchoolWith(t, server.Config{Database: "sqlite://" + file}, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		fill(t, goose.DialectPostgres, "pgx", url)
		kept(t, openSchoolWith(t, server.Config{Database: url}, ""))
	})
}

// longestTags are n tags of 60 signs each, which no database can press together.
func longestTags(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]string, n)
	for i := range all {
		for range 60 { // ideographs, of three bytes each
			all[i] += string(rune(0x4e00 + r.IntN(0x5000)))
		}
	}
	return all
}
