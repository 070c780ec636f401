package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/client"
)

// laterOf are the runs that the receipt of a run says stand in its way, and how many cards it could take back now.
func (s *school) laterOf(api *client.API, id string) (later []string, again int) {
	s.t.Helper()
	receipt, err := api.RunReceipt(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range receipt.Later {
		later = append(later, r.ID)
	}
	return later, receipt.Again
}

// TestImportUndo_ofWhatALaterFileChangedGoesOnceThatIsTakenBack: taken back before a later one, a file left its cards
// behind for good.
func TestImportUndo_ofWhatALaterFileChangedGoesOnceThatIsTakenBack(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, a := wronglyRead(t, server.Config{Database: url})
		api := s.api("105")
		b := s.bringIn(api, s.upload(api, "contracts", "Номер;ФИО;Телефон;Категория\n1;;;D\n2;;;E\n"), "update", false)
		if later, _ := s.laterOf(api, a.ID); fmt.Sprint(later) != fmt.Sprint([]string{b.ID}) {
			t.Errorf("in its way stand %v, want %s", later, b.ID)
		}
		if later, _ := s.laterOf(api, b.ID); len(later) > 0 {
			t.Errorf("in the way of the last stand %v", later)
		}
		const kept = "removed 1, restored 0, kept 2; Иванов Пётр: changed; Петров: changed"
		if got := figures(s.undone(api, a.ID)); got != kept {
			t.Errorf("the first go first: %s", got)
		}
		if got := figures(s.undone(api, a.ID)); got != kept {
			t.Errorf("asked again at once: %s", got)
		}
		if later, again := s.laterOf(api, a.ID); len(later) != 1 || again != 0 {
			t.Errorf("after it, in its way stand %v, and %d could go", later, again)
		}
		s.undone(api, b.ID)
		if got := s.contracts(api); got != "1 Иванов Пётр +79145550149,+79145550141 C\n2 Петров +79145550142 A" {
			t.Errorf("without the last one the contracts are\n%s", got)
		}
		if later, again := s.laterOf(api, a.ID); len(later) != 0 || again != 2 {
			t.Errorf("without the last one, in its way stand %v, and %d could go, want 2", later, again)
		}
		page, err := api.CardRuns(t.Context(), "")
		if err != nil || len(page.Items) != 2 || page.Items[1].Kept != 2 {
			t.Errorf("the list tells %+v, %v", page.Items, err)
		}
		for range 2 {
			if got := figures(s.undone(api, a.ID)); got != "removed 2, restored 1, kept 0" {
				t.Errorf("asked again: %s", got)
			}
			if got := s.contracts(api); got != asItWas {
				t.Errorf("the contracts are\n%s\nwant\n%s", got, asItWas)
			}
		}
		if a, b, c := s.whose("79145550142"), s.whose("79145550141"), s.whose("79145550149"); a != "" || b != "" || c != "Иван" {
			t.Errorf("the calls belong to %q, %q, %q", a, b, c)
		}
		audit, err := api.Audit(t.Context(), client.AuditQuery{Actions: []string{"import_undo"}, Target: "import:" + a.ID})
		if err != nil || len(audit.Items) != 2 || audit.Items[0].Detail["removed"] != "1" || audit.Items[0].Detail["restored"] != "1" {
			t.Errorf("the audit tells %+v, %v", audit.Items, err)
		}
	})
}

// TestImportUndo_againLeavesWhatPeopleDid: what a person has changed stays, however often one asks.
func TestImportUndo_againLeavesWhatPeopleDid(t *testing.T) {
	t.Parallel()
	clock := startClock()
	s, a := wronglyRead(t, server.Config{Now: clock.now})
	api := s.api("105")
	if _, err := s.api("101").UpdateContract(t.Context(), s.contract("2").ID, client.ContractInput{Note: ptr("оплатил")}); err != nil {
		t.Fatal(err)
	}
	b := s.bringIn(api, s.upload(api, "contracts", "Номер;ФИО;Телефон;Категория\n1;;;D\n2;;;E\n"), "update", false)
	s.undone(api, a.ID)
	s.undone(api, b.ID)
	if _, again := s.laterOf(api, a.ID); again != 1 {
		t.Errorf("%d could go, want 1", again)
	}
	clock.pass(25 * time.Hour)
	if _, again := s.laterOf(api, a.ID); again != 0 {
		t.Errorf("a day later %d could go", again)
	}
	if got := figures(s.undone(api, a.ID)); got != "removed 1, restored 0, kept 2; Иванов Пётр: changed; Петров: changed" {
		t.Errorf("a day later: %s", got)
	}
	clock.pass(-2 * time.Hour)
	if got := figures(s.undone(api, a.ID)); got != "removed 1, restored 1, kept 1; Петров: changed" {
		t.Errorf("asked again: %s", got)
	}
	if now := s.contract("2"); now.Note != "оплатил" {
		t.Errorf("the note is %q", now.Note)
	}
}

