package itoolabs

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

func read(t *testing.T, p *Provider, from, to time.Time) ([]pbx.HistoryCall, error) {
	t.Helper()
	var all []pbx.HistoryCall
	err := p.History(t.Context(), from, to, func(c pbx.HistoryCall) error { all = append(all, c); return nil })
	return all, err
}

// TestHistory_asTheSamplesHaveIt, of both APIs: what is asked, and the calls that come.
func TestHistory_asTheSamplesHaveIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sample string
		api    generation
		keys   []string
		sent   string
	}{
		{"history", oldAPI, []string{"uid:a252179d-0000-4000-8000-000000000001", "uid:a252179d-0000-4000-8000-000000000002"}, "POST /sys/crm_api.wcgp  cmd=history&end=20251009T120000Z&limit=100&start=20251009T080000Z&token=" + key + "&type=all"},
		{"history-json", newAPI, []string{"uid:1755930001"}, "GET /crmapi/v1/history/json?end=20251009T120000Z&limit=100&start=20251009T080000Z&type=all " + key},
	} {
		answer := commandOf(t, tt.sample).answer
		p, sent := pbxOf(t, func(w http.ResponseWriter, _ *http.Request) { answer(w) })
		if err := p.staff.keep(t.Context(), colleagues(t)); err != nil {
			t.Fatal(err)
		}
		p.generation.Store(tt.api)
		all, err := read(t, p, arrival.Add(-time.Hour), arrival.Add(3*time.Hour))
		if err != nil || len(all) != len(tt.keys) || len(sent.lines()) != 1 || sent.lines()[0] != tt.sent {
			t.Fatalf("%s: %+v, %v; sent %q", tt.sample, all, err, sent.lines())
		}
		for i, c := range all {
			if !c.Unnamed || c.MadeKey != tt.keys[i] || c.Tolerance != 5*time.Second || c.Events[0].Key != "" {
				t.Errorf("%s: %+v", tt.sample, c)
			}
		}
		v := call.FoldAll(all[0].Events).View()
		if v.Direction != call.In || v.Phone != "+79000000401" || v.Result != call.Answered || v.Extension != "701" || v.Talk != 124*time.Second || !v.StartedAt.Equal(arrival) || v.Line != "+74950000030" || len(v.Recordings) != 1 || !v.Restored {
			t.Errorf("%s: %+v", tt.sample, v)
		}
		if len(all) > 1 {
			if v := call.FoldAll(all[1].Events).View(); v.Result != call.Missed || v.Phone != "+79000000404" || v.Extension != "" || v.EndedAt.Sub(v.StartedAt) != 22*time.Second || len(v.Recordings) > 0 {
				t.Errorf("%s, missed: %+v", tt.sample, v)
			}
		}
	}
}

// TestHistory_ofAWebhookIsCompletedAndNotChanged: the row says the same of the call.
func TestHistory_ofAWebhookIsCompletedAndNotChanged(t *testing.T) {
	t.Parallel()
	requests, want := readFlow(t, samples+"flows/inbound-answered")
	p := started(t)
	c, _, _ := told(t, p, requests, []int{0, 1, 2, 3, 4})
	rows, _, err := itoolabs.ReadListing([]byte(commandOf(t, "history").Response.Text))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range p.row(rows[0]).Events {
		if e.Kind == call.KindHistory {
			e.Key = want.EntryID
			c = call.Fold(c, e)
		}
	}
	v := c.View()
	check(t, "with its row", v, want)
	if !v.Listed {
		t.Error("the row is not noticed")
	}
}

