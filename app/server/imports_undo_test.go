package server_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/store"
	"dozvon/client"
)

// undone takes a run back to its end, and returns the receipt.
func (s *school) undone(api *client.API, id string) client.RunReceipt {
	s.t.Helper()
	if _, err := api.UndoRun(s.t.Context(), id); err != nil {
		s.t.Fatal(err)
	}
	if err := s.parts.Imports.RunWaiting(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	receipt, err := api.RunReceipt(s.t.Context(), id)
	if err != nil || receipt.Run.State != client.RunUndone {
		s.t.Fatalf("after the end: %+v, %v", receipt, err)
	}
	return receipt
}

// figures are a receipt's in one line: what goes, what is as before, what stays and why.
func figures(r client.RunReceipt) string {
	all := fmt.Sprintf("removed %d, restored %d, kept %d", r.Removed, r.Restored, r.Kept)
	for _, k := range r.Stays {
		all += "; " + k.Name + ": " + k.Why
	}
	return all
}

// runs are all runs as "source added/changed state", the last one first.
func (s *school) runs(api *client.API) (ids []string, words string) {
	s.t.Helper()
	page, err := api.CardRuns(s.t.Context(), "")
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, r := range page.Items {
		ids = append(ids, r.ID)
		all = append(all, fmt.Sprintf("%s %d/%d %s", r.Source, r.Added, r.Changed, r.State))
	}
	return ids, strings.Join(all, "\n")
}

func (s *school) contract(number string) client.Contract {
	s.t.Helper()
	page, err := s.api("105").Contracts(s.t.Context(), "", "")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range page.Items {
		if c.Number == number {
			return c
		}
	}
	s.t.Fatalf("there is no contract %s", number)
	return client.Contract{}
}

const (
	wrongFile  = "Номер;ФИО;Телефон;Категория\n1;Иванов Пётр;89145550141;C\n2;Петров;89145550142;A\n3;Орлов;89145550143;\n"
	asItWas    = "1 Иван +79145550149 B"
	asWasRead  = "1 Иванов Пётр +79145550149,+79145550141 C\n2 Петров +79145550142 A\n3 Орлов +79145550143"
	firstMobil = "89145550149"
)

// wronglyRead is a school with one contract, into which the wrong file was read.
func wronglyRead(t *testing.T, cfg server.Config) (*school, client.Import) {
	t.Helper()
	s := openSchoolWith(t, cfg, "")
	api := s.api("105")
	if _, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("1"), Name: ptr("Иван"), Category: ptr("B"), Phones: &[]string{firstMobil}}); err != nil {
		t.Fatal(err)
	}
	s.ring(1, "79145550142", "101", true)
	s.ring(2, "79145550141", "101", false)
	s.ring(3, "79145550149", "101", false)
	im := s.bringIn(api, s.upload(api, "contracts", wrongFile), "update", false)
	if got := s.contracts(api); got != asWasRead {
		t.Fatalf("read as\n%s", got)
	}
	return s, im
}

// whose is to whom the calls of a number belong.
func (s *school) whose(number string) string {
	s.t.Helper()
	page, err := s.api("101").Feed(s.t.Context(), client.FeedQuery{Phone: number})
	if err != nil || len(page.Items) == 0 {
		s.t.Fatalf("calls of %s: %v, %v", number, page.Items, err)
	}
	if page.Items[0].Subject == nil {
		return ""
	}
	return page.Items[0].Subject.Name
}