// TestImportUndo_ofAClientWhoseContractALaterRunMade waits for that run.
func TestImportUndo_ofAClientWhoseContractALaterRunMade(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		a := s.bringIn(api, s.upload(api, "clients", "ФИО;Телефон\nГусева Анна;89145550141\n"), "update", false)
		page, err := api.Clients(t.Context(), "", "")
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("%+v, %v", page.Items, err)
		}
		if _, err := api.PutContract(t.Context(), "77", client.ContractInput{Name: ptr("Гусева Анна"), ClientID: &page.Items[0].ID}); err != nil {
			t.Fatal(err)
		}
		ids, _ := s.runs(api)
		b := ids[0]
		if later, _ := s.laterOf(api, a.ID); len(later) != 1 || later[0] != b {
			t.Errorf("in its way stand %v, want %s", later, b)
		}
		s.undone(api, a.ID)
		s.undone(api, b)
		if _, again := s.laterOf(api, a.ID); again != 1 {
			t.Errorf("%d could go, want 1", again)
		}
		s.undone(api, a.ID)
		if got := s.people(); got != "" {
			t.Errorf("the clients are %s", got)
		}
	})
}

// TestSyncUndo_givesAContractToWhoeverTookItsClientOver: it went back to a client that was merged or deleted since.
func TestSyncUndo_givesAContractToWhoeverTookItsClientOver(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		since []string // X: X is deleted, X>Y: X is merged into Y
		owner string
		told  string
	}{
		"nothing since":               {nil, "A", "removed 0, restored 1, kept 0"},
		"merged":                      {[]string{"A>C"}, "C", "removed 0, restored 1, kept 0"},
		"merged twice":                {[]string{"A>C", "C>D"}, "D", "removed 0, restored 1, kept 0"},
		"merged into the present one": {[]string{"A>B"}, "B", "removed 0, restored 1, kept 0"},
		"deleted":                     {[]string{"A"}, "B", "removed 0, restored 0, kept 1; Договор: client"},
		"merged, then deleted":        {[]string{"A>C", "C"}, "B", "removed 0, restored 0, kept 1; Договор: client"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			databases(t, func(t *testing.T, url string) {
				s := openSchool(t, url, "")
				api := s.api("105")
				clients, names := map[string]string{}, map[string]string{}
				for _, who := range []string{"A", "B", "C", "D"} {
					c, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Клиент " + who), Kind: ptr("client")})
					if err != nil {
						t.Fatal(err)
					}
					clients[who], names[c.ID] = c.ID, who
				}
				id := clients["A"]
				if _, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("1"), Name: ptr("Договор"), ClientID: &id, ExternalID: ptr("k1")}); err != nil {
					t.Fatal(err)
				}
				to := clients["B"]
				if _, err := api.PutContract(t.Context(), "1", client.ContractInput{Name: ptr("Договор"), ClientID: &to}); err != nil {
					t.Fatal(err)
				}
				for _, deed := range tt.since {
					from, into, merged := strings.Cut(deed, ">")
					ref := func(who string) client.SubjectRef {
						return client.SubjectRef{Kind: client.KindClient, ID: clients[who]}
					}
					var err error
					if merged {
						err = api.MergeCards(t.Context(), ref(into), clients[from])
					} else {
						err = api.DeleteCard(t.Context(), ref(from))
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				ids, _ := s.runs(api)
				would, err := api.RunReceipt(t.Context(), ids[0])
				if err != nil || figures(would) != tt.told {
					t.Errorf("before it says %s, %v", figures(would), err)
				}
				if done := s.undone(api, ids[0]); figures(done) != tt.told {
					t.Errorf("after it says %s", figures(done))
				}
				if got := names[s.contract("1").ClientID]; got != tt.owner {
					t.Errorf("the contract is of client %s, want %s", got, tt.owner)
				}
			})
		})
	}
}

