package beeline

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

var (
	day     = time.Date(2025, 10, 9, 0, 0, 0, 0, time.UTC)
	nextDay = day.Add(24 * time.Hour)
)

func history(tb testing.TB, p *Provider, from, to time.Time) []pbx.HistoryCall {
	tb.Helper()
	var all []pbx.HistoryCall
	if err := p.History(tb.Context(), from, to, func(c pbx.HistoryCall) error { all = append(all, c); return nil }); err != nil {
		tb.Fatal(err)
	}
	return all
}

// restored is a call of the history as a school without any events would see it.
func restored(c pbx.HistoryCall) string {
	v := call.FoldAll(c.Events).View()
	key := c.MadeKey
	if !c.Unnamed {
		key = c.Events[0].Key
	}
	text := fmt.Sprintf("%s %s %s %s by %s at %s for %s", key, v.Direction, v.Result, v.Phone, v.Extension, v.StartedAt.Format("15:04:05"), v.Talk)
	for _, r := range v.Recordings {
		text += " recorded " + r.ID
	}
	if v.State != call.Ended || !v.Restored || v.Unconfirmed {
		text += " (not restored)"
	}
	return text
}

// TestHistory_ofTheSamples: recordings name their calls and take the rows of the same talks along; the
// other rows get a made-up key.
func TestHistory_ofTheSamples(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t, "abonents", "numbers", "records", "statistics-v2")
	got := history(t, f.provider(), day, nextDay)
	var lines []string
	for _, c := range got {
		lines = append(lines, restored(c))
	}
	want := []string{
		"480001:1 in answered +79000000201 by 101 at 09:03:20 for 1m3s recorded 480001:1/9600000101@mpbx.sip.beeline.ru",
		"480005:1 in answered +79000000205 by 102 at 09:43:29 for 2m0s recorded 480005:1/9600000102@mpbx.sip.beeline.ru",
		"stat:9600000101@mpbx.sip.beeline.ru:1760001200000 in missed +79000000202 by 101 at 09:13:20 for 0s",
		"stat:9600000102@mpbx.sip.beeline.ru:1760005400000 out answered +79000000209 by 102 at 10:23:20 for 40s",
		"stat:9600000102@mpbx.sip.beeline.ru:1760006000000 out no_answer +79000000210 by 102 at 10:33:20 for 0s",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("\n got %s\nwant %s", strings.Join(lines, "\n     "), strings.Join(want, "\n     "))
	}
	again := history(t, f.provider(), day, nextDay)
	for i := range again {
		if restored(again[i]) != lines[i] {
			t.Errorf("the second time: %s", restored(again[i]))
		}
	}
}

// TestHistory_beside_whatEventsTold: a row of a call that the events told of changes nothing in it.
func TestHistory_besideWhatEventsTold(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	row := beeline.Row{
		Abonent: beeline.Abonent{UserID: annasID}, Direction: beeline.Inbound, Status: beeline.Received,
		Start: beeline.Moment{Time: time.UnixMilli(1760000600000)}, Duration: beeline.Millis(63 * time.Second), From: "+79000000201",
	}
	record := beeline.Record{
		ID: "1", External: "480001:1", Phone: "9000000201", Direction: beeline.Inbound, Abonent: row.Abonent,
		Date: beeline.Moment{Time: time.UnixMilli(1760000607000)}, Duration: row.Duration,
	}
	f := readFlows(t)
	answered := f[slices.IndexFunc(f, func(f flow) bool { return f.name == "inbound-answered" })]
	for name, calls := range map[string][]pbx.HistoryCall{
		"a row": (historian{p.api, &p.who}).calls(nil, []beeline.Row{row}), "a recording": historian{p.api, &p.who}.calls([]beeline.Record{record}, nil), "both": historian{p.api, &p.who}.calls([]beeline.Record{record}, []beeline.Row{row}),
	} {
		if len(calls) != 1 {
			t.Fatalf("%s: %d calls", name, len(calls))
		}
		s := newSchool(t, p)
		for _, b := range answered.bodies {
			s.deliver(b)
		}
		c := s.calls["480001:1"]
		for _, e := range calls[0].Events {
			e.Key = "480001:1"
			c = call.Fold(c, e)
		}
		v := c.View()
		if err := answered.expect.compare(v); err != nil || !v.Listed || v.Restored || len(v.Path) != 1 {
			t.Errorf("%s: %v, listed %v, restored %v, path %v", name, err, v.Listed, v.Restored, v.Path)
		}
	}
}