// TestHistory_halvesWhereThereMayBeMore: no PBX tells what it left out.
func TestHistory_halvesWhereThereMayBeMore(t *testing.T) {
	t.Parallel()
	const calls = 350 // one in ten minutes, for two and a half days, and a crowd at one moment
	began := func(i int) time.Time { return arrival.Add(time.Duration(i) * 10 * time.Minute) }
	p, sent := pbxOf(t, func(w http.ResponseWriter, r *http.Request) {
		from, _ := itoolabs.ReadMoment(r.FormValue("start"))
		to, _ := itoolabs.ReadMoment(r.FormValue("end"))
		n := 0
		for i := range calls {
			// As the PBXs do: with both ends, the newest first, no more than was asked for.
			at := began(calls - 1 - i)
			if at.Before(from) || at.After(to) || n == listingLimit {
				continue
			}
			n++
			fmt.Fprintf(w, "u%d,in,+79000000401,anna@demo.example,+74950000030,%s,1,2,\r\n", calls-1-i, at.Format(time.RFC3339))
		}
	})
	p.generation.Store(oldAPI)
	all, err := read(t, p, arrival, began(calls))
	if err != nil || len(all) != calls {
		t.Fatalf("%d calls, %v, by %d requests", len(all), err, len(sent.lines()))
	}
	had := map[string]bool{}
	for _, c := range all {
		had[c.MadeKey] = true
	}
	if len(had) != calls {
		t.Errorf("%d different ones", len(had))
	}
	crowd, n := strings.Repeat("u,in,,,,2025-10-09T09:00:00Z,1,2,\r\n", listingLimit), 0
	p, sent = pbxOf(t, says(200, crowd))
	p.generation.Store(oldAPI)
	if _, err := read(t, p, arrival, arrival.Add(4*time.Second)); err != nil {
		t.Fatal(err)
	}
	if n = len(sent.lines()); n > 8 {
		t.Errorf("a crowd at one moment is asked for %d times", n)
	}
}

func TestHistory_results(t *testing.T) {
	t.Parallel()
	p := started(t)
	for _, tt := range []struct {
		row  itoolabs.Row
		want call.Result
	}{
		{itoolabs.Row{Type: "in", Duration: time.Second}, call.Answered},
		{itoolabs.Row{Type: "in"}, call.Missed},
		{itoolabs.Row{Type: "missed", Wait: 9 * time.Second}, call.Missed},
		{itoolabs.Row{Type: "missed", Duration: 9 * time.Second}, call.Missed},
		{itoolabs.Row{Type: "out", Duration: time.Second}, call.Answered},
		{itoolabs.Row{Type: "out"}, call.NoAnswer},
		{itoolabs.Row{Type: "out", Result: itoolabs.ResultBusy}, call.Busy},
		{itoolabs.Row{Type: "in", Result: itoolabs.ResultSuccess}, call.Answered},
	} {
		tt.row.UID, tt.row.Start, tt.row.User, tt.row.Client = "u", arrival, "boris", "79000000405"
		v := call.FoldAll(p.row(tt.row).Events).View()
		if v.Result != tt.want || v.State != call.Ended || string(v.Phone) != "+79000000405" {
			t.Errorf("%+v: %s", tt.row, v.Result)
		}
	}
	if v := call.FoldAll(p.row(itoolabs.Row{UID: "u", Type: "out", Start: arrival, User: "anna", Client: "702", Duration: time.Second}).Events).View(); v.Direction != call.Internal {
		t.Errorf("between colleagues: %s", v.Direction)
	}
}

func TestHistory_whatIsNoListingIsAnError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"a page": {says(200, "<html>"), pbx.ErrUnclear}, "a word": {says(200, "OK"), pbx.ErrUnclear}, "an object": {says(200, "{}"), pbx.ErrUnclear}, "broken": {says(500, ""), pbx.ErrUnreachable},
	} {
		p, _ := pbxOf(t, tt.answer)
		p.generation.Store(oldAPI)
		if all, err := read(t, p, arrival, arrival.Add(time.Hour)); !errors.Is(err, tt.want) || len(all) > 0 {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
	}
	for _, body := range []string{"", "[]"} {
		p, _ := pbxOf(t, says(200, body))
		p.generation.Store(oldAPI)
		if all, err := read(t, p, arrival, arrival.Add(time.Hour)); err != nil || len(all) > 0 {
			t.Errorf("%q: %+v, %v", body, all, err)
		}
	}
	stop := errors.New("stop")
	p, _ := pbxOf(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, commandOf(t, "history").Response.Text) })
	p.generation.Store(oldAPI)
	if err := p.History(t.Context(), arrival, arrival.Add(3*time.Hour), func(pbx.HistoryCall) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("whoever takes no more: %v", err)
	}
}
