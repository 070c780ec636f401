package match_test

import (
	"slices"
	"testing"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/match"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func TestFits_aRowIsAboutTheEmployeesPartThatBeganThen(t *testing.T) {
	t.Parallel()
	part := call.Part{ID: "leg", Extension: "101", Began: noon}
	for name, tt := range map[string]struct {
		row  match.Row
		fits bool
	}{
		"the same":             {match.Row{Extension: "101", Began: noon}, true},
		"earlier within":       {match.Row{Extension: "101", Began: noon.Add(-5 * time.Second)}, true},
		"too late":             {match.Row{Extension: "101", Began: noon.Add(6 * time.Second)}, false},
		"another employee's":   {match.Row{Extension: "102", Began: noon}, false},
		"a group's":            {match.Row{Began: noon}, true},
		"the other direction":  {match.Row{Extension: "101", Outgoing: true, Began: noon}, false},
		"a group's, outbound":  {match.Row{Outgoing: true, Began: noon}, false},
		"too early, a group's": {match.Row{Began: noon.Add(-6 * time.Second)}, false},
	} {
		if _, fits := tt.row.Fits(part, 5*time.Second); fits != tt.fits {
			t.Errorf("%s: fits %v, want %v", name, fits, tt.fits)
		}
	}
}

func TestRowsOf_aRecordWithoutLegsIsItselfTheRow(t *testing.T) {
	t.Parallel()
	caller := call.Party{Number: "+79990000101"}
	whole := call.Event{Kind: call.KindHistory, Direction: call.In, Began: noon, From: caller, To: call.Party{Extension: "101"}}
	leg := call.Event{Kind: call.KindHistoryLeg, Began: noon.Add(time.Second), From: caller, To: call.Party{Extension: "102"}}
	out := call.Event{Kind: call.KindHistory, Began: noon, From: call.Party{Extension: "101"}, To: caller}
	undated := call.Event{Kind: call.KindHistoryLeg, From: caller, To: call.Party{Extension: "102"}}
	for name, tt := range map[string]struct {
		events []call.Event
		rows   []match.Row
	}{
		"a leg":              {[]call.Event{whole, leg}, []match.Row{{Extension: "102", Number: "+79990000101", Began: noon.Add(time.Second)}}},
		"no leg":             {[]call.Event{whole}, []match.Row{{Extension: "101", Number: "+79990000101", Began: noon}}},
		"outbound":           {[]call.Event{out}, []match.Row{{Extension: "101", Outgoing: true, Number: "+79990000101", Began: noon}}},
		"a leg without time": {[]call.Event{undated}, nil},
	} {
		if rows := match.RowsOf(tt.events); !slices.Equal(rows, tt.rows) {
			t.Errorf("%s: %v, want %v", name, rows, tt.rows)
		}
	}
}

func TestSpellings_ofANumberThatPBXsShorten(t *testing.T) {
	t.Parallel()
	for number, want := range map[phone.Number][]phone.Number{
		"+74951234567": {"+74951234567", "4951234567"},
		"4951234567":   {"+74951234567", "4951234567"},
		"84951234567":  {"+74951234567", "4951234567", "84951234567"},
		"1234567":      {"1234567"},
	} {
		if got := match.Spellings(number); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", number, got, want)
		}
	}
}

func TestLateRow_onlyOfWhatTheStatisticsMayHaveToldBefore(t *testing.T) {
	t.Parallel()
	rings := call.Event{Kind: call.KindLeg, State: call.LegRinging, Place: call.PlaceEmployee, At: noon, From: call.Party{Number: "+79990000101"}, To: call.Party{Extension: "101"}}
	changed := func(change func(*call.Event)) call.Event {
		e := rings
		change(&e)
		return e
	}
	for name, tt := range map[string]struct {
		event call.Event
		after time.Duration
		late  bool
	}{
		"in time":        {rings, 9 * time.Second, false},
		"late":           {rings, 10 * time.Second, true},
		"an end":         {changed(func(e *call.Event) { e.State = call.LegEnded }), time.Hour, false},
		"in a queue":     {changed(func(e *call.Event) { e.Place = call.PlaceQueue }), time.Hour, false},
		"a summary":      {changed(func(e *call.Event) { e.Kind, e.Began = call.KindSummary, noon }), time.Hour, true},
		"an undated one": {changed(func(e *call.Event) { e.Kind = call.KindSummary }), time.Hour, false},
		"a recording":    {changed(func(e *call.Event) { e.Kind = call.KindRecording }), time.Hour, false},
	} {
		row, late := match.LateRow(tt.event, noon.Add(tt.after))
		if late != tt.late {
			t.Errorf("%s: late %v, want %v", name, late, tt.late)
		}
		if want := (match.Row{Extension: "101", Number: "+79990000101", Began: noon}); late && row != want {
			t.Errorf("%s: %v, want %v", name, row, want)
		}
	}
}