// TestSyncUndo_keepsAClientToWhomAContractGoesBack: a go made it, a person gave it the contract, the go took that away.
func TestSyncUndo_keepsAClientToWhomAContractGoesBack(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		other, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Другой"), Kind: ptr("client")})
		if err != nil {
			t.Fatal(err)
		}
		k, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("1"), Name: ptr("Договор")})
		if err != nil {
			t.Fatal(err)
		}
		made, err := api.PutClient(t.Context(), "e1", client.ClientInput{Name: ptr("Из CRM"), Kind: ptr("client")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.api("101").UpdateContract(t.Context(), k.ID, client.ContractInput{ClientID: &made.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := api.PutContract(t.Context(), "1", client.ContractInput{ClientID: &other.ID}); err != nil {
			t.Fatal(err)
		}
		const want = "removed 0, restored 1, kept 1; Из CRM: contract"
		ids, _ := s.runs(api)
		if would, err := api.RunReceipt(t.Context(), ids[0]); err != nil || figures(would) != want {
			t.Errorf("before it says %s, %v", figures(would), err)
		}
		if done := s.undone(api, ids[0]); figures(done) != want || s.contract("1").ClientID != made.ID {
			t.Errorf("after it says %s, the contract is of %s", figures(done), s.contract("1").ClientID)
		}
	})
}

// TestImportUndo_tellsWhoDidWhatKeepsACard: for a note or a task it named who had read the file in.
func TestImportUndo_tellsWhoDidWhatKeepsACard(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, im := wronglyRead(t, server.Config{Database: url})
		noted, tasked := client.SubjectRef{Kind: client.KindContract, ID: s.contract("2").ID}, client.SubjectRef{Kind: client.KindContract, ID: s.contract("3").ID}
		if _, err := s.api("101").AddNote(t.Context(), client.NewNote{Subject: noted, Text: "Придёт завтра"}); err != nil {
			t.Fatal(err)
		}
		due := time.Now().Add(time.Hour)
		if _, err := s.api("102").AddTask(t.Context(), client.NewTask{Subject: &tasked, Note: "перезвонить", DueAt: &due}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.api("102").UpdateContract(t.Context(), s.contract("1").ID, client.ContractInput{Category: ptr("D")}); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"note": s.staff["101"].ID, "task": s.staff["102"].ID, "changed": s.staff["102"].ID}
		check := func(when string, receipt client.RunReceipt) {
			t.Helper()
			got := map[string]string{}
			for _, k := range receipt.Stays {
				if k.By == nil || k.At == nil {
					t.Errorf("%s nobody is named for %s", when, k.Why)
					continue
				}
				got[k.Why] = k.By.ID
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s it names %v, want %v", when, got, want)
			}
		}
		would, err := s.api("105").RunReceipt(t.Context(), im.ID)
		if err != nil {
			t.Fatal(err)
		}
		check("before", would)
		check("after", s.undone(s.api("105"), im.ID))
	})
}

// TestImportUndo_namesNobodyForABoundCall: who bound it is not noted.
func TestImportUndo_namesNobodyForABoundCall(t *testing.T) {
	t.Parallel()
	s, im := wronglyRead(t, server.Config{})
	s.ring(4, "79145550177", "101", true)
	page, err := s.api("101").Feed(t.Context(), client.FeedQuery{Phone: "79145550177"})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v, %v", page.Items, err)
	}
	if _, err := s.api("101").BindCall(t.Context(), page.Items[0].CallID, client.SubjectRef{Kind: client.KindContract, ID: s.contract("2").ID}); err != nil {
		t.Fatal(err)
	}
	would, err := s.api("105").RunReceipt(t.Context(), im.ID)
	if err != nil || len(would.Stays) != 1 || would.Stays[0].Why != "note" || would.Stays[0].By != nil {
		t.Errorf("it says %+v, %v", would.Stays, err)
	}
}
