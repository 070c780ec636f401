package server_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/client"
)

func TestCard_keepsLabelsAndWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		c, err := api.CreateClient(t.Context(), client.ClientInput{
			Name: ptr("Ким Вера"), Tags: &[]string{"VIP", "vip", " вечер "}, Status: ptr("thinking"), ExternalID: ptr("crm-7"),
			PhoneList: &[]client.Phone{{Number: "8 (495) 123-45-67 доб. 12", Label: "работа"}, {Number: "спросить у мужа"}, {Number: "+79145550148"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []client.Phone{{Number: "+74951234567", Ext: "12", Label: "работа"}, {Typed: "спросить у мужа"}, {Number: "+79145550148"}}
		if c, err = api.Client(t.Context(), c.ID); err != nil || !slices.Equal(c.PhoneList, want) || !slices.Equal(c.Phones, []string{"+74951234567", "+79145550148"}) {
			t.Errorf("numbers %+v, %v, %v", c.PhoneList, c.Phones, err)
		}
		if !slices.Equal(c.Tags, []string{"VIP", "вечер"}) || c.Status != "thinking" || c.ExternalID != "crm-7" {
			t.Errorf("got %+v", c)
		}
		// Bare numbers, as programs without labels send them, keep the labels.
		if c, err = api.UpdateClient(t.Context(), c.ID, client.ClientInput{Phones: &[]string{"+74951234567"}}); err != nil || c.PhoneList[0].Label != "работа" {
			t.Errorf("got %+v, %v", c.PhoneList, err)
		}
	})
}

func TestHistory_tellsWhoChangedWhat(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		c, err := s.api("101").CreateClient(t.Context(), client.ClientInput{Name: ptr("Ким Вера"), Phones: &[]string{"+79145550148"}})
		if err != nil {
			t.Fatal(err)
		}
		ref := client.SubjectRef{Kind: client.KindClient, ID: c.ID}
		if _, err := s.api("102").UpdateClient(t.Context(), c.ID, client.ClientInput{Name: ptr("Ким Вера Ильинична"), Status: ptr("contacted")}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.api("102").UpdateClient(t.Context(), c.ID, client.ClientInput{Name: ptr("Ким Вера Ильинична")}); err != nil {
			t.Fatal(err)
		}
		if err := s.api("103").DeleteCard(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		if err := s.api("105").RestoreCard(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		page, err := s.api("101").CardHistory(t.Context(), ref, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range page.Items {
			line := h.Action + " " + strings.TrimPrefix(h.By.Name, "Сотрудник ")
			for _, f := range h.Fields {
				if h.Action == "changed" {
					line += fmt.Sprintf(" %s:%s>%s", f.Field, f.From, f.To)
				}
			}
			got = append(got, line)
		}
		// Saving what was there already is no change.
		want := []string{"restored 105", "deleted 103", "changed 102 name:Ким Вера>Ким Вера Ильинична status:new>contacted", "created 101"}
		if !slices.Equal(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
	})
}

// owners tells the names under which the calls of a number stand in the feed.
func (s *school) owners(number string) string {
	s.t.Helper()
	page, err := s.api("105").Feed(s.t.Context(), client.FeedQuery{Phone: number, Limit: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	var names []string
	for _, e := range page.Items {
		name := "-"
		if e.Subject != nil {
			name = e.Subject.Name
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}

func TestMerge_andUndo(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		s.ring(1, "79145550148", "101", false)
		s.ring(2, "79145550149", "101", true)
		a, err := api.CreateClient(t.Context(), client.ClientInput{Kind: ptr("lead"), Name: ptr("Ким В."), Phones: &[]string{"+79145550148"}})
		if err != nil {
			t.Fatal(err)
		}
		b, err := api.CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Ким Вера"), Phones: &[]string{"+79145550149"}, Note: ptr("муж Олег")})
		if err != nil {
			t.Fatal(err)
		}
		refA, refB := client.SubjectRef{Kind: client.KindClient, ID: a.ID}, client.SubjectRef{Kind: client.KindClient, ID: b.ID}
		contract, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("7"), Name: ptr("Ким Вера"), ClientID: &b.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := api.AddNote(t.Context(), client.NewNote{Subject: refB, Text: "просила перезвонить"}); err != nil {
			t.Fatal(err)
		}
		if err := api.MergeCards(t.Context(), refA, b.ID); err != nil {
			t.Fatal(err)
		}
		merged, err := api.Client(t.Context(), a.ID)
		if err != nil || merged.Kind != "client" || len(merged.Phones) != 2 || merged.Note != "муж Олег" {
			t.Errorf("merged %+v, %v", merged, err)
		}
		if got := s.owners("79145550149") + " " + s.owners("79145550148"); got != "Ким В. Ким В." {
			t.Errorf("after merging the calls are %s", got)
		}
		if moved, err := api.Contract(t.Context(), contract.ID); err != nil || moved.ClientID != a.ID {
			t.Errorf("the contract is %+v, %v", moved, err)
		}
		notes, err := api.Feed(t.Context(), client.FeedQuery{Subject: "client:" + a.ID, Type: "note", Limit: 10})
		if err != nil || len(notes.Items) != 1 {
			t.Errorf("notes %+v, %v", notes.Items, err)
		}

		undos, err := api.Undos(t.Context())
		if err != nil || len(undos) == 0 {
			t.Fatal(undos, err)
		}
		if err := s.api("102").Undo(t.Context(), undos[0].ID); err == nil {
			t.Error("a colleague took it back")
		}
		if err := api.Undo(t.Context(), undos[0].ID); err != nil {
			t.Fatal(err)
		}
		if got := s.owners("79145550149") + " " + s.owners("79145550148"); got != "Ким Вера Ким В." {
			t.Errorf("after the undo the calls are %s", got)
		}
		if moved, err := api.Contract(t.Context(), contract.ID); err != nil || moved.ClientID != b.ID {
			t.Errorf("the contract is %+v, %v", moved, err)
		}
		var p *client.Problem
		if err := api.Undo(t.Context(), undos[0].ID); !asProblem(err, &p) || p.Code != "undo_late" {
			t.Errorf("a second undo: %v", err)
		}
	})
}

// TestUndo_isRefusedWhenSomebodyChangedTheCardSince: an undo must not put an old card over a newer.
func TestUndo_isRefusedWhenSomebodyChangedTheCardSince(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("101")
	c, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Ким Вера")})
	if err != nil {
		t.Fatal(err)
	}
	undos, err := api.Undos(t.Context())
	if err != nil || len(undos) != 1 {
		t.Fatal(undos, err)
	}
	if _, err := s.api("102").UpdateClient(t.Context(), c.ID, client.ClientInput{Note: ptr("важно")}); err != nil {
		t.Fatal(err)
	}
	var p *client.Problem
	if err := api.Undo(t.Context(), undos[0].ID); !asProblem(err, &p) || p.Code != "undo_late" {
		t.Errorf("got %v", err)
	}
	if got, err := api.Client(t.Context(), c.ID); err != nil || got.Note != "важно" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFeed_ofACardShowsTheCallsThatAnotherCardHas(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("101")
	s.ring(1, "79145550148", "101", true)
	lead, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Мама"), Phones: &[]string{"+79145550148"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("7"), Name: ptr("Сын"), Phones: &[]string{"+79145550148"}}); err != nil {
		t.Fatal(err)
	}
	page, err := api.Feed(t.Context(), client.FeedQuery{Subject: "client:" + lead.ID, Type: "call_in", Limit: 10})
	if err != nil || len(page.Items) != 1 || !page.Items[0].Shared || page.Items[0].Subject.Name != "Сын" {
		t.Errorf("got %+v, %v", page.Items, err)
	}
}

// TestBinding_isAlwaysWhatALookupFromScratchGives: after any sequence of card changes and calls,
// every call that nobody bound by hand is bound to the first that a lookup finds.
func TestBinding_isAlwaysWhatALookupFromScratchGives(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		r := rand.New(rand.NewPCG(4, 4))
		numbers := []string{"+79145550101", "+79145550102", "+79145550103", "+79145550104"}
		some := func() []string {
			var out []string
			for _, n := range numbers {
				if r.IntN(3) == 0 {
					out = append(out, n)
				}
			}
			return out
		}
		var refs []client.SubjectRef
		pick := func() client.SubjectRef { return refs[r.IntN(len(refs))] }
		hand := map[string]bool{}
		calls := 0
		for step := range 120 {
			var err error
			switch what := r.IntN(9); {
			case what == 0 || step < 4:
				calls++
				s.ring(calls, strings.TrimPrefix(numbers[r.IntN(len(numbers))], "+"), "101", r.IntN(2) == 0)
			case what == 1 || len(refs) < 3:
				phones := some()
				c, e := api.CreateClient(t.Context(), client.ClientInput{Name: ptr(fmt.Sprintf("Клиент %d", step)), Phones: &phones})
				refs, err = append(refs, client.SubjectRef{Kind: client.KindClient, ID: c.ID}), e
			case what == 2:
				phones := some()
				c, e := api.CreateContract(t.Context(), client.ContractInput{Number: ptr(fmt.Sprint(step)), Name: ptr(fmt.Sprintf("Договор %d", step)), Phones: &phones})
				refs, err = append(refs, client.SubjectRef{Kind: client.KindContract, ID: c.ID}), e
			case what == 3:
				phones, ref := some(), pick()
				if ref.Kind == client.KindClient {
					_, err = api.UpdateClient(t.Context(), ref.ID, client.ClientInput{Phones: &phones})
				} else {
					_, err = api.UpdateContract(t.Context(), ref.ID, client.ContractInput{Phones: &phones, Status: ptr([]string{"active", "finished"}[r.IntN(2)])})
				}
			case what == 4:
				err = api.DeleteCard(t.Context(), pick())
			case what == 5:
				err = api.RestoreCard(t.Context(), pick())
			case what == 6:
				a, b := pick(), pick()
				if a.Kind == b.Kind {
					err = api.MergeCards(t.Context(), a, b.ID)
				}
			case what == 7:
				undos, e := api.Undos(t.Context())
				if err = e; err == nil && len(undos) > 0 {
					err = api.Undo(t.Context(), undos[0].ID)
				}
			default:
				page, e := api.Feed(t.Context(), client.FeedQuery{Type: "call_in,call_missed", Limit: 1})
				if err = e; err == nil && len(page.Items) > 0 && len(hand) < 2 {
					_, err = api.BindCall(t.Context(), page.Items[0].CallID, pick())
					hand[page.Items[0].CallID] = err == nil
				}
			}
			// A card may be deleted already, or changed since: those are refused in words.
			var p *client.Problem
			if err != nil && (!asProblem(err, &p) || p.Status >= 500) {
				t.Fatalf("step %d: %v", step, err)
			}
		}
		for _, number := range numbers {
			owners, err := s.parts.Store.Owners(t.Context(), phone.Number(number))
			if err != nil {
				t.Fatal(err)
			}
			want := "-"
			if found := crm.Subjects(owners); len(found) > 0 {
				want = found[0].Name
			}
			page, err := api.Feed(t.Context(), client.FeedQuery{Phone: number, Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Items {
				got := "-"
				if e.Subject != nil {
					got = e.Subject.Name
				}
				if !e.ByHand && got != want {
					t.Errorf("%s: a call is bound to %s, the lookup finds %s", number, got, want)
				}
				one, err := api.Call(t.Context(), e.CallID)
				if err != nil {
					t.Fatal(err)
				}
				if (one.Subject == nil) != (e.Subject == nil) || one.Subject != nil && one.Subject.ID != e.Subject.ID {
					t.Errorf("%s: the call says %+v, its entry %+v", number, one.Subject, e.Subject)
				}
			}
		}
	})
}

func TestLists_refuseTheOtherKindsFilter(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		token := s.token("105")
		for path, field := range map[string]string{
			"/clients?client_id=x":          "client_id",
			"/clients?client_id=x&q=%D0%9A": "client_id",
			"/export/clients?client_id=x":   "client_id",
			"/contracts?kind=lead":          "kind",
			"/contracts?kind=lead&q=%D0%9A": "kind",
			"/export/contracts?kind=lead":   "kind",
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/api/v1"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(body), field+":") {
				t.Errorf("%s: %d %s, %v", path, resp.StatusCode, body, err)
			}
		}
	})
}

// TestCards_listsTheirTags: of living cards of the kind, the most frequent first; the list by one of them, by a
// status and by words at once has what fits all.
func TestCards_listsTheirTags(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		for n, c := range []struct{ name, status, tags string }{
			{"Гусева Анна", client.StatusThinking, "VIP,вечер"},
			{"Гусев Борис", client.StatusThinking, "VIP"},
			{"Гусев Виктор", client.StatusNew, "VIP"},
			{"Орлов Тимур", client.StatusThinking, "VIP"},
			{"Удалённый", client.StatusThinking, "только у него"},
			{"Без меток", client.StatusThinking, ""},
		} {
			tags := strings.FieldsFunc(c.tags, func(r rune) bool { return r == ',' })
			made, err := api.CreateClient(t.Context(), client.ClientInput{Name: &c.name, Status: &c.status, Tags: &tags})
			if err != nil {
				t.Fatal(err)
			}
			if n == 4 {
				if err := api.DeleteClient(t.Context(), made.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		tags, err := api.CardTags(t.Context(), client.KindClient)
		if got := fmt.Sprint(tags); err != nil || got != "[{VIP 4} {вечер 1}]" {
			t.Errorf("the tags of clients are %s, %v", got, err)
		}
		if tags, err := api.CardTags(t.Context(), client.KindContract); err != nil || len(tags) != 0 {
			t.Errorf("the tags of contracts are %v, %v", tags, err)
		}
		if err := s.parts.Indexer.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			q    client.CardQuery
			want int
		}{
			{client.CardQuery{Tag: "VIP"}, 4},
			{client.CardQuery{Tag: "VIP", Status: client.StatusThinking}, 3},
			{client.CardQuery{Tag: "VIP", Status: client.StatusThinking, Q: "гусев"}, 2},
			{client.CardQuery{Tag: "только у него", Deleted: true}, 1},
			{client.CardQuery{Tag: "вече"}, 0},
		} {
			found, err := api.FindClients(t.Context(), tt.q)
			if err != nil || len(found.Items) != tt.want {
				t.Errorf("%+v finds %d, %v; want %d", tt.q, len(found.Items), err, tt.want)
			}
		}
	})
}

// TestMerge_refusesMoreThanACardMayHave: nothing is lost, and the cards stay two.
func TestMerge_refusesMoreThanACardMayHave(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		var phones []string
		for i := range 60 {
			phones = append(phones, fmt.Sprintf("+791455502%02d", i))
		}
		tags := longestTags(60)
		card := func(tags, phones []string) client.Client {
			t.Helper()
			c, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Ким Вера"), Tags: &tags, Phones: &phones})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		a, same := card(tags[:30], phones[:30]), card(tags[:30], phones[:30])
		for name, c := range map[string]client.Client{"меток у карточек вместе 31": card(tags[30:31], nil), "номеров у карточек вместе 60": card(nil, phones[30:])} {
			err := api.MergeCards(t.Context(), client.SubjectRef{Kind: client.KindClient, ID: a.ID}, c.ID)
			var p *client.Problem
			if !errors.As(err, &p) || p.Status != 422 || !strings.Contains(fmt.Sprint(p.Fields), name) {
				t.Errorf("%s: %v", name, err)
			}
			if still, err := api.Client(t.Context(), c.ID); err != nil || still.DeletedAt != nil {
				t.Errorf("%s: the other card is %+v, %v", name, still, err)
			}
		}
		if err := api.MergeCards(t.Context(), client.SubjectRef{Kind: client.KindClient, ID: a.ID}, same.ID); err != nil {
			t.Error(err)
		}
		if got, err := api.Client(t.Context(), a.ID); err != nil || !slices.Equal(got.Tags, tags[:30]) || len(got.Phones) != 30 {
			t.Errorf("merged %+v, %v", got, err)
		}
	})
}
