package reconcile_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// undated is a call of a PBX whose events have no time of their own: they are dated by their arrival, and
// its list names the call by another id.
type undated struct {
	row    pbx.HistoryCall
	events [][]call.Event // deliveries
	told   []call.Event   // the PBX's last word, which has the true times
}

// undatedCall is a talk of 40 s with 101 that began at a moment, and of which each event is heard later.
func undatedCall(key string, began, heard time.Time, out bool) undated {
	outside, mine := call.Party{Number: "+79990000101"}, call.Party{Extension: "101"}
	from, to, direction := outside, mine, call.In
	if out {
		from, to, direction = mine, outside, call.Out
	}
	leg := func(state call.LegState, seq int64, after time.Duration, end call.End) []call.Event {
		return []call.Event{{
			Kind: call.KindLeg, Key: key, At: heard.Add(after), Fact: key + string(state), Leg: key + "/ann", Place: call.PlaceEmployee,
			From: from, To: to, Seq: seq, State: state, End: end,
		}}
	}
	whole := call.Event{
		Kind: call.KindSummary, Key: key, Fact: key + "history", From: from, To: to, Direction: direction,
		Began: began, Answered: began.Add(10 * time.Second), At: began.Add(50 * time.Second), End: call.EndByCaller,
	}
	row := whole
	row.Kind, row.Key, row.Fact = call.KindHistory, "", ""
	return undated{
		row: pbx.HistoryCall{Events: []call.Event{row}, Unnamed: true, Tolerance: 5 * time.Second, MadeKey: "uid:" + key},
		events: [][]call.Event{
			leg(call.LegRinging, 1, 0, ""), leg(call.LegTalking, 3, 100*time.Millisecond, ""), leg(call.LegEnded, 4, 300*time.Millisecond, call.EndByCaller),
		},
		told: []call.Event{whole},
	}
}

func (s *school) hear(t *testing.T, deliveries ...[]call.Event) {
	t.Helper()
	integration := s.dir.Snapshot().Integration(s.pbx)
	for _, events := range deliveries {
		err := s.db.Write(t.Context(), func(tx *store.Tx) error { _, err := s.calls.ApplyEvents(tx, integration, events); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (s *school) allCalls(t *testing.T) []store.CallRecord {
	t.Helper()
	all, err := s.db.Calls(t.Context(), store.Start, 10)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Webhooks that the PBX could not deliver come again a minute later, in any order, before or after the
// comparison, with or without its last word: one call stays one.
func TestReconcile_aCallWhoseEventsCameLateIsOne(t *testing.T) {
	t.Parallel()
	began := noon.Add(-8 * time.Minute)
	for _, out := range []bool{false, true} {
		c := undatedCall("call-1", began, noon.Add(-7*time.Minute), out)
		backwards := slices.Clone(c.events)
		slices.Reverse(backwards)
		for name, tt := range map[string]struct{ before, after [][]call.Event }{
			"events, then the list":                          {before: append(slices.Clone(c.events), c.told)},
			"backwards, then the list":                       {before: append([][]call.Event{c.told}, backwards...)},
			"doubled, then the list":                         {before: append(append(slices.Clone(c.events), c.told, c.told), c.events...)},
			"the last word alone, then the list":             {before: [][]call.Event{c.told}},
			"the list, then all":                             {after: append(slices.Clone(c.events), c.told)},
			"the list, then the last word alone":             {after: [][]call.Event{c.told}},
			"events, the list, the last word":                {before: c.events, after: [][]call.Event{c.told}},
			"events without the last word, then the list":    {before: c.events},
			"backwards without the last word, then the list": {before: backwards},
			"doubled without the last word, then the list":   {before: append(slices.Clone(c.events), c.events...)},
			"the list, then events without the last word":    {after: c.events},
			"the list between the events":                    {before: c.events[:2], after: c.events[2:]},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t, &recalling{calls: []pbx.HistoryCall{c.row}})
				reconciler, _ := s.parts()
				reconcile := func() {
					if err := reconciler.Reconcile(t.Context(), s.pbx); err != nil {
						t.Fatal(err)
					}
				}
				s.hear(t, tt.before...)
				reconcile()
				s.hear(t, tt.after...)
				reconcile()
				reconcile()
				got := s.calledOnce(t)
				if !got.StartedAt.Equal(began) || got.Result != client.Answered || got.TalkSeconds == nil || *got.TalkSeconds != 40 {
					t.Errorf("outbound %v: began %s after its beginning, %s, talked for %s s", out, got.StartedAt.Sub(began), got.Result, asJSON(t, got.TalkSeconds))
				}
			})
		}
	}
}

// A row of a call that no event told is not that of another call of the same number.
func TestReconcile_aLostCallIsNotALaterOne(t *testing.T) {
	t.Parallel()
	lost := undatedCall("lost", noon.Add(-9*time.Minute), time.Time{}, false)
	next := undatedCall("next", noon.Add(-4*time.Minute), noon.Add(-4*time.Minute), false)
	muchLater := undatedCall("later", noon.Add(-2*time.Hour), noon.Add(-5*time.Minute), false)
	for name, tt := range map[string]struct {
		rows  []pbx.HistoryCall
		heard [][]call.Event
	}{
		"that goes on":           {[]pbx.HistoryCall{lost.row}, next.events[:2]},
		"that has its own row":   {[]pbx.HistoryCall{lost.row, next.row}, next.events},
		"that told its own time": {[]pbx.HistoryCall{lost.row}, append(slices.Clone(next.events), next.told)},
		"hours later":            {[]pbx.HistoryCall{muchLater.row}, next.events},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, &recalling{calls: tt.rows})
			reconciler, _ := s.parts()
			s.hear(t, tt.heard...)
			for range 2 {
				if err := reconciler.Reconcile(t.Context(), s.pbx); err != nil {
					t.Fatal(err)
				}
			}
			if all := s.allCalls(t); len(all) != 2 {
				t.Errorf("%d calls, want both", len(all))
			}
		})
	}
}

