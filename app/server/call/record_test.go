package call_test

import (
	"slices"
	"testing"
	"time"

	"dozvon/app/server/call"
)

// answeredCall rings 101 at second 1, is answered at 2 and ends at 3.
func answeredCall() *script {
	s := &script{}
	s.leg("101", call.LegRinging, nil)
	s.leg("101", call.LegTalking, nil)
	s.ends("101", call.EndByCaller)
	return s
}

// unsure is a row of a statistics that knows neither the answer nor the true end.
func unsure(began time.Time, talk time.Duration) call.Event {
	e := call.Event{
		Kind: call.KindHistory, Key: "k", Unsure: true, Began: began, At: began.Add(talk), Direction: call.In,
		From: call.Party{Number: client}, To: call.Party{Extension: "101"},
	}
	if talk > 0 {
		e.Answered = began
	}
	return e
}

// TestRecord_unsureStandsBack: what the events of the legs told stays, and the call is listed.
func TestRecord_unsureStandsBack(t *testing.T) {
	t.Parallel()
	s := answeredCall()
	want := call.FoldAll(s.out).View()
	for name, row := range map[string]call.Event{
		"that somebody talked": unsure(noon.Add(time.Second), time.Second), "that nobody did": unsure(noon.Add(time.Second), 0),
	} {
		for _, order := range shuffledAndDoubled(append(slices.Clone(s.out), row)) {
			v := call.FoldAll(order).View()
			if !v.Listed || v.Restored {
				t.Fatalf("%s: listed %v, restored %v", name, v.Listed, v.Restored)
			}
			if !v.AnsweredAt.Equal(want.AnsweredAt) || !v.EndedAt.Equal(want.EndedAt) || !v.StartedAt.Equal(want.StartedAt) || v.Result != call.Answered || v.Talk != want.Talk || v.Extension != "101" {
				t.Fatalf("%s: %+v", name, v)
			}
		}
	}
}

// TestRecord_unsureDoesNotEndWhatGoesOn: the record of the first talk is there while the second goes on.
func TestRecord_unsureDoesNotEndWhatGoesOn(t *testing.T) {
	t.Parallel()
	s := &script{}
	s.leg("101", call.LegRinging, nil)
	s.leg("101", call.LegTalking, nil)
	s.ends("101", call.EndMoved)
	s.leg("102", call.LegRinging, nil)
	s.leg("102", call.LegTalking, nil)
	row := unsure(noon.Add(time.Second), 2*time.Second)
	for _, order := range shuffledAndDoubled(append(slices.Clone(s.out), row)) {
		if v := call.FoldAll(order).View(); v.State != call.Talking || v.Extension != "102" {
			t.Fatalf("%s by %s", v.State, v.Extension)
		}
	}
}

// TestRecord_unsureEndsWhatNoEventEnded: the end of the leg was lost.
func TestRecord_unsureEndsWhatNoEventEnded(t *testing.T) {
	t.Parallel()
	s := answeredCall()
	for _, order := range shuffledAndDoubled(append(slices.Clone(s.out[:2]), unsure(noon.Add(time.Second), time.Minute))) {
		v := call.FoldAll(order).View()
		if v.State != call.Ended || v.Result != call.Answered || v.Talk != 59*time.Second || v.Unconfirmed {
			t.Fatalf("%s %s after %s", v.State, v.Result, v.Talk)
		}
	}
}

// TestRecord_unsureAlone: no event came at all.
func TestRecord_unsureAlone(t *testing.T) {
	t.Parallel()
	v := call.FoldAll([]call.Event{unsure(noon, time.Minute), unsure(noon.Add(2*time.Second), 0)}).View()
	if !v.Restored || v.Direction != call.In || v.Phone != client || v.Talk != time.Minute || v.Result != call.Answered || !v.StartedAt.Equal(noon) {
		t.Errorf("%+v", v)
	}
	missed := call.FoldAll([]call.Event{unsure(noon, 0)}).View()
	if !missed.Restored || missed.Result != call.Missed || missed.State != call.Ended {
		t.Errorf("%+v", missed)
	}
}

// TestRecord_unsureLegsComplete: a leg of a row completes the told leg that is nearest, and adds none
// beside told ones; where nothing was told it is the call.
func TestRecord_unsureLegsComplete(t *testing.T) {
	t.Parallel()
	row := func(began time.Time, ext string) call.Event {
		return call.Event{
			Kind: call.KindHistoryLeg, Key: "k", Unsure: true, Place: call.PlaceEmployee, Began: began, Answered: began, At: began.Add(time.Minute),
			From: call.Party{Number: client}, To: call.Party{Extension: ext}, End: call.EndByCaller,
		}
	}
	s := answeredCall()
	rows := []call.Event{row(noon.Add(4*time.Second), "101"), row(noon, "103"), unsure(noon, time.Minute)}
	for _, order := range shuffledAndDoubled(append(slices.Clone(s.out[:1]), rows...)) {
		v := call.FoldAll(order).View()
		if !v.Restored || v.State != call.Ended || v.Result != call.Answered || !slices.Equal(v.Rang, []string{"101"}) || len(v.Path) != 1 {
			t.Fatalf("beside events: %+v", v)
		}
	}
	for _, order := range shuffledAndDoubled(rows) {
		if v := call.FoldAll(order).View(); len(v.Path) != 2 || v.Result != call.Answered || v.Talk != time.Minute {
			t.Fatalf("alone: %+v", v)
		}
	}
}

// TestRecord_theClientsRowEndsTheLegOfWhoTookOver: the leg began as a consultation under another key, and
// its end was lost; the row of the consultation does not end it.
func TestRecord_theClientsRowEndsTheLegOfWhoTookOver(t *testing.T) {
	t.Parallel()
	s := answeredCall()
	s.out[2].End = call.EndMoved
	asked := func(e *call.Event) {
		e.Key, e.From, e.To = "other", call.Party{Extension: "101"}, call.Party{Extension: "102"}
	}
	s.leg("half", call.LegRinging, asked)
	began := s.at
	s.leg("half", call.LegTalking, asked)
	s.leg("half", call.LegTalking, func(e *call.Event) { e.To.Extension = "102" })
	row := func(from call.Party, talk time.Duration) call.Event {
		return call.Event{
			Kind: call.KindHistoryLeg, Key: "k", Unsure: true, Place: call.PlaceEmployee, Began: began, Answered: began, At: began.Add(talk),
			From: from, To: call.Party{Extension: "102"}, End: call.EndByCaller,
		}
	}
	whole := unsure(noon.Add(time.Second), 0)
	whole.Answered, whole.At = whole.Began, began.Add(time.Minute)
	rows := []call.Event{row(call.Party{Extension: "101"}, 4*time.Second), row(call.Party{Number: client}, time.Minute), whole}
	for _, order := range shuffledAndDoubled(append(slices.Clone(s.out), rows...)) {
		v := call.FoldAll(order).View()
		if v.State != call.Ended || !v.EndedAt.Equal(began.Add(time.Minute)) || v.Extension != "102" || len(v.Rang) != 2 {
			t.Fatalf("%s at %s by %s, rang %v", v.State, v.EndedAt, v.Extension, v.Rang)
		}
	}
}
