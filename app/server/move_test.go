package server_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
	"dozvon/client"
)

// views are what the people of a school see, by the question.
func (s *school) views(api *client.API, words []string) map[string]string {
	s.t.Helper()
	all := map[string]string{}
	tell := func(what string, value any, err error) {
		s.t.Helper()
		raw, merr := json.Marshal(value)
		if err != nil || merr != nil {
			s.t.Fatal(what, err, merr)
		}
		all[what] = string(raw)
	}
	feed := s.wholeFeed(api, client.FeedQuery{})
	tell("feed", feed, nil)
	for _, w := range words {
		var ids []string
		for _, e := range s.wholeFeed(api, client.FeedQuery{Q: w}) {
			ids = append(ids, e.ID)
		}
		tell("search for "+w, ids, nil)
	}
	missed, err := api.Missed(s.t.Context(), "", client.MissedWaiting)
	tell("callback list", missed, err)
	clients, err := api.Clients(s.t.Context(), "", "")
	tell("clients", clients, err)
	contracts, err := api.Contracts(s.t.Context(), "", "")
	tell("contracts", contracts, err)
	lines, err := api.Lines(s.t.Context())
	tell("lines", lines, err)
	people, err := api.Employees(s.t.Context())
	for i := range people {
		people[i].Presence, people[i].PresenceSince = "", nil
	}
	tell("employees", people, err)
	settings, err := api.Settings(s.t.Context())
	tell("settings", settings, err)
	return all
}

// TestMigrateTo_theSchoolIsTheSame: what a former version filled, moved to PostgreSQL, shows the same feed, search,
// cards and people; sessions and the key go on, and so do the numbers of the journal.
func TestMigrateTo_theSchoolIsTheSame(t *testing.T) {
	t.Parallel()
	file, data, to := filepath.Join(t.TempDir(), "dozvon.db"), t.TempDir(), pgtest.URL(t)
	from := "sqlite://" + file
	fillOld(t, goose.DialectSQLite3, "sqlite", "file:"+file, 12)
	clock := func() time.Time { return filledAt }
	var before map[string]string
	var words []string
	var token string
	var last int64
	t.Run("before", func(t *testing.T) {
		s := openSchoolWith(t, server.Config{Database: from, Now: clock}, "")
		if err := s.parts.Indexer.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		token = s.token("105")
		api := client.New(s.http.URL, token)
		for _, e := range s.wholeFeed(api, client.FeedQuery{}) {
			if len(words) < 8 && e.Phone != "" {
				words = append(words, e.Phone[len(e.Phone)-5:])
			}
			if len(words) < 16 && e.Subject != nil {
				words = append(words, strings.ToLower(strings.Fields(e.Subject.Name)[0]))
			}
		}
		before = s.views(api, words)
		key, err := os.ReadFile(filepath.Join(s.data, "seal.key"))
		if err == nil {
			err = os.WriteFile(filepath.Join(data, "seal.key"), key, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	seen := map[string]int64{}
	moved, err := server.MigrateTo(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: data, Database: from, Version: "test"}, to, nil)
	if err != nil || !moved.Whole {
		t.Fatalf("%+v, %v", moved, err)
	}
	for _, tab := range moved.Tables {
		seen[tab.Name] = tab.Rows
	}
	if seen["feed"] == 0 || seen["sessions"] == 0 || seen["integrations"] == 0 || seen["audit"] == 0 {
		t.Errorf("moved were %v", seen)
	}

	s := startSchool(t, server.Config{Data: data, Database: to, Kinds: []pbx.Kind{quickKind}, Now: clock})
	if err := s.parts.Indexer.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	api := client.New(s.http.URL, token)
	after := s.views(api, words)
	if len(words) < 10 || len(before) != len(after) {
		t.Fatalf("only %v were asked for", words)
	}
	for what, want := range before {
		if got := after[what]; got != want {
			t.Errorf("%s: %.400s\nwant %.400s", what, got, want)
		}
		if strings.HasPrefix(what, "search") && want == "null" {
			t.Errorf("%s found nothing", what)
		}
	}
	if last, err = s.parts.Store.LastSequence(t.Context()); err != nil || last < seen["journal"] {
		t.Fatalf("the journal is at %d of %d, %v", last, seen["journal"], err)
	}
	payload := fmt.Sprintf(`{"entry_id":"after","call_id":"c-after","timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"79000000777"},"to":{"extension":"101"}}`, filledAt.Unix())
	if status := s.deliver("events/call", payload); status != 200 {
		t.Fatalf("a webhook was answered %d", status)
	}
	rows, err := s.parts.Store.JournalAfter(t.Context(), last, 100)
	if err != nil || len(rows) == 0 || rows[0].Sequence != last+1 {
		t.Errorf("the journal goes on with %+v after %d, %v", rows, last, err)
	}
	page, err := s.parts.Store.Calls(t.Context(), store.Start, 1000)
	if err != nil || int64(len(page)) != seen["calls"]+1 {
		t.Errorf("%d calls, want %d and one more, %v", len(page), seen["calls"], err)
	}
}

func TestMigrateTo_refusals(t *testing.T) {
	t.Parallel()
	cfg := server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test"}
	for to, says := range map[string]string{"sqlite:///x.db": "needs an address like postgres://", "": "needs an address like postgres://", pgtest.URL(t): "there is no database yet"} {
		if _, err := server.MigrateTo(t.Context(), cfg, to, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	cfg.Database = pgtest.URL(t)
	if _, err := server.MigrateTo(t.Context(), cfg, pgtest.URL(t), nil); err == nil || !strings.Contains(err.Error(), "names PostgreSQL already") {
		t.Errorf("from PostgreSQL: %v", err)
	}
}
