package call_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"dozvon/app/server/call"
)

// transferred is a call that rings 101, is handed to 102 and hung up there.
func transferred() *script {
	s := &script{}
	s.leg("101", call.LegRinging, nil)
	s.leg("101", call.LegTalking, nil)
	answered := s.at
	s.ends("101", call.EndMoved)
	s.leg("102", call.LegRinging, func(e *call.Event) { e.After = "101" })
	s.leg("102", call.LegTalking, func(e *call.Event) { e.After = "101" })
	s.ends("102", call.EndByCaller)
	s.summary(call.In, answered)
	return s
}

// recordOf writes the PBX's own record of a script's call; ids says whether it names the legs.
func recordOf(s *script, ids bool) []call.Event {
	byLeg := map[string]*call.Event{}
	var order []string
	var out []call.Event
	for _, e := range s.out {
		if e.Kind == call.KindSummary {
			h := e
			h.Kind = call.KindHistory
			out = append(out, h)
			continue
		}
		h := byLeg[e.Leg]
		if h == nil {
			h = &call.Event{Kind: call.KindHistoryLeg, Key: "k", Place: e.Place, From: e.From, To: e.To, Began: e.At}
			if ids {
				h.Leg = e.Leg
			}
			byLeg[e.Leg] = h
			order = append(order, e.Leg)
		}
		switch e.State {
		case call.LegTalking:
			h.Answered = e.At
		case call.LegEnded:
			h.At, h.End, h.Cause = e.At, e.End, e.Cause
		}
	}
	for _, id := range order {
		out = append(out, *byLeg[id])
	}
	return out
}

// seen is what people are shown, without what tells how it became known.
func seen(events []call.Event) call.View {
	v := call.FoldAll(events).View()
	v.Listed, v.Restored = false, false
	return v
}

func TestHistory_changesNothingOfACallThatWasToldWhole(t *testing.T) {
	t.Parallel()
	s := transferred()
	for _, ids := range []bool{true, false} {
		v := call.FoldAll(append(s.out, recordOf(s, ids)...)).View()
		if v.Restored || !v.Listed {
			t.Errorf("ids %v: restored %v, listed %v; want only listed", ids, v.Restored, v.Listed)
		}
		if got, want := seen(append(s.out, recordOf(s, ids)...)), seen(s.out); !reflect.DeepEqual(got, want) {
			t.Errorf("ids %v:\n got %+v\nwant %+v", ids, got, want)
		}
	}
}

func TestHistory_restoresWhatNoEventTold(t *testing.T) {
	t.Parallel()
	s := transferred()
	want := seen(s.out)
	r := rand.New(rand.NewPCG(3, 1))
	for range 300 {
		var told []call.Event
		for _, e := range s.out {
			if r.IntN(2) == 0 {
				told = append(told, e)
			}
		}
		got := seen(append(told, recordOf(s, true)...))
		if got.Result != want.Result || got.Talk != want.Talk || got.Extension != want.Extension || !reflect.DeepEqual(got.Rang, want.Rang) || got.State != want.State {
			t.Fatalf("with %d of %d events\n got %+v\nwant %+v", len(told), len(s.out), got, want)
		}
	}
}

