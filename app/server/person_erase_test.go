package server_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/call"
	"dozvon/app/server/chores"
	"dozvon/app/server/person"
	"dozvon/app/server/store"
	"dozvon/client"
)

// herTexts are in what the person can be recognised, as it was typed and as the index has it.
var herTexts = []string{
	herName, herFormerName, "Кузнецова А. Т.", "Аграфен", "аграфен", "тихоновн", herNumber[1:], herOther[1:], "914 555-01-4", herNote, herFormerNote, "зябликов", "Ягодной", herSMS, "agrafena", "К-771", herRecording,
}

// wantNothingOfHer looks through all that the server keeps: the bytes of SQLite's files and of the data folder, and on
// PostgreSQL the rows of all tables.
func (s *school) wantNothingOfHer(when string, texts ...string) {
	s.t.Helper()
	look := func(where string, raw []byte) {
		for _, text := range texts {
			if at := bytes.Index(raw, []byte(text)); at >= 0 {
				s.t.Errorf("%s: %s tells %q: …%q…", when, where, text, raw[max(0, at-60):min(len(raw), at+60)])
			}
		}
	}
	err := filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		look(filepath.Base(path), raw)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if s.database == "" {
		return
	}
	for table, rows := range s.tables() {
		look(table, []byte(strings.Join(rows, "\n")))
	}
}

// tables are the rows of PostgreSQL's tables, as text.
func (s *school) tables() map[string][]string {
	s.t.Helper()
	db, err := sql.Open("pgx", s.database)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	texts := func(query string) (all []string) {
		rows, err := db.QueryContext(s.t.Context(), query)
		if err != nil {
			s.t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				s.t.Fatal(err)
			}
			all = append(all, text)
		}
		if err := rows.Err(); err != nil {
			s.t.Fatal(err)
		}
		return all
	}
	all := map[string][]string{}
	for _, table := range texts("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'") {
		all[table] = texts("SELECT CAST(row_to_json(t) AS TEXT) FROM " + table + " t")
	}
	return all
}

func (s *school) erase(who string) person.Erased {
	s.t.Helper()
	receipt, err := s.parts.Person.Erase(s.t.Context(), who, false)
	if err != nil {
		s.t.Fatal(err)
	}
	return receipt
}

// figures are the school's calls by type and result, as its reports count them, and how many entries tell of calls.
func (s *school) figures() string {
	s.t.Helper()
	report, err := s.api("105").CallReport(s.t.Context(), client.ReportQuery{From: time.Unix(1759900000, 0), To: time.Unix(1760100000, 0), Group: "day"})
	if err != nil {
		s.t.Fatal(err)
	}
	report.Total.CallBacks = nil // whether a missed call was called back is told by its number
	raw, err := json.Marshal(report.Total)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(raw)
}

func TestErase_leavesNothingOfThePersonButTheFigures(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		h := s.fillHer()
		figures := s.figures()
		try, err := s.parts.Person.Erase(t.Context(), "client:"+h.client.ID, true)
		if err != nil || !try.DryRun || try.Erased["calls"] != 3 || try.Erased["cards"] != 3 {
			t.Errorf("a trial: %+v, %v", try, err)
		}
		if _, err := s.api("101").Client(t.Context(), h.client.ID); err != nil {
			t.Errorf("the trial erased something: %v", err)
		}

		receipt := s.erase("client:" + h.client.ID)
		for kind, want := range map[string]int64{"cards": 3, "calls": 3, "notes": 2, "messages": 1, "versions": 1, "flags": 1, "tasks": 1, "waiting": 2, "requests": 11, "recordings": 1, "numbers": 2} {
			if got := receipt.Erased[kind]; got != want {
				t.Errorf("%d %s were erased, want %d", got, kind, want)
			}
		}
		if receipt.Remains != 0 || receipt.Erased["words"] == 0 {
			t.Errorf("the receipt is %+v", receipt)
		}
		raw, err := json.Marshal(receipt)
		if err != nil {
			t.Fatal(err)
		}
		s.wantNothingOfHer("after the erasure", herTexts...)
		for _, text := range herTexts {
			if strings.Contains(string(raw), text) {
				t.Errorf("the receipt tells %q", text)
			}
		}
		if got := s.figures(); got != figures {
			t.Errorf("the figures were %s and are %s", figures, got)
		}
		c, err := s.api("105").Call(t.Context(), h.call.ID)
		if err != nil || c.Phone != "" || c.Subject != nil || c.Recording != nil || c.Result != client.Answered || c.Employee == nil || !strings.Contains(c.Why, "152-ФЗ") {
			t.Errorf("the call is %+v, %v", c, err)
		}
		if _, err := s.api("105").Client(t.Context(), h.client.ID); err == nil {
			t.Error("the card is still there")
		}
		if all := s.entriesOf(otherNumber); len(all) != 1 || all[0].Subject == nil || all[0].Subject.Name != otherName {
			t.Errorf("somebody else has %+v", all)
		}
		page, err := s.api("105").Audit(t.Context(), client.AuditQuery{Actions: []string{access.ActionErase}})
		if err != nil || len(page.Items) != 1 || page.Items[0].Target != "client:"+h.client.ID || page.Items[0].Login != access.Console {
			t.Errorf("the audit has %+v, %v", page.Items, err)
		}
		again := s.erase("client:" + h.client.ID)
		if !again.Again || again.Erased["calls"] != 3 {
			t.Errorf("once more: %+v", again)
		}
	})
}

