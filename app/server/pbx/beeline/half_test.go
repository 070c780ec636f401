package beeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/call"
)

// tell is an event of one half of call 1:1, as 101's telephone tells it.
func tell(kind, half string) []byte {
	return []byte(`<xsi:Event xmlns:xsi="x" xmlns:i="i"><xsi:subscriptionId>s</xsi:subscriptionId><xsi:targetId>` + annasID + `</xsi:targetId>
		<xsi:eventData i:type="xsi:` + kind + `"><xsi:call>` + half + `</xsi:call></xsi:eventData></xsi:Event>`)
}

func inboundHalf(state, fields string) string {
	return `<callId>a</callId><extTrackingId>1:1</extTrackingId><personality>Terminator</personality><state>` + state + `</state>
		<remoteParty><address>tel:+79000000201</address><callType>Network</callType></remoteParty><startTime>1760000600000</startTime>` + fields
}

func outboundHalf(id, state, fields string) string {
	return `<callId>` + id + `</callId><extTrackingId>1:1</extTrackingId><personality>Originator</personality><state>` + state + `</state>
		<remoteParty><address>tel:+79000000201</address><callType>Network</callType></remoteParty><startTime>1760000600000</startTime>` + fields
}

func dialHalf(id, state, fields string) string {
	return `<callId>` + id + `</callId><extTrackingId>1:1</extTrackingId><personality>Click-to-Dial</personality><state>` + state + `</state>
		<startTime>1760000600000</startTime>` + fields
}

// TestHalf_holdsWithoutTotals: a PBX that does not tell how long a call was held.
func TestHalf_holdsWithoutTotals(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1760000600000)
	p := known(t, func(c *Config) { c.Now = func() time.Time { return now } })
	s := newSchool(t, p)
	at := func(second int) string { return fmt.Sprint(1760000600000 + 1000*second) }
	const answered = `<answerTime>1760000602000</answerTime>`
	var got []string
	for _, step := range []struct {
		second int
		body   []byte
	}{
		{2, tell("CallAnsweredEvent", inboundHalf("Active", answered))},
		{10, tell("CallHeldEvent", inboundHalf("Held", answered+`<heldTime>`+at(10)+`</heldTime>`))},
		{15, tell("CallRetrievedEvent", inboundHalf("Active", answered))},
		{15, tell("CallRetrievedEvent", inboundHalf("Active", answered))},
		{20, tell("CallHeldEvent", inboundHalf("Held", answered+`<heldTime>`+at(20)+`</heldTime>`))},
		{22, tell("CallUpdatedEvent", inboundHalf("Held", answered+`<heldTime>`+at(20)+`</heldTime>`))},
		{30, tell("CallRetrievedEvent", inboundHalf("Active", answered))},
		{31, tell("CallHeldEvent", inboundHalf("Remote Held", answered))},
	} {
		now = time.UnixMilli(1760000600000 + 1000*int64(step.second))
		s.deliver(step.body)
		got = append(got, string(s.calls["1:1"].View().State))
	}
	if want := "talking held talking talking held held talking talking"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
}