func TestHistory_aloneGivesTheCall(t *testing.T) {
	t.Parallel()
	s := transferred()
	got, want := summaryOf(call.FoldAll(recordOf(s, false))), summaryOf(call.FoldAll(s.out))
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestClosed_isUnconfirmedUntilThePBXTells(t *testing.T) {
	t.Parallel()
	s := transferred()
	cut := append([]call.Event{}, s.out[:4]...)
	closed := append(cut, call.Event{Kind: call.KindClosed, Key: "k", At: s.at.Add(time.Hour)})
	if v := call.FoldAll(closed).View(); v.State != call.Ended || !v.Unconfirmed {
		t.Errorf("closed by a limit: %+v", v)
	}
	whole := append(closed, recordOf(s, true)...)
	if v := call.FoldAll(whole).View(); v.Unconfirmed || v.Result != call.Answered || v.Extension != "102" || !v.Restored {
		t.Errorf("after the PBX's record: %+v", v)
	}
}

func TestConsultation_namesTheColleagueAndBothLegs(t *testing.T) {
	t.Parallel()
	s := &script{}
	s.leg("101", call.LegRinging, nil)
	s.leg("101", call.LegTalking, nil)
	s.leg("101", call.LegHeld, nil)
	s.leg("102", call.LegRinging, func(e *call.Event) {
		e.From, e.After = call.Party{Extension: "101", Device: "sip:user101@x"}, "101"
	})
	v := call.FoldAll(s.out).View()
	want := call.Consultation{Extension: "102", State: call.Ringing, HeldLeg: "101", Leg: "102", Device: "sip:user101@x"}
	if v.State != call.Held || v.Consulting == nil || *v.Consulting != want || v.TalkLeg != "101" {
		t.Errorf("got %+v, consulting %+v", v, v.Consulting)
	}
}

func TestRecordings_ofOneCallKeepTheirOwnStates(t *testing.T) {
	t.Parallel()
	rec := func(id, state string, after int) call.Event {
		return call.Event{
			Kind: call.KindRecording, Key: "k", Recording: id, RecordingState: state, At: noon.Add(time.Duration(after) * time.Second),
			To: call.Party{Extension: "10" + id},
		}
	}
	v := call.FoldAll([]call.Event{
		rec("1", call.RecordingStarted, 0), rec("1", call.RecordingCompleted, 5), rec("1", call.RecordingReady, 60),
		rec("2", call.RecordingStarted, 6), rec("2", call.RecordingReady, 61), rec("2", call.RecordingGone, 600),
		rec("3", call.RecordingStarted, 7), rec("3", call.RecordingDropped, 8),
	}).View()
	if len(v.Recordings) != 2 || !v.Recordings[0].Ready || v.Recordings[0].Gone || !v.Recordings[1].Gone || v.Recordings[1].Extension != "102" {
		t.Errorf("got %+v", v.Recordings)
	}
}

// TestConsultation_joiningRingsNobody: between the end of the client's leg and the word that he
// talks with the colleague now, the call is still a talk.
func TestConsultation_joiningRingsNobody(t *testing.T) {
	t.Parallel()
	asks := func(e *call.Event) { e.From, e.After = call.Party{Extension: "101"}, "101" }
	s := &script{}
	s.leg("101", call.LegRinging, nil)
	s.leg("101", call.LegTalking, nil)
	s.leg("101", call.LegHeld, nil)
	s.leg("102", call.LegRinging, asks)
	s.leg("102", call.LegTalking, asks)
	if v := call.FoldAll(s.out).View(); v.State != call.Held {
		t.Errorf("while asking: %s", v.State)
	}
	s.ends("101", call.EndMoved)
	if v := call.FoldAll(s.out).View(); v.State != call.Talking || len(v.Ringing) != 0 {
		t.Errorf("while joining: %s, %v rings", v.State, v.Ringing)
	}
	s.leg("102", call.LegTalking, func(e *call.Event) { e.After = "101" })
	if v := call.FoldAll(s.out).View(); v.State != call.Talking || v.Extension != "102" {
		t.Errorf("joined: %s with %s", v.State, v.Extension)
	}
}

// TestConsultation_withinOneSecondIsStillTheClientsCall: a PBX's times are whole seconds, and the
// id of the colleague's leg may come before the client's. Then the call once was an internal one.
func TestConsultation_withinOneSecondIsStillTheClientsCall(t *testing.T) {
	t.Parallel()
	s := &script{}
	s.leg("102", call.LegRinging, nil)
	s.leg("102", call.LegTalking, nil)
	s.leg("102", call.LegHeld, nil)
	asks := func(e *call.Event) { e.From, e.After = call.Party{Extension: "102"}, "102" }
	s.leg("101", call.LegRinging, asks)
	s.leg("101", call.LegTalking, asks)
	for i := range s.out {
		s.out[i].At = noon
	}
	for _, order := range shuffledAndDoubled(s.out) {
		v := call.FoldAll(order).View()
		if v.Direction != call.In || v.State != call.Held || v.Consulting == nil || v.Consulting.Extension != "101" {
			t.Errorf("a call %s, %s, consulting %+v", v.Direction, v.State, v.Consulting)
		}
	}
}