func TestErase_nothingThatComesLateBringsThePersonBack(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		h := s.fillHer()
		s.erase("client:" + h.client.ID)
		calls := len(s.calls())
		s.ring(1, herNumber, "101", true) // the PBX sends all of it again
		s.mustDeliver("events/recording", `{"recording_id":"late-rec","recording_state":"Completed","seq":2,"entry_id":"e1","call_id":"c1","extension":"101","timestamp":1760000130}`)
		began := time.Unix(1760000000, 0).UTC()
		integration := s.parts.Directory.Snapshot().Integration(s.pbx.ID)
		told := func(key string, at time.Time) {
			err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
				_, err := s.parts.Calls.ApplyEvents(tx, integration, []call.Event{{
					Kind: call.KindHistory, Key: key, At: at.Add(20 * time.Second), Began: at, Direction: call.In, From: call.Party{Number: "+" + herNumber}, To: call.Party{Extension: "101"},
				}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		told("e2", began)             // the PBX's list names a call by its key
		told("made up of row", began) // or by no key of ours
		if now := len(s.calls()); now != calls {
			t.Errorf("%d calls became %d", calls, now)
		}
		s.wantNothingOfHer("after late events", herTexts...)

		told("of today", time.Now().Add(time.Hour)) // she calls anew, and nobody knows her
		all := s.entriesOf(herNumber)
		if len(all) != 1 || all[0].Subject != nil {
			t.Errorf("a new call gives %+v", all)
		}
	})
}

func TestErase_goesOnWhereItWasKilled(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"requests", "some calls", "calls", "entries", "followups", "shared", "files", "texts", "index", "room"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			s := openSchool(t, "", "")
			h := s.fillHer()
			killed := errors.New("killed")
			s.parts.Person.Between = func(step string) error {
				if step == at {
					return killed
				}
				return nil
			}
			if _, err := s.parts.Person.Erase(t.Context(), "8 914 555-01-48", false); !errors.Is(err, killed) {
				t.Fatalf("it was not broken off: %v", err)
			}
			if _, err := s.api("101").Client(t.Context(), h.client.ID); err == nil {
				t.Error("the card is still there")
			}
			s.parts.Person.Between = nil
			receipt := s.erase("+" + herNumber)
			if receipt.Person != "client:"+h.client.ID || receipt.Erased["calls"] != 3 || receipt.Erased["notes"] != 2 || receipt.Erased["recordings"] != 1 || receipt.Again {
				t.Errorf("the receipt is %+v", receipt)
			}
			s.wantNothingOfHer("after the second run", herTexts...)
		})
	}
}

func TestErase_waitsUntilTheCallIsOver(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	s.leg(77, 1, "Appeared", herNumber, "101")
	_, err := s.parts.Person.Erase(t.Context(), "client:"+h.client.ID, false)
	if !errors.Is(err, person.ErrLive) {
		t.Fatalf("while a call goes on: %v", err)
	}
	if c, err := s.api("101").Client(t.Context(), h.client.ID); err != nil || c.Name != herName {
		t.Errorf("something was changed: %+v, %v", c, err)
	}
}

// TestErase_waitsUntilTheCallOfASharedNumberIsOver: the name stands on its screens as well.
func TestErase_waitsUntilTheCallOfASharedNumberIsOver(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("101")
	brother, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("Д-2"), Name: ptr("Елисей Лягушкин"), Phones: &[]string{"+" + herNumber}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("Д-1"), Name: ptr("Василиса Лягушкина"), Phones: &[]string{"+" + herNumber}}); err != nil {
		t.Fatal(err)
	}
	s.leg(77, 1, "Appeared", herNumber, "101")
	if _, err := s.parts.Person.Erase(t.Context(), "contract:"+brother.ID, false); !errors.Is(err, person.ErrLive) {
		t.Fatalf("while a call of the number goes on: %v", err)
	}
}