// TestReconcile_aColleaguesRowTakesNoClientsCall: a row that names neither call nor number, of a colleague's call that no
// event told, took the client's call that rang the same telephone in those seconds, and the client's own row made a second.
func TestReconcile_aColleaguesRowTakesNoClientsCall(t *testing.T) {
	t.Parallel()
	began := noon.Add(-8 * time.Minute)
	theirs := undatedCall("client", began, began, false)
	asked := call.Event{
		Kind: call.KindHistory, Fact: "asked", From: call.Party{Extension: "102"}, To: call.Party{Extension: "101"}, Direction: call.Internal,
		Began: began.Add(-time.Second), At: began.Add(2 * time.Second), End: call.EndNoAnswer,
	}
	colleagues := pbx.HistoryCall{Events: []call.Event{asked}, Unnamed: true, Tolerance: 5 * time.Second, MadeKey: "uid:asked"}
	for name, rows := range map[string][]pbx.HistoryCall{
		"the colleague's first": {colleagues, theirs.row}, "the client's first": {theirs.row, colleagues},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, &recalling{calls: rows})
			reconciler, _ := s.parts()
			s.hear(t, append(slices.Clone(theirs.events), theirs.told)...)
			for range 2 {
				if err := reconciler.Reconcile(t.Context(), s.pbx); err != nil {
					t.Fatal(err)
				}
			}
			directions := map[client.Direction]int{}
			for _, rec := range s.allCalls(t) {
				directions[rec.View.Direction]++
				if rec.View.Direction == client.In && (rec.Key != "client" || rec.View.Restored || !rec.Confirmed) {
					t.Errorf("the client's call is %s, restored %t, confirmed %t", rec.Key, rec.View.Restored, rec.Confirmed)
				}
			}
			if directions[client.In] != 1 || directions[client.Internal] != 1 {
				t.Errorf("the calls are %v; want one of the client and one of the colleagues", directions)
			}
		})
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