func TestHistory_rowsOfOneCallAreOne(t *testing.T) {
	t.Parallel()
	p := known(t)
	row := func(ext int, out bool, status, other string, after time.Duration) beeline.Row {
		r := beeline.Row{Abonent: beeline.Abonent{UserID: beeline.Text(fmt.Sprintf("9600000%d@mpbx.sip.beeline.ru", ext))}, Status: beeline.Text(status)}
		r.Start.Time, r.Direction, r.From = day.Add(after), beeline.Inbound, beeline.Text(other)
		if out {
			r.Direction, r.From, r.To = beeline.Outbound, "", beeline.Text(other)
		}
		if r.Talked() || status == beeline.Placed {
			r.Duration = beeline.Millis(time.Minute)
		}
		return r
	}
	tests := []struct {
		name string
		rows []beeline.Row
		want []string
	}{
		{"a group missed it", []beeline.Row{row(101, false, beeline.Missed, "9000000201", 0), row(102, false, beeline.Missed, "+79000000201", time.Second)}, []string{
			"stat:9600000101@mpbx.sip.beeline.ru:1759968000000 in missed +79000000201 by 101 at 00:00:00 for 0s",
		}},
		{"one of a group answered", []beeline.Row{row(101, false, beeline.Missed, "9000000201", 0), row(102, false, beeline.Received, "9000000201", time.Second)}, []string{
			"stat:9600000101@mpbx.sip.beeline.ru:1759968000000 in answered +79000000201 by 102 at 00:00:00 for 1m0s",
		}},
		{"the same client called twice", []beeline.Row{row(101, false, beeline.Missed, "9000000201", 0), row(101, false, beeline.Missed, "9000000201", 4*time.Second)}, []string{
			"stat:9600000101@mpbx.sip.beeline.ru:1759968000000 in missed +79000000201 by 101 at 00:00:00 for 0s",
			"stat:9600000101@mpbx.sip.beeline.ru:1759968004000 in missed +79000000201 by 101 at 00:00:04 for 0s",
		}},
		{"two clients at once", []beeline.Row{row(101, false, beeline.Missed, "9000000201", 0), row(102, false, beeline.Missed, "9000000202", 0)}, []string{
			"stat:9600000101@mpbx.sip.beeline.ru:1759968000000 in missed +79000000201 by 101 at 00:00:00 for 0s",
			"stat:9600000102@mpbx.sip.beeline.ru:1759968000000 in missed +79000000202 by 102 at 00:00:00 for 0s",
		}},
		{"hidden callers are not one", []beeline.Row{row(101, false, beeline.Missed, "", 0), row(102, false, beeline.Missed, "", 0)}, []string{
			"stat:9600000101@mpbx.sip.beeline.ru:1759968000000 in missed  by 101 at 00:00:00 for 0s",
			"stat:9600000102@mpbx.sip.beeline.ru:1759968000000 in missed  by 102 at 00:00:00 for 0s",
		}},
		{"both ends of a call between colleagues", []beeline.Row{row(101, true, beeline.Placed, "102", 0), row(102, false, beeline.Received, "9600000101", time.Second)}, []string{
			"stat:9600000101@mpbx.sip.beeline.ru:1759968000000 internal answered  by 102 at 00:00:00 for 1m0s",
		}},
		{"two calls between colleagues", []beeline.Row{
			row(101, true, beeline.Placed, "102", 0), row(102, false, beeline.Received, "9600000101", 0),
			row(101, true, beeline.Placed, "102", 3*time.Second), row(102, false, beeline.Missed, "101", 3*time.Second),
		}, []string{
			"stat:9600000101@mpbx.sip.beeline.ru:1759968000000 internal answered  by 102 at 00:00:00 for 1m0s",
			"stat:9600000101@mpbx.sip.beeline.ru:1759968003000 internal answered  by 102 at 00:00:03 for 1m0s",
		}},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range (historian{p.api, &p.who}).calls(nil, tt.rows) {
			got = append(got, restored(c))
			if !c.Unnamed || c.Tolerance != tolerance {
				t.Errorf("%s: %+v", tt.name, c)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
		}
	}
}

// TestHistory_readsAllPages: the recordings behind the last id, the statistics page by page, in the
// first version where there is no second, and neither for ever.
func TestHistory_readsAllPages(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t, "abonents", "numbers")
	const all = 250
	f.handle("GET records", func(w http.ResponseWriter, r *http.Request) {
		after, _ := strconv.Atoi(r.URL.Query().Get("id"))
		page := []beeline.Record{}
		for i := after + 1; i <= all && len(page) < beeline.RecordsPage; i++ {
			rec := beeline.Record{ID: beeline.Text(strconv.Itoa(i)), External: beeline.Text(fmt.Sprintf("%d:1", i)), Phone: "9000000201", Direction: beeline.Inbound}
			rec.Abonent.UserID, rec.Date.Time, rec.Duration = annasID, day.Add(time.Duration(i)*time.Minute), beeline.Millis(time.Second)
			page = append(page, rec)
		}
		json.NewEncoder(w).Encode(page)
	})
	f.handle("GET statistics", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("pageSize"))
		rows := []beeline.Row{}
		for i := n * size; i < min(all, (n+1)*size); i++ {
			row := beeline.Row{Status: beeline.Missed, Phone: "9000000202"}
			row.Abonent.UserID, row.Start.Time = annasID, day.Add(time.Duration(i)*time.Minute)
			rows = append(rows, row)
		}
		json.NewEncoder(w).Encode(rows)
	})
	p := f.provider()
	if got := history(t, p, day, nextDay); len(got) != 2*all {
		t.Errorf("%d calls", len(got))
	}
	for _, line := range f.log() {
		if strings.Contains(line, "statistics") && !strings.Contains(line, "dateFrom=2025-10-09T00%3A00%3A00Z&dateTo=2025-10-10T00%3A00%3A00Z&page=") {
			t.Errorf("asked %s", line)
		}
	}
	for name, err := range map[string]error{
		"a page": pbx.ErrUnclear,
	} {
		ill := newFakePBX(t, "abonents", "numbers", "records")
		ill.handle("GET v2/statistics", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html>") })
		if got := ill.provider().History(t.Context(), day, nextDay, func(pbx.HistoryCall) error { return nil }); got == nil || !strings.Contains(got.Error(), err.Error()) {
			t.Errorf("%s: %v", name, got)
		}
	}
}
