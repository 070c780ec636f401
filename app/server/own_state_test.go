package server_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/store"
	"dozvon/client"
)

// TestPresence_isTrueAfterAWriteThatFailed: a stream that opened while nothing could be written is told of
// with the next sign of life, and its end leaves nobody online.
func TestPresence_isTrueAfterAWriteThatFailed(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	id := s.staff["101"].ID
	state := func() client.PresenceState {
		p, err := s.parts.Store.Presence(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	gone, err := s.parts.Presence.Connected(over, id)
	if err == nil || state() != client.PresenceOffline {
		t.Fatalf("a write whose request is over came to %v, 101 is %s", err, state())
	}
	s.chores()
	eventually(t, "101 to be told to be there", func() bool { return state() == client.PresenceFree })
	if err := gone(t.Context()); err != nil || state() != client.PresenceOffline {
		t.Errorf("101 has gone (%v) and is %s", err, state())
	}
	again, err := s.parts.Presence.Connected(t.Context(), id)
	if err != nil || state() != client.PresenceFree {
		t.Fatalf("101 is back (%v) and is %s", err, state())
	}
	if err := again(t.Context()); err != nil || state() != client.PresenceOffline {
		t.Errorf("101 has gone again (%v) and is %s", err, state())
	}
}

// TestPresence_staysWhenItsWriteIsTakenBack: an event whose transaction fails changes nothing.
func TestPresence_staysWhenItsWriteIsTakenBack(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	no := errors.New("no")
	s.leg(1, 1, "Appeared", "79000000501", "101")
	err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.SetBusy("other", map[string]client.PresenceState{s.staff["101"].ID: client.PresenceTalking}), no)
	})
	if !errors.Is(err, no) {
		t.Fatal(err)
	}
	s.leg(2, 1, "Appeared", "79000000502", "101")
	if p, err := s.parts.Store.Presence(t.Context(), s.staff["101"].ID); err != nil || p != client.PresenceRinging {
		t.Errorf("101 is %s, %v", p, err)
	}
}

// TestImports_thatCannotBeForgottenKeepTheirFiles: while another program holds the database, nothing of an
// import goes.
func TestImports_thatCannotBeForgottenKeepTheirFiles(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	im := s.upload(api, "clients", "Имя;Телефон\nПетров Иван;+79000000901\n")
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.Join(s.data, "dozvon.db")}).EscapedPath())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	holding, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holding.Close()
	if _, err := holding.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := s.parts.Imports.Drop(t.Context(), client.Employee{}, im.ID); err == nil {
		t.Fatal("an import was forgotten in a database that another program holds")
	}
	if _, err := holding.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.parts.Store.Import(t.Context(), im.ID); err != nil {
		t.Errorf("the import: %v", err)
	}
	if _, err := os.Stat(filepath.Join(s.data, "imports", im.ID, "upload")); err != nil {
		t.Errorf("its file: %v", err)
	}
}

// TestSettings_savedAtOnceLandInTheirOrder: of two who save at the same time, what the database has last is
// what the server goes by and what the screens were told last.
func TestSettings_savedAtOnceLandInTheirOrder(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 25 {
				_, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, s.pbx.ID, client.IntegrationInput{Name: ptr(fmt.Sprint("АТС ", i, n))})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	rows, err := s.parts.Store.JournalAfter(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var last client.Integration
	for _, r := range rows {
		if r.Type != "integration" {
			continue
		}
		var told client.Integration
		if err := json.Unmarshal(r.Data, &told); err != nil {
			t.Fatal(err)
		}
		if told.UpdatedAt.Before(last.UpdatedAt) {
			t.Errorf("%s of %s is told after %s of %s", told.Name, told.UpdatedAt, last.Name, last.UpdatedAt)
		}
		last = told
	}
	stored, err := s.parts.Store.Integrations(t.Context())
	if err != nil || stored[0].Name != last.Name {
		t.Errorf("stored is %s, told was last %s, %v", stored[0].Name, last.Name, err)
	}
}

// TestConnectivity_hangsUpBeforeTheServerCloses: a telephone that rings for a test does not ring on when the server
// ends, and nothing happens after its end.
func TestConnectivity_hangsUpBeforeTheServerCloses(t *testing.T) {
	t.Parallel()
	cfg := practice.Config{Timing: quickTiming()}
	cfg.Timing.Ring, cfg.Timing.NoAnswer = 10*patience, 10*patience
	s, pbx := withPBXOf(t, server.Config{}, cfg)
	if _, err := s.api("101").BellTest(t.Context(), s.pbx.ID); err == nil {
		t.Fatal("an operator may test the connection")
	}
	if _, err := s.api("105").BellTest(t.Context(), s.pbx.ID); err != nil {
		t.Fatal(err)
	}
	if n := telephonesRinging(pbx); n != 1 {
		t.Fatalf("%d telephones ring", n)
	}
	if err := s.parts.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the telephone to be silent", func() bool { return telephonesRinging(pbx) == 0 })
}

func telephonesRinging(pbx *practice.PBX) int {
	n := 0
	for _, c := range pbx.Calls() {
		for _, l := range c.Legs {
			if l.State == "Appeared" {
				n++
			}
		}
	}
	return n
}