// TestErase_leavesWhatIsAnothersToo: a mother's number stands in the contracts of two children.
func TestErase_leavesWhatIsAnothersToo(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		sister, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("Д-1"), Name: ptr("Василиса Лягушкина"), Phones: &[]string{"+" + herNumber}})
		if err != nil {
			t.Fatal(err)
		}
		brother, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("Д-2"), Name: ptr("Елисей Лягушкин"), Phones: &[]string{"+" + herNumber, "+" + herOther}})
		if err != nil {
			t.Fatal(err)
		}
		s.ring(1, herNumber, "101", true) // shows under the newer contract
		s.ring(2, herNumber, "102", true)
		s.ring(3, herOther, "102", true)
		var byHand string
		for _, e := range s.entriesOf(herNumber) {
			byHand = e.CallID
		}
		if _, err := api.BindCall(t.Context(), byHand, client.SubjectRef{Kind: client.KindContract, ID: brother.ID}); err != nil {
			t.Fatal(err)
		}
		receipt := s.erase("contract:" + brother.ID)
		if receipt.SharedNumbers != 1 || receipt.Erased["calls"] != 2 || receipt.Erased["cards"] != 1 {
			t.Errorf("the receipt is %+v", receipt)
		}
		s.wantNothingOfHer("after the erasure", "Елисей", "елисей", herOther[1:])
		all := s.entriesOf(herNumber)
		if len(all) != 1 || all[0].Subject == nil || all[0].Subject.ID != sister.ID {
			t.Errorf("the sister has %+v", all)
		}
	})
}

func TestErase_tellsTheScreensAndForgetsInMemory(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	from, err := s.parts.Store.LastSequence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heard := s.follow("102", 0)
	s.erase("client:" + h.client.ID)
	eventually(t, "the screens to hear of it", func() bool {
		return slices.ContainsFunc(heard(), func(e client.StreamEvent) bool { return e.Type == "reset" })
	})
	gone := false
	for _, e := range heard() {
		if d, ok := e.Data.(*client.Deleted); ok && d.ID == h.client.ID {
			gone = d.Deleted && d.Erased
		}
		if e.Type == store.BlankedRow {
			t.Error("a row of the journal's own was sent")
		}
	}
	if !gone {
		t.Error("no screen hears that the card was erased")
	}
	// Who was away hears of what came before, and nothing of her.
	late := s.follow("103", from-5)
	eventually(t, "who was away to hear of it", func() bool {
		return slices.ContainsFunc(late(), func(e client.StreamEvent) bool { return e.Type == "reset" })
	})
	if raw, err := json.Marshal(late()); err != nil || strings.Contains(string(raw), "Аграфен") || strings.Contains(string(raw), herNumber[1:]) {
		t.Errorf("who was away hears %s, %v", raw, err)
	}
	// A namesake is found although the index forgot the name.
	if _, err := s.api("101").CreateClient(t.Context(), client.ClientInput{Name: ptr("Аграфена Вторая"), Phones: &[]string{}}); err != nil {
		t.Fatal(err)
	}
	if err := s.parts.Indexer.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	if page, err := s.api("101").Clients(t.Context(), "аграфена", ""); err != nil || len(page.Items) != 1 {
		t.Errorf("a namesake: %+v, %v", page.Items, err)
	}
}

func TestErase_ofANumberInNoCard(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	const number = "79000000123"
	s.ring(1, number, "101", true)
	s.ring(2, number, "101", false)
	s.ring(3, otherNumber, "101", false)
	receipt := s.erase(number)
	if receipt.Person != "number" || receipt.Erased["calls"] != 2 || receipt.Erased["waiting"] != 1 || receipt.Remains != 0 {
		t.Errorf("the receipt is %+v", receipt)
	}
	s.wantNothingOfHer("after the erasure", number[1:], "900 000-01-23")
	if len(s.entriesOf(otherNumber)) != 1 {
		t.Error("another number lost its call")
	}
}

func TestErase_takesFilesOfImportsAlong(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	api := s.api("105")
	hers, err := api.Upload(t.Context(), "clients", herName+".csv", strings.NewReader("ФИО;Телефон\nНекто Новый;89000000001\n"+herName+";8 (914) 555-01-48\n"))
	if err != nil {
		t.Fatal(err)
	}
	others := s.upload(api, "clients", "ФИО;Телефон\nНекто Другой;89000000002\n")
	receipt := s.erase("client:" + h.client.ID)
	if receipt.Erased["imports"] != 1 {
		t.Errorf("the receipt is %+v", receipt)
	}
	if _, err := api.Import(t.Context(), hers.ID); err == nil {
		t.Error("the file with her is still there")
	}
	if _, err := api.Import(t.Context(), others.ID); err != nil {
		t.Errorf("a file without her: %v", err)
	}
	s.wantNothingOfHer("after the erasure", herTexts...)
}