func TestImportUndo_takesAFileBackAsAWhole(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, im := wronglyRead(t, server.Config{Database: url})
		api := s.api("105")
		if s.whose("79145550142") != "Петров" || s.whose("79145550141") != "Иванов Пётр" {
			t.Fatal("the import has bound no calls")
		}
		would, err := api.RunReceipt(t.Context(), im.ID)
		if err != nil || figures(would) != "removed 2, restored 1, kept 0" || would.Run.State != client.RunIn {
			t.Errorf("before: %+v, %v", would, err)
		}
		s.bringIn(api, s.upload(api, "contracts", wrongFile), "update", false) // says nothing new
		if _, words := s.runs(api); words != "file 2/1 in" {
			t.Errorf("the runs are %s", words)
		}
		fresh := s.contract("2")
		done := s.undone(api, im.ID)
		if figures(done) != figures(would) || done.Run.UndoneBy == nil || done.Run.UndoneBy.ID != s.staff["105"].ID {
			t.Errorf("after: %+v", done)
		}
		if got := s.contracts(api); got != asItWas {
			t.Errorf("the contracts are\n%s", got)
		}
		if a, b, c := s.whose("79145550142"), s.whose("79145550141"), s.whose("79145550149"); a != "" || b != "" || c != "Иван" {
			t.Errorf("the calls belong to %q, %q, %q", a, b, c)
		}
		if err := s.parts.Indexer.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		for words, want := range map[string]int{"петров": 0, "иванов": 0, "иван": 1} {
			if found, err := api.Contracts(t.Context(), words, ""); err != nil || len(found.Items) != want {
				t.Errorf("%q finds %+v, %v", words, found.Items, err)
			}
		}
		history, err := api.CardHistory(t.Context(), client.SubjectRef{Kind: client.KindContract, ID: s.contract("1").ID}, "")
		if err != nil || len(history.Items) != 3 || history.Items[0].Action != "undone" || history.Items[0].By == nil || len(history.Items[0].Fields) != 3 {
			t.Errorf("the history is %+v, %v", history.Items, err)
		}
		if _, words := s.runs(api); words != "file 2/1 undone" {
			t.Errorf("the runs are %s", words)
		}
		if err := api.RestoreCard(t.Context(), client.SubjectRef{Kind: client.KindContract, ID: fresh.ID}); err != nil || s.whose("79145550142") != "Петров" {
			t.Errorf("one of them restored by hand: %v, its call is %q's", err, s.whose("79145550142"))
		}
		again := s.undone(api, im.ID)
		if figures(again) != figures(done) || s.contracts(api) != asItWas+"\n2 Петров +79145550142 A" {
			t.Errorf("asked again: %s\n%s", figures(again), s.contracts(api))
		}
		audit, err := api.Audit(t.Context(), client.AuditQuery{Actions: []string{"import_undo"}})
		if err != nil || len(audit.Items) != 1 || audit.Items[0].Target != "import:"+im.ID || audit.Items[0].Detail["removed"] != "2" {
			t.Errorf("the audit tells %+v, %v", audit.Items, err)
		}
	})
}

// TestImportUndo_losesNothingThatAPersonDid: what somebody has touched since stays whole, and is told.
func TestImportUndo_losesNothingThatAPersonDid(t *testing.T) {
	t.Parallel()
	ref := func(c client.Contract) client.SubjectRef {
		return client.SubjectRef{Kind: client.KindContract, ID: c.ID}
	}
	const others = "\n2 Петров +79145550142 A"
	tests := []struct {
		name string
		deed func(s *school, api *client.API) error
		want string // the contracts
		told string
	}{
		{"changed what the file made", func(s *school, api *client.API) error {
			_, err := api.UpdateContract(s.t.Context(), s.contract("2").ID, client.ContractInput{Note: ptr("оплатил")})
			return err
		}, asItWas + others, "removed 1, restored 1, kept 1; Петров: changed"},
		{"changed what the file had changed", func(s *school, api *client.API) error {
			_, err := api.UpdateContract(s.t.Context(), s.contract("1").ID, client.ContractInput{Category: ptr("D")})
			return err
		}, "1 Иванов Пётр +79145550149,+79145550141 D", "removed 2, restored 0, kept 1; Иванов Пётр: changed"},
		{"deleted what the file had changed", func(s *school, api *client.API) error {
			return api.DeleteCard(s.t.Context(), ref(s.contract("1")))
		}, "", "removed 2, restored 0, kept 1; Иванов Пётр: deleted"},
		{"wrote a note", func(s *school, api *client.API) error {
			_, err := api.AddNote(s.t.Context(), client.NewNote{Subject: ref(s.contract("2")), Text: "Придёт завтра"})
			return err
		}, asItWas + others, "removed 1, restored 1, kept 1; Петров: note"},
		{"bound a call of another number", func(s *school, api *client.API) error {
			s.ring(4, "79145550177", "101", true)
			page, err := api.Feed(s.t.Context(), client.FeedQuery{Phone: "79145550177"})
			if err == nil {
				_, err = api.BindCall(s.t.Context(), page.Items[0].CallID, ref(s.contract("2")))
			}
			return err
		}, asItWas + others, "removed 1, restored 1, kept 1; Петров: note"},
		{"made a task", func(s *school, api *client.API) error {
			to := ref(s.contract("2"))
			due := time.Now().Add(time.Hour)
			_, err := api.AddTask(s.t.Context(), client.NewTask{Phone: "79145550142", Subject: &to, Note: "перезвонить", DueAt: &due})
			return err
		}, asItWas + others, "removed 1, restored 1, kept 1; Петров: task"},
		{"read another file over it", func(s *school, _ *client.API) error {
			admin := s.api("105")
			s.bringIn(admin, s.upload(admin, "contracts", "Номер;ФИО;Телефон;Категория\n2;;;E\n"), "update", false)
			return nil
		}, asItWas + "\n2 Петров +79145550142 E", "removed 1, restored 1, kept 1; Петров: changed"},
		{"wrote a note on what was there before", func(s *school, api *client.API) error {
			_, err := api.AddNote(s.t.Context(), client.NewNote{Subject: ref(s.contract("1")), Text: "Придёт завтра"})
			return err
		}, asItWas, "removed 2, restored 1, kept 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, im := wronglyRead(t, server.Config{})
			if err := tt.deed(s, s.api("101")); err != nil {
				t.Fatal(err)
			}
			would, err := s.api("105").RunReceipt(t.Context(), im.ID)
			if err != nil || figures(would) != tt.told {
				t.Errorf("before it says %q, %v; want %q", figures(would), err, tt.told)
			}
			if done := s.undone(s.api("105"), im.ID); figures(done) != tt.told {
				t.Errorf("after it says %q, want %q", figures(done), tt.told)
			}
			if got := s.contracts(s.api("105")); got != tt.want {
				t.Errorf("the contracts are\n%s\nwant\n%s", got, tt.want)
			}
			if strings.Contains(tt.want, "2 Петров") != (s.whose("79145550142") == "Петров") {
				t.Errorf("the call of 2 is %q's", s.whose("79145550142"))
			}
		})
	}
}