// TestHalf_ends: why a half ended, and whether that is the end of the call.
func TestHalf_ends(t *testing.T) {
	t.Parallel()
	const group = `<huntGroupUserId>9610000010_hg_1@mpbx.sip.beeline.ru</huntGroupUserId>`
	released := func(fields string) string { return `<releaseTime>1760000630000</releaseTime>` + fields }
	cause := func(word string) string {
		return `<releaseCause><internalReleaseCause>` + word + `</internalReleaseCause></releaseCause>`
	}
	const remote, local = `<releasingParty>remoteRelease</releasingParty>`, `<releasingParty>localRelease</releasingParty>`
	const talked = `<answerTime>1760000605000</answerTime>`
	tests := []struct {
		name, half string
		want       string // end, code, the PBX's word, whether it is final
	}{
		{"the client hung up", inboundHalf("Released", released(remote+talked)), "by_caller 0"},
		{"the employee hung up", inboundHalf("Released", released(local+talked)), "by_called 0"},
		{"the caller gave up", inboundHalf("Released", released(remote)), "by_caller 0"},
		{"a group's member rang in vain", inboundHalf("Released", released(remote+group)), "no_answer 0"},
		{"a group's member talked", inboundHalf("Released", released(remote+group+talked)), "by_caller 0"},
		{"declined", inboundHalf("Released", released(cause("Busy"))), "declined 486"},
		{"declined at the telephone", inboundHalf("Released", released(local)), "declined 0"},
		{"out of reach", inboundHalf("Released", released(cause("Temporarily Unavailable"))), "no_answer 480"},
		{"nothing told", inboundHalf("Released", released("")), "no_answer 0"},
		{"a word of tomorrow", inboundHalf("Released", released(cause("Gone Fishing"))), "failed 999 Gone Fishing"},
		{"in any case", inboundHalf("released", released(cause("busy"))), "declined 486"},
		{"busy outside", outboundHalf("a", "Released", released(cause("Busy"))), "busy 486 final"},
		{"barred", outboundHalf("a", "Released", released(cause("Forbidden"))), "failed 403 final"},
		{"they did not pick up", outboundHalf("a", "Released", released(cause("Request Timeout"))), "no_answer 408 final"},
		{"they hung up", outboundHalf("a", "Released", released(remote+talked)), "by_called 0"},
		{"we gave up", outboundHalf("a", "Released", released(local)), "by_caller 0"},
		{"the operator did not pick up", dialHalf("a", "Released", released(cause("Request Timeout"))), "no_answer 408 final"},
		{"the operator declined", dialHalf("a", "Released", released(cause("Busy"))), "declined 486 final"},
		{"the softphone declined", dialHalf("a", "Released", released(cause("Forbidden"))), "declined 403 final"},
		{"the PBX failed", dialHalf("a", "Released", released(cause("Server Failure"))), "failed 500 final"},
		{"the stage gave way", dialHalf("a", "Released", released(remote)), "moved 0"},
		{"handed on", inboundHalf("Detached", talked+`<detachedTime>1760000620000</detachedTime>`), "moved 0"},
		{"handed on, the end of the whole call", inboundHalf("Released", released(talked+`<detachedTime>1760000620000</detachedTime>`)), "moved 0"},
	}
	p := known(t, at(flowsAt))
	for _, tt := range tests {
		d, err := p.Decode(post(tell("CallReleasedEvent", tt.half)))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(d.Events, func(e call.Event) bool { return e.State == call.LegEnded })
		if i < 0 {
			t.Errorf("%s: no end in %+v", tt.name, d.Events)
			continue
		}
		e := d.Events[i]
		got := strings.TrimSpace(fmt.Sprintf("%s %d %s", e.End, e.Cause, e.Said))
		if e.Final {
			got += " final"
		}
		if got != tt.want {
			t.Errorf("%s: %s", tt.name, got)
		}
		if strings.HasPrefix(tt.name, "handed on") && !e.At.Equal(time.UnixMilli(1760000620000)) {
			t.Errorf("%s at %s", tt.name, e.At)
		}
	}
}

// TestHalf_bothStagesOfAClickToCall: whether the half keeps its id from the one to the other or not.
func TestHalf_bothStagesOfAClickToCall(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	for _, second := range []string{"a", "b"} {
		s := newSchool(t, p)
		s.deliver(tell("CallOriginatingEvent", dialHalf("a", "Alerting", "")))
		if v := s.calls["1:1"].View(); v.Direction != call.Out || v.Step != 1 || !slices.Equal(v.Ringing, []string{"101"}) || v.Phone != "" {
			t.Errorf("the operator's telephone rings: %+v", v)
		}
		s.deliver(tell("CallOriginatedEvent", outboundHalf(second, "Alerting", "")))
		if v := s.calls["1:1"].View(); v.Step != 2 || v.Phone != "+79000000201" || len(v.Ringing) != 0 {
			t.Errorf("the client's rings: %+v", v)
		}
		s.deliver(tell("CallReleasedEvent", outboundHalf(second, "Released", `<answerTime>1760000610000</answerTime><releaseTime>1760000620000</releaseTime><releasingParty>remoteRelease</releasingParty>`)))
		v := s.calls["1:1"].View()
		if v.State != call.Ended || v.Result != call.Answered || v.Talk != 10*time.Second || !slices.Equal(v.Rang, []string{"101"}) || v.Extension != "101" {
			t.Errorf("in the end: %+v", v)
		}
	}
}

// TestHalf_releasingIsNoTalk: a busy tone plays while the half is Active.
func TestHalf_releasingIsNoTalk(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	s := newSchool(t, p)
	s.deliver(tell("CallReleasingEvent", outboundHalf("a", "Active", `<releaseCause><internalReleaseCause>Busy</internalReleaseCause></releaseCause>`)))
	if v := s.calls["1:1"].View(); v.State != call.Ringing || !v.AnsweredAt.IsZero() {
		t.Errorf("%+v", v)
	}
}

// TestHalf_callsInProgress: the first event of a subscription lists what goes on; it joins nothing.
func TestHalf_callsInProgress(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	two := strings.Replace(inboundHalf("Active", `<answerTime>1760000605000</answerTime>`), "1:1", "2:2", 1)
	d, err := p.Decode(post([]byte(`<Event><subscriptionId>s</subscriptionId><targetId>` + annasID + `</targetId><eventData type="CallSubscriptionResyncEvent">
		<calls><call>` + inboundHalf("Held", `<heldTime>1760000603000</heldTime>`) + `</call><call>` + two + `</call></calls></eventData></Event>`)))
	if err != nil || !d.Gap || len(d.Joins) != 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	s := newSchool(t, p)
	for _, e := range d.Events {
		s.calls[e.Key] = call.Fold(s.calls[e.Key], e)
	}
	if s.calls["1:1"].View().State != call.Held || s.calls["2:2"].View().State != call.Talking {
		t.Errorf("%+v", d.Events)
	}
}
