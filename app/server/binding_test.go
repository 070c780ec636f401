package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

// ring delivers a whole missed or answered call of a number to an extension.
func (s *school) ring(n int, from, ext string, answered bool) {
	s.t.Helper()
	at := 1760000000 + int64(n)*100
	leg := func(seq int, state, extra string) {
		s.mustDeliver("events/call", fmt.Sprintf(`{"entry_id":"e%d","call_id":"c%d","timestamp":%d,"seq":%d,"call_state":%q,"location":"abonent","from":{"number":%q},"to":{"extension":%q,"line_number":"74951234567"}%s}`,
			n, n, at+int64(seq), seq, state, from, ext, extra))
	}
	leg(1, "Appeared", "")
	talk := int64(0)
	if answered {
		leg(2, "Connected", "")
		talk = at + 2
	}
	leg(3, "Disconnected", `,"disconnect_reason":1110`)
	s.mustDeliver("events/summary", fmt.Sprintf(`{"entry_id":"e%d","call_direction":1,"from":{"number":%q},"to":{"extension":%q},"line_number":"74951234567","create_time":%d,"forward_time":%d,"talk_time":%d,"end_time":%d,"entry_result":0,"disconnect_reason":1110}`,
		n, from, ext, at, at, talk, at+20))
}

func (s *school) mustDeliver(path, payload string) {
	s.t.Helper()
	if code := s.deliver(path, payload); code != 200 {
		s.t.Fatalf("%s answered %d", path, code)
	}
}

func TestBinding_followsTheCards(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		const number = "79145550148"
		s.ring(1, number, "101", false)
		s.ring(2, number, "101", true)

		names := func() []string {
			page, err := api.Feed(t.Context(), client.FeedQuery{Phone: number, Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, e := range page.Items {
				name := "-"
				if e.Subject != nil {
					name = e.Subject.Name
				}
				out = append(out, string(e.Type)+" "+name)
			}
			return out
		}
		want := func(when string, lines ...string) {
			t.Helper()
			if got := names(); fmt.Sprint(got) != fmt.Sprint(lines) {
				t.Errorf("%s:\n got %q\nwant %q", when, got, lines)
			}
		}
		want("unbound", "call_in -", "call_missed -")

		lead, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Смирнова Вера"), Phones: &[]string{"8 (914) 555-01-48"}})
		if err != nil {
			t.Fatal(err)
		}
		want("a lead is made", "call_in Смирнова Вера", "call_missed Смирнова Вера")

		contract, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("7"), Name: ptr("Смирнова Вера Ильинична"), Phones: &[]string{number}})
		if err != nil {
			t.Fatal(err)
		}
		want("a contract goes before a client", "call_in Смирнова Вера Ильинична", "call_missed Смирнова Вера Ильинична")

		if _, err := api.UpdateContract(t.Context(), contract.ID, client.ContractInput{Phones: &[]string{}}); err != nil {
			t.Fatal(err)
		}
		want("the number leaves the contract", "call_in Смирнова Вера", "call_missed Смирнова Вера")

		calls, err := s.api("105").Feed(t.Context(), client.FeedQuery{Type: "call_in", Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := api.BindCall(t.Context(), calls.Items[0].CallID, client.SubjectRef{Kind: client.KindContract, ID: contract.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := api.UpdateClient(t.Context(), lead.ID, client.ClientInput{Phones: &[]string{}}); err != nil {
			t.Fatal(err)
		}
		want("bound by hand stays", "call_in Смирнова Вера Ильинична", "call_missed -")
	})
}

func TestMissed_isSettledByALaterTalk(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		s.ring(1, "79145550148", "101", false)
		s.ring(2, "79145550149", "101", false)
		s.ring(3, "79145550148", "102", true)
		page, err := s.api("101").Feed(t.Context(), client.FeedQuery{Type: "call_missed"})
		if err != nil || len(page.Items) != 2 {
			t.Fatal(page, err)
		}
		for _, e := range page.Items {
			settled := e.Phone == "+79145550148"
			if (e.Settled != nil) != settled {
				t.Errorf("%s settled: %v, want %v", e.Phone, e.Settled, settled)
			}
			if settled && e.Settled.By.Name != "Сотрудник 102" {
				t.Errorf("settled by %v", e.Settled.By)
			}
		}
	})
}

func TestFeed_pagesAndFilters(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		for n := range 25 {
			s.ring(n, fmt.Sprintf("7914555%04d", n), "101", n%2 == 0)
		}
		seen := map[string]bool{}
		cursor, last := "", time.Now()
		for {
			page, err := api.Feed(t.Context(), client.FeedQuery{Limit: 10, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Items {
				if seen[e.ID] || e.At.After(last) {
					t.Errorf("entry %s repeats or is out of order", e.ID)
				}
				seen[e.ID], last = true, e.At
			}
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		if len(seen) != 25 {
			t.Errorf("%d entries over all pages, want 25", len(seen))
		}
		if err := s.parts.Indexer.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
		for q, want := range map[string]int{
			"555-00-07": 1, "5000": 10, "0007": 1, "ПРОПУЩЕННЫЙ": 12, "пропущ": 12, "сотрудник 101": 13, "сотрудик 0002": 1, "вошедший": 0, "100%": 0,
		} {
			page, err := api.Feed(t.Context(), client.FeedQuery{Q: q, Limit: 100})
			if err != nil || len(page.Items) != want {
				t.Errorf("search %q found %d, %v; want %d", q, len(page.Items), err, want)
			}
		}
	})
}

func TestInput_badOnesGetEveryFaultInWords(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	_, err := s.api("101").CreateClient(t.Context(), client.ClientInput{Kind: ptr("lead"), Name: ptr(" "), Phones: &[]string{strings.Repeat("1", 100)}, Email: ptr("нет")})
	var p *client.Problem
	if !asProblem(err, &p) || p.Code != "invalid" || len(p.Fields) != 3 {
		t.Errorf("got %+v, want three faults", err)
	}
	_, err = s.api("101").CreateClient(t.Context(), client.ClientInput{Name: ptr("Мама"), Phones: &[]string{"123"}})
	if err != nil {
		t.Errorf("what is no number is kept as typed: %v", err)
	}
	if _, err := s.api("101").Lookup(t.Context(), "мама"); !asProblem(err, &p) || p.Code != "bad_phone" {
		t.Errorf("got %+v, want bad_phone", err)
	}
}