// TestSyncUndo_takesOneGoOfAnotherCRMBack: what came without a longer pause is one go, clients and contracts;
// goes are taken back from the last one on, or the first one leaves alone what the last has changed.
func TestSyncUndo_takesOneGoOfAnotherCRMBack(t *testing.T) {
	t.Parallel()
	for name, firstFirst := range map[string]bool{"the first go first": true, "the last go first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			databases(t, func(t *testing.T, url string) { syncedTwice(t, url, firstFirst) })
		})
	}
}

func syncedTwice(t *testing.T, url string, firstFirst bool) {
	clock := startClock()
	s := openSchoolWith(t, server.Config{Database: url, Now: clock.now}, "")
	api := s.api("105")
	lead, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Лид"), Phones: &[]string{"89145550161"}})
	if err != nil {
		t.Fatal(err)
	}
	send := func(name string, phones ...string) {
		t.Helper()
		r, err := api.SyncClients(t.Context(), []client.ClientInput{{ExternalID: ptr("e0"), Name: &name, Phones: &phones}})
		if err != nil || r[0].Outcome == client.SyncRefused {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	s.client(api, client.ClientInput{ExternalID: ptr("e0"), Name: ptr("Было"), Phones: &[]string{"89145550162", "89145550163"}})
	was := s.people()
	send("Стало", "89145550162")
	send("Стало снова", "89145550164")
	if _, err := api.PutContract(t.Context(), "77", client.ContractInput{Name: ptr("Новый"), ClientID: &lead.ID}); err != nil {
		t.Fatal(err)
	}
	send("Стало снова", "89145550164") // changes nothing
	afterFirst := s.people()
	clock.pass(11 * time.Minute)
	send("Ещё раз", "89145550165")

	ids, words := s.runs(api)
	if words != "sync 0/1 in\nsync 1/2 in" {
		t.Fatalf("the runs are\n%s", words)
	}
	last, first := ids[0], ids[1]
	if firstFirst {
		if got := figures(s.undone(api, first)); got != "removed 1, restored 1, kept 1; Ещё раз: changed" {
			t.Errorf("the first go first: %s", got)
		}
		s.undone(api, last)
		if got := s.people(); got != afterFirst {
			t.Errorf("then the clients are\n%s\nwant\n%s", got, afterFirst)
		}
		return
	}
	s.undone(api, last)
	if got := s.people(); got != afterFirst {
		t.Errorf("without the last go the clients are\n%s\nwant\n%s", got, afterFirst)
	}
	if got := figures(s.undone(api, first)); got != "removed 1, restored 2, kept 0" {
		t.Errorf("the first go last: %s", got)
	}
	if now, err := api.Client(t.Context(), lead.ID); err != nil || now.Kind != "lead" || s.people() != was || s.contracts(api) != "" {
		t.Errorf("then the lead is a %s (%v), contracts %q, the clients are\n%s\nwant\n%s", now.Kind, err, s.contracts(api), s.people(), was)
	}
}

// TestSyncUndo_tellsBeforeWhatItTellsAfter: a client stays for a contract of the same go that stays for what a person
// put on it.
func TestSyncUndo_tellsBeforeWhatItTellsAfter(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		for i, what := range []string{"note", "task", "nothing"} {
			c, err := api.PutClient(t.Context(), "e-"+what, client.ClientInput{Name: ptr("Клиент " + what)})
			if err != nil {
				t.Fatal(err)
			}
			k, err := api.PutContract(t.Context(), fmt.Sprint(70+i), client.ContractInput{Name: ptr("Договор " + what), ClientID: &c.ID})
			if err != nil {
				t.Fatal(err)
			}
			ref, due := client.SubjectRef{Kind: client.KindContract, ID: k.ID}, time.Now().Add(time.Hour)
			switch what {
			case "note":
				_, err = api.AddNote(t.Context(), client.NewNote{Subject: ref, Text: "Придёт завтра"})
			case "task":
				_, err = api.AddTask(t.Context(), client.NewTask{Phone: "79145550142", Subject: &ref, Note: "перезвонить", DueAt: &due})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		const want = "removed 2, restored 0, kept 4; Договор note: note; Договор task: task; Клиент note: contract; Клиент task: contract"
		ids, _ := s.runs(api)
		would, err := api.RunReceipt(t.Context(), ids[0])
		if err != nil || figures(would) != want {
			t.Errorf("before it says %q, %v", figures(would), err)
		}
		if done := s.undone(api, ids[0]); figures(done) != want {
			t.Errorf("after it says %q", figures(done))
		}
	})
}

// TestSyncUndo_goesBackToWhatAPersonLeftInBetween: a go that wrote over a person's change gives that back.
func TestSyncUndo_goesBackToWhatAPersonLeftInBetween(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	put := func(name string) client.Client {
		t.Helper()
		c, err := api.PutClient(t.Context(), "e0", client.ClientInput{Name: &name})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := put("Из CRM")
	if _, err := s.api("101").UpdateClient(t.Context(), c.ID, client.ClientInput{Name: ptr("Гусева Анна"), Note: ptr("звонить вечером")}); err != nil {
		t.Fatal(err)
	}
	put("Из CRM опять")
	ids, words := s.runs(api)
	if words != "sync 0/1 in" {
		t.Fatalf("the runs are %s", words)
	}
	s.undone(api, ids[0])
	if now, err := api.Client(t.Context(), c.ID); err != nil || now.Name != "Гусева Анна" || now.Note != "звонить вечером" {
		t.Errorf("it is %+v, %v", now, err)
	}
}

func TestImportUndo_isOfADay(t *testing.T) {
	t.Parallel()
	clock := startClock()
	s := openSchoolWith(t, server.Config{Now: clock.now}, "")
	api := s.api("105")
	im := s.bringIn(api, s.upload(api, "contracts", "Номер;ФИО\n1;Иванов\n"), "skip", false)
	clock.pass(24*time.Hour + time.Minute)
	_, err := api.UndoRun(t.Context(), im.ID)
	if codeOf(err) != "import_undo_late" || s.contracts(api) != "1 Иванов" {
		t.Errorf("a day later: %v, %q", err, s.contracts(api))
	}
	clock.pass(2 * time.Hour)
	if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
		t.Fatal(err)
	}
	if receipt, err := api.RunReceipt(t.Context(), im.ID); err != nil || figures(receipt) != "removed 0, restored 0, kept 0" {
		t.Errorf("what was before is remembered still: %s, %v", figures(receipt), err)
	}
	clock.pass(7 * 24 * time.Hour)
	if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, words := s.runs(api); words != "" {
		t.Errorf("after a week the runs are %s", words)
	}
	if _, err := api.UndoRun(t.Context(), "nobody"); codeOf(err) != "not_found" {
		t.Errorf("a run that is none: %v", err)
	}
}

// TestImportUndo_twiceAtOnceAndOnTwoNodesIsDoneOnce also ends on the second node what the first has begun.
func TestImportUndo_twiceAtOnceAndOnTwoNodesIsDoneOnce(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, im := wronglyRead(t, server.Config{Database: url})
		nodes := []*school{s, s}
		if url != "" {
			nodes[1] = s.another(server.Config{Database: url})
		}
		apis := []*client.API{nodes[0].api("105"), nodes[1].api("105")}
		var all sync.WaitGroup
		for n := range 6 {
			all.Go(func() {
				receipt, err := apis[n%2].UndoRun(t.Context(), im.ID)
				if err != nil || figures(receipt) != "removed 2, restored 1, kept 0" || receipt.Run.State == client.RunIn {
					t.Errorf("try %d: %s, %s, %v", n, receipt.Run.State, figures(receipt), err)
				}
			})
		}
		all.Wait()
		for _, node := range slices.Backward(nodes) {
			all.Go(func() {
				if err := node.parts.Imports.RunWaiting(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		s.wantTakenBackOnce(im.ID)
	})
}

// wantTakenBackOnce: the cards are as before, and each has one step more in its history.
func (s *school) wantTakenBackOnce(id string) {
	s.t.Helper()
	api := s.api("105")
	if receipt, err := api.RunReceipt(s.t.Context(), id); err != nil || receipt.Run.State != client.RunUndone {
		s.t.Errorf("the run is %+v, %v", receipt.Run, err)
	}
	if got := s.contracts(api); got != asItWas {
		s.t.Errorf("the contracts are\n%s", got)
	}
	cards, _, err := s.parts.Store.CardPage(s.t.Context(), client.KindContract, store.CardFilter{Deleted: true}, storeStart, 10)
	if err != nil || len(cards) != 2 {
		s.t.Fatalf("deleted are %+v, %v", cards, err)
	}
	for _, id := range []string{cards[0].ID, cards[1].ID, s.contract("1").ID} {
		history, err := api.CardHistory(s.t.Context(), client.SubjectRef{Kind: client.KindContract, ID: id}, "")
		undone := 0
		for _, step := range history.Items {
			if step.Action == "undone" {
				undone++
			}
		}
		if err != nil || undone != 1 {
			s.t.Errorf("%d steps of %s say undone, %v", undone, id, err)
		}
	}
	audit, err := api.Audit(s.t.Context(), client.AuditQuery{Actions: []string{"import_undo"}})
	if err != nil || len(audit.Items) != 1 {
		s.t.Errorf("the audit tells %+v, %v", audit.Items, err)
	}
	if a, b := s.whose("79145550142"), s.whose("79145550141"); a != "" || b != "" {
		s.t.Errorf("the calls belong to %q, %q", a, b)
	}
}

// TestImportUndo_goesOnWhereAKilledServerStopped: whoever had begun the histories is heard of no more, and
// was not to write again when it wakes.
func TestImportUndo_goesOnWhereAKilledServerStopped(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		clock := startClock()
		s, im := wronglyRead(t, server.Config{Database: url, Now: clock.now})
		if _, err := s.api("105").UndoRun(t.Context(), im.ID); err != nil {
			t.Fatal(err)
		}
		run, err := s.parts.Store.CardRun(t.Context(), im.ID)
		if err != nil {
			t.Fatal(err)
		}
		made := 0
		newID := func() string { made++; return fmt.Sprint("step-", made) }
		must := func(work func(*store.Tx) error) {
			t.Helper()
			if err := s.parts.Store.Write(t.Context(), work); err != nil {
				t.Fatal(err)
			}
		}
		must(func(tx *store.Tx) error { return tx.ClaimRun(run, "the killed one", clock.now()) })
		run.Claim = "the killed one"
		cards, err := s.parts.Store.TakenBack(t.Context(), im.ID, 0, 1)
		if err != nil || len(cards) != 1 {
			t.Fatalf("%+v, %v", cards, err)
		}
		numbers, err := s.parts.Store.RunNumbers(t.Context(), im.ID, 0, cards[0].Seq)
		if err != nil {
			t.Fatal(err)
		}
		must(func(tx *store.Tx) error {
			return errors.Join(tx.FollowTakenBack(run, cards, newID), s.parts.Imports.Calls.RebindQuietly(tx, numbers))
		})
		if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, err := s.parts.Store.CardRun(t.Context(), im.ID); err != nil || got.State != client.RunUndoing {
			t.Fatalf("while it is at work the run is %s, %v", got.State, err)
		}
		clock.pass(time.Minute)
		if err := s.parts.Imports.RunWaiting(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.wantTakenBackOnce(im.ID)
		run.Settled = cards[0].Seq
		if err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.FollowTakenBack(run, cards, newID) }); err == nil {
			t.Error("the killed one wrote again")
		}
	})
}

// TestImportUndo_isOfWhoMayImport: an operator learns nothing of runs, and takes none back.
func TestImportUndo_isOfWhoMayImport(t *testing.T) {
	t.Parallel()
	s, im := wronglyRead(t, server.Config{})
	operator := s.api("101")
	_, listed := operator.CardRuns(t.Context(), "")
	_, told := operator.RunReceipt(t.Context(), im.ID)
	_, undone := operator.UndoRun(t.Context(), im.ID)
	for _, err := range []error{listed, told, undone} {
		if codeOf(err) != "forbidden" {
			t.Errorf("an operator got %v", err)
		}
	}
	if got := s.contracts(operator); got != asWasRead {
		t.Errorf("the contracts are\n%s", got)
	}
}