// TestErase_ofAShortContractNumberTakesNobodyElsesFile: its digits stand in telephones and dates of others.
func TestErase_ofAShortContractNumberTakesNobodyElsesFile(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	contract, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("1204"), Name: ptr("Яга"), Phones: &[]string{}})
	if err != nil {
		t.Fatal(err)
	}
	hers := s.upload(api, "contracts", "Номер;Клиент;Телефон\n1204;Некто;89000000001\n")
	others := s.upload(api, "clients", "ФИО;Телефон\nНекто Другой;89001204002\n")
	receipt := s.erase("contract:" + contract.ID)
	if receipt.Erased["imports"] != 1 || receipt.Remains != 0 {
		t.Errorf("the receipt is %+v", receipt)
	}
	if _, err := api.Import(t.Context(), hers.ID); err == nil {
		t.Error("the file with the contract is still there")
	}
	if _, err := api.Import(t.Context(), others.ID); err != nil {
		t.Errorf("a file in whose telephones the digits stand: %v", err)
	}
}

// TestErase_everyTableIsDecidedOn: whoever adds a table says what becomes of a person in it.
func TestErase_everyTableIsDecidedOn(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.data, "dozvon.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%!_fts%' ESCAPE '!'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if erasedTables[name] == "" {
			t.Errorf("nobody has decided what becomes of an erased person in table %s: erase it there, and say so here", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// erasedTables says of each table what an erasure does with it, or why nothing.
var erasedTables = map[string]string{
	"clients": "rows go", "contracts": "rows go", "phones": "rows go", "card_history": "rows go",
	"calls": "rows stay without whom they were with", "call_keys": "rows go", "merged_calls": "number and request go", "call_reactions": "rows go", "recording_flags": "rows go",
	"recording_searches": "rows go", "feed": "calls stay without the person, all else goes", "note_versions": "rows go", "tasks": "rows go", "missed": "rows go",
	"undo": "rows go", "commands": "rows go, of messages what they say", "journal": "content goes", "raw_events": "rows go",
	"parked_requests": "sealed, and gone within minutes", "imports": "rows go, with their files", "import_cards": "rows go", "import_phones": "rows go",
	"card_run_cards": "rows go", "card_run_phones": "rows go", "card_runs": "counts and who did it", "book": "the keeper takes the contact out and the row goes",
	"words": "words that nothing else has go", "numbers": "rows go", "stale": "ids that go with their rows", "record_changes": "ids and employees",
	"facets": "no person", "shared": "rules for numbers are sealed prints, synced anew", "audit": "who did what to which id", "employees": "staff", "sessions": "staff", "extensions": "staff",
	"busy": "live calls alone", "connections": "staff", "nodes": "no person", "leases": "no person", "counters": "no person", "school": "settings", "outages": "no person",
	"line_names": "the school's lines", "integrations": "no person", "subscriptions": "no person", "subscription_states": "no person", "signin_tries": "staff, as hashes",
	"erasures": "sealed until done, then counts", "erased_prints": "keyed fingerprints", "erased_files": "hashes", "goose_db_version": "no person",
}

// TestErase_otherNodesDeleteTheirRecordings: a node deletes what lies with it, also when it was down.
func TestErase_otherNodesDeleteTheirRecordings(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	s.erase("client:" + h.client.ID)
	for _, end := range []string{"", ".part", ".evicted"} { // as another node's folder has them
		if err := os.WriteFile(h.sound+end, []byte("her voice"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.parts.Recordings.Run(ctx)
	}()
	eventually(t, "the copies to be deleted", func() bool {
		left, err := filepath.Glob(h.sound + "*")
		return err == nil && len(left) == 0
	})
	cancel()
	<-done
}

// choreErrors hears how rounds end.
type choreErrors chan error

func (choreErrors) Begun(string) {}

func (c choreErrors) Done(_ string, err error) {
	select {
	case c <- err:
	default:
	}
}

// TestErase_aRecordingThatCannotBeDeletedIsTold: else nobody would know that it is still there.
func TestErase_aRecordingThatCannotBeDeletedIsTold(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	h := s.fillHer()
	s.erase("client:" + h.client.ID)
	if err := os.MkdirAll(filepath.Join(h.sound, "kept"), 0o700); err != nil { // which no deletion of a file takes
		t.Fatal(err)
	}
	ended := make(choreErrors, 1)
	ctx, cancel := context.WithCancel(chores.Watched(t.Context(), ended))
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.parts.Recordings.Run(ctx)
	}()
	if err := <-ended; err == nil {
		t.Error("the round looks as if it had ended well")
	}
	cancel()
	<-done
}
