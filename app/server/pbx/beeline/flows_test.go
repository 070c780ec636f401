package beeline

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/beeline/spelling"
	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

// flowsAt is a moment after all flows of the samples.
var flowsAt = time.UnixMilli(1760012000000)

// school keeps calls as the server does: by key, with keys that turned out to be one call's.
type school struct {
	tb    testing.TB
	p     *Provider
	calls map[string]call.Call
	alias map[string]string
}

func newSchool(tb testing.TB, p *Provider) *school {
	return &school{tb: tb, p: p, calls: map[string]call.Call{}, alias: map[string]string{}}
}

func (s *school) key(key string) string {
	for s.alias[key] != "" {
		key = s.alias[key]
	}
	return key
}

func (s *school) deliver(body []byte) pbx.Delivery {
	s.tb.Helper()
	d, err := s.p.Decode(post(body))
	if err != nil {
		s.tb.Fatal(err)
	}
	if d.Unfit != nil {
		s.tb.Fatal(d.Unfit)
	}
	for _, j := range d.Joins {
		one, other := s.key(j.Key), s.key(j.Other)
		if one == other {
			continue
		}
		s.alias[other] = one
		for _, e := range s.calls[other].Events {
			s.calls[one] = call.Fold(s.calls[one], e)
		}
		delete(s.calls, other)
	}
	for _, e := range d.Events {
		s.calls[s.key(e.Key)] = call.Fold(s.calls[s.key(e.Key)], e)
	}
	return d
}

// view is the call after the silence that ends it.
func (s *school) view(key string) call.View {
	c := s.calls[s.key(key)]
	v := c.View()
	if v.Idle {
		c = call.Fold(c, call.Event{Kind: call.KindClosed, Key: key, At: s.p.now().UTC().Truncate(time.Second), Quiet: true})
		v = c.View()
	}
	return v
}

func (e expectation) compare(v call.View) error {
	var wrong []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	check(v.State == call.Ended && !v.Unconfirmed, "%s, unconfirmed %v", v.State, v.Unconfirmed)
	check(e.Direction == nil || *e.Direction == string(v.Direction), "direction %s", v.Direction)
	check(e.Phone == nil || *e.Phone == string(v.Phone), "phone %s", v.Phone)
	check(e.Result == nil || *e.Result == string(v.Result), "result %s", v.Result)
	check(len(e.ResultAny) == 0 || slices.Contains(e.ResultAny, string(v.Result)), "result %s", v.Result)
	rang := slices.Sorted(slices.Values(v.Rang))
	check(e.Rang == nil || slices.Equal(e.Rang, rang), "rang %v", rang)
	check(e.TalkSeconds == nil || *e.TalkSeconds == int(v.Talk.Seconds()), "talked for %s", v.Talk)
	var talked []string
	for _, step := range v.Path {
		if step.State == call.Talking && !slices.Contains(talked, step.Extension) {
			talked = append(talked, step.Extension)
		}
	}
	if e.Talked != nil {
		want := []string{*e.Talked}
		if *e.Talked == "" {
			want = nil
		}
		check(slices.Equal(talked, want), "talked: %v", talked)
	}
	check(len(e.TalkedAll) == 0 || slices.Equal(e.TalkedAll, talked), "talked: %v", talked)
	if len(wrong) > 0 {
		return fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return nil
}

// TestDecode_everyFlowIsItsCall: as sent, in other orders, doubled by an overlapping subscription, in
// either spelling, the same call.
func TestDecode_everyFlowIsItsCall(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	for _, f := range readFlows(t) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, uint64(len(f.name))))
			for round := range 24 {
				bodies := slices.Clone(f.bodies)
				name := "as sent"
				switch {
				case round%3 == 1:
					name = "again by another subscription"
					for _, b := range f.bodies {
						bodies = append(bodies, otherSubscription(t, b))
					}
				case round%3 == 2:
					name = "in another spelling"
					for i, b := range bodies {
						bodies[i] = respelt(t, b)
					}
				}
				if round >= 3 {
					name += ", shuffled"
					random.Shuffle(len(bodies), func(i, j int) { bodies[i], bodies[j] = bodies[j], bodies[i] })
				}
				s := newSchool(t, p)
				for _, b := range bodies {
					s.deliver(b)
				}
				if err := f.expect.compare(s.view(f.expect.EntryID)); err != nil {
					t.Fatalf("%s (%d): %v", name, round, err)
				}
				if len(s.calls) != 1 {
					t.Fatalf("%s: %d calls", name, len(s.calls))
				}
			}
		})
	}
}

// otherSubscription is the same event as another subscription tells it.
func otherSubscription(tb testing.TB, body []byte) []byte {
	e, _, err := beeline.Decode(body)
	if err != nil {
		tb.Fatal(err)
	}
	e.ID, e.SubscriptionID, e.Sequence = "other-"+e.ID, "other", e.Sequence+100
	return spelling.Encode(e, spelling.XSI)
}

func respelt(tb testing.TB, body []byte) []byte {
	e, _, err := beeline.Decode(body)
	if err != nil {
		tb.Fatal(err)
	}
	return spelling.Encode(e, spelling.Flat)
}

// TestDecode_theLastEventAloneTellsTheCall: what came before it may be lost.
func TestDecode_theLastEventAloneTellsTheCall(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	for _, f := range readFlows(t) {
		// Of these one half alone is not the whole call.
		if strings.HasPrefix(f.name, "inbound-group") || strings.Contains(f.name, "callcentre") || strings.Contains(f.name, "ivr-answered") ||
			strings.HasPrefix(f.name, "transfer") || strings.Contains(f.name, "forwarded") || strings.HasPrefix(f.name, "callback-") {
			continue
		}
		bodies := slices.DeleteFunc(slices.Clone(f.bodies), func(b []byte) bool { return strings.Contains(string(b), "HookStatus") })
		s := newSchool(t, p)
		s.deliver(bodies[len(bodies)-1])
		if err := f.expect.compare(s.view(f.expect.EntryID)); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

// TestDecode_lostAnswersAreToldByWhatFollows: every flow without its CallAnsweredEvents.
func TestDecode_lostAnswersAreToldByWhatFollows(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	for _, f := range readFlows(t) {
		s := newSchool(t, p)
		for _, b := range f.bodies {
			if !strings.Contains(string(b), "CallAnsweredEvent") {
				s.deliver(b)
			}
		}
		if err := f.expect.compare(s.view(f.expect.EntryID)); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

// TestDecode_whileTheCallGoesOn: what the screens show after each event, at the time when it comes.
func TestDecode_whileTheCallGoesOn(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"inbound-answered":          {"ringing", "talking", "ended"},
		"inbound-hold":              {"ringing", "talking", "held", "talking", "held", "talking", "ended"},
		"inbound-declined":          {"ringing", "ringing, idle"},
		"outbound-busy":             {"ringing", "ringing", "ended"},
		"callback-answered":         {"ringing, step 1", "ringing, step 2", "ringing, step 2", "talking, step 3", "ended, step 3"},
		"callback-client-no-answer": {"ringing, step 1", "ringing, step 2", "ringing, step 2", "ended, step 2"},
		"inbound-callcentre-missed": {"ringing", "ringing", "ringing", "ringing", "ringing", "ended"},
		"inbound-ivr-answered":      {"ringing", "ringing", "ringing", "talking", "ended", "ended"},
		"inbound-group-answered":    {"ringing", "ringing", "ringing", "ringing", "talking", "talking", "talking", "ended", "ended"},
		"transfer-blind":            {"ringing", "talking", "talking, idle", "ringing", "talking", "ended", "ended"},
	}
	for _, f := range readFlows(t) {
		want, ok := tests[f.name]
		if !ok {
			continue
		}
		now := flowsAt
		p := known(t, func(c *Config) { c.Now = func() time.Time { return now } })
		s := newSchool(t, p)
		var got []string
		for _, b := range f.bodies {
			now = happened(t, b, now)
			if len(s.deliver(b).Events) == 0 {
				continue
			}
			v := s.calls[s.key(f.expect.EntryID)].View()
			state := string(v.State)
			if v.Idle {
				state += ", idle"
			}
			if v.Step > 0 {
				state += fmt.Sprintf(", step %d", v.Step)
			}
			got = append(got, state)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", f.name, got, want)
		}
	}
}

// happened is when the newest fact of an event was, and a second more than before when it tells none.
func happened(tb testing.TB, body []byte, before time.Time) time.Time {
	e, _, err := beeline.Decode(body)
	if err != nil {
		tb.Fatal(err)
	}
	var newest time.Time
	for _, c := range e.Calls {
		for _, at := range []time.Time{c.Start, c.Answer, c.HeldAt, c.DetachedAt, c.Release} {
			if at.After(newest) {
				newest = at
			}
		}
		if c.HasTotalHeld && c.HeldAt.IsZero() && c.Release.IsZero() && c.DetachedAt.IsZero() {
			newest = before.Add(12 * time.Second)
		}
	}
	if newest.IsZero() {
		return before
	}
	return newest
}

func TestDecode_whoIsWho(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	tests := []struct {
		name, target, call string
		from, to           call.Party
		place              call.Place
	}{
		{
			"a client", annasID, `<personality>Terminator</personality><remoteParty><address>tel:+79000000201</address><callType>Network</callType></remoteParty>`,
			call.Party{Number: "+79000000201"},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"ten digits", annasID, `<personality>Terminator</personality><remoteParty><address>tel:9000000201</address><callType>Network</callType></remoteParty>`,
			call.Party{Number: "+79000000201"},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"by SIP", annasID, `<personality>Terminator</personality><remoteParty><address>sip:+79000000201@center.ims.mnc099.mcc250.3gppnetwork.org;user=phone</address></remoteParty>`,
			call.Party{Number: "+79000000201"},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"hidden", annasID, `<personality>Terminator</personality><remoteParty><privacy/><callType>Network</callType></remoteParty>`,
			call.Party{},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"a colleague by userId", annasID, `<personality>Terminator</personality><remoteParty><userId>SIP0000PU0103@mpbx.sip.beeline.ru</userId><callType>Group</callType></remoteParty>`,
			call.Party{Extension: "103"},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"a colleague by userDN", annasID, `<personality>Terminator</personality><remoteParty><userDN>tel:+79600000999;ext=199</userDN><callType>Group</callType></remoteParty>`,
			call.Party{Extension: "199"},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"a colleague's mobile", annasID, `<personality>Terminator</personality><remoteParty><address>tel:+79600000102</address><callType>Network</callType></remoteParty>`,
			call.Party{Extension: "102"},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"a short number outside", annasID, `<personality>Originator</personality><remoteParty><address>tel:112</address><callType>Network</callType></remoteParty>`,
			call.Party{Extension: "101", Device: annasID},
			call.Party{Number: "112"},
			call.PlaceEmployee,
		},
		{
			"a service number", annasID, `<personality>Terminator</personality><remoteParty><address>tel:2012345678901</address><callType>Network</callType></remoteParty>`,
			call.Party{},
			call.Party{Extension: "101"},
			call.PlaceEmployee,
		},
		{
			"the line itself", "9610000010@mpbx.sip.beeline.ru", `<personality>Terminator</personality><remoteParty><address>tel:+79000000201</address><callType>Network</callType></remoteParty>`,
			call.Party{Number: "+79000000201"},
			call.Party{},
			call.PlaceQueue,
		},
		{
			"a menu", "9610000010_vxml_1@mpbx.sip.beeline.ru", `<personality>Terminator</personality><remoteParty><address>tel:+79000000201</address><callType>Network</callType></remoteParty>`,
			call.Party{Number: "+79000000201"},
			call.Party{},
			call.PlaceMenu,
		},
		{
			"nobody known", "9600000199@center.ims.mnc099.mcc250.3gppnetwork.org", `<personality>Terminator</personality><remoteParty><address>tel:+79000000201</address></remoteParty>`,
			call.Party{Number: "+79000000201"},
			call.Party{Extension: "9600000199"},
			call.PlaceEmployee,
		},
	}
	for _, tt := range tests {
		d, err := p.Decode(post([]byte(`<Event><subscriptionId>s</subscriptionId><targetId>` + tt.target + `</targetId><eventData type="CallReceivedEvent"><call>
			<callId>a</callId><extTrackingId>1:1</extTrackingId><state>Alerting</state><startTime>1760000600000</startTime>` + tt.call + `</call></eventData></Event>`)))
		if err != nil || len(d.Events) == 0 {
			t.Errorf("%s: %+v, %v", tt.name, d, err)
			continue
		}
		e := d.Events[0]
		if e.From != tt.from || e.To != tt.to || e.Place != tt.place || d.Stranger != (tt.name == "nobody known") {
			t.Errorf("%s: from %+v to %+v at %s, stranger %v", tt.name, e.From, e.To, e.Place, d.Stranger)
		}
	}
}

// TestDecode_anUnknownAbonentIsHealed: once the directory was read again, their call is theirs.
func TestDecode_anUnknownAbonentIsHealed(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t, "abonents", "numbers")
	p := f.provider(at(flowsAt))
	s := newSchool(t, p)
	all := readFlows(t)
	answered := all[slices.IndexFunc(all, func(f flow) bool { return f.name == "inbound-answered" })]
	if d := s.deliver(answered.bodies[0]); !d.Stranger {
		t.Error("nobody is told to read the directory")
	}
	if v := s.calls["480001:1"].View(); !slices.Equal(v.Rang, []string{"9600000101"}) || v.Phone != phone.Number("+79000000201") {
		t.Errorf("before: %+v", v)
	}
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, b := range answered.bodies[1:] {
		if d := s.deliver(b); d.Stranger {
			t.Error("101 is still a stranger")
		}
	}
	if err := answered.expect.compare(s.view("480001:1")); err != nil {
		t.Error(err)
	}
}

func TestDecode_oddEvents(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	odd := func(file string) pbx.Delivery {
		raw, err := os.ReadFile(samples + "/odd/" + file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Decode(post(raw))
		if err != nil || d.Unfit != nil {
			t.Fatalf("%s: %v %v", file, err, d.Unfit)
		}
		if d.Subscription != ourSub || strings.Contains(string(d.Payload), "k-abc") || len(d.Payload) == 0 {
			t.Errorf("%s comes by %q, kept: %s", file, d.Subscription, d.Payload)
		}
		return d
	}
	if d := odd("subscription-terminated.xml"); !d.Ended || d.Gap || len(d.Events) > 0 {
		t.Errorf("terminated: %+v", d)
	}
	if d := odd("hook-off.xml"); d.Ended || len(d.Events) > 0 || d.Stranger {
		t.Errorf("hook: %+v", d)
	}
	if d := odd("subscription-started.xml"); d.Ended || len(d.Events) > 0 {
		t.Errorf("started: %+v", d)
	}
	if d := odd("unknown-abonent.xml"); !d.Stranger || d.Events[0].To.Extension != "9600000199" || d.Events[0].From.Number != "+79000000297" {
		t.Errorf("unknown abonent: %+v", d)
	}
	if d := odd("unknown-event.xml"); call.FoldAll(d.Events).View().State != call.Talking {
		t.Errorf("an unknown event that tells of a talk: %+v", d.Events)
	}
	if d := odd("markup-in-name.xml"); len(d.Events) != 1 || d.Events[0].From != (call.Party{}) {
		t.Errorf("markup: %+v", d.Events)
	}
	if d := odd("recording-failed.xml"); !slices.ContainsFunc(d.Events, func(e call.Event) bool {
		return e.Kind == call.KindRecording && e.RecordingState == call.RecordingDropped && e.Recording == "489999:1/"+annasID
	}) {
		t.Errorf("recording: %+v", d.Events)
	}
}

// TestDecode_aStrangersBody: refused, or kept and not believed, and never more.
func TestDecode_aStrangersBody(t *testing.T) {
	t.Parallel()
	p := known(t, at(flowsAt))
	wrap := func(inner string) string {
		return `<Event><subscriptionId>s</subscriptionId><targetId>` + annasID + `</targetId><eventData type="CallReceivedEvent">` + inner + `</eventData></Event>`
	}
	half := func(fields string) string {
		return `<call><callId>a</callId><extTrackingId>1:1</extTrackingId><personality>Terminator</personality>` + fields + `</call>`
	}
	for name, tt := range map[string]struct {
		body       string
		err, unfit bool
		wantEvents int
	}{
		"no subscription":  {body: `<Event><eventData/></Event>`, err: true},
		"no XML":           {body: "json={}", err: true},
		"a long id":        {body: wrap(`<call><callId>a</callId><extTrackingId>` + strings.Repeat("9", 500) + `</extTrackingId><personality>Terminator</personality><startTime>1760000600000</startTime></call>`), unfit: true},
		"of the year 9000": {body: wrap(half(`<state>Alerting</state><startTime>222222222222222</startTime>`)), unfit: true},
		"of tomorrow":      {body: wrap(half(`<state>Released</state><startTime>1760000600000</startTime><releaseTime>1770000600000</releaseTime>`)), unfit: true},
		"of 1970":          {body: wrap(half(`<state>Alerting</state><startTime>000000000001</startTime>`)), unfit: true},
		"no times":         {body: wrap(half(`<state>Alerting</state>`)), wantEvents: 1},
		"no state":         {body: wrap(half(`<startTime>1760000600000</startTime>`)), wantEvents: 1},
		"no part":          {body: strings.Replace(wrap(`<call><callId>a</callId><extTrackingId>1:1</extTrackingId></call>`), "CallReceivedEvent", "CallEvent", 1)},
		"no tracking":      {body: wrap(`<call><callId>a</callId><personality>Terminator</personality><startTime>1760000600000</startTime></call>`)},
		"the same twice":   {body: wrap(half(`<state>Alerting</state><startTime>1760000600000</startTime>`) + half(`<state>Alerting</state><startTime>1760000600000</startTime>`)), wantEvents: 1},
	} {
		d, err := p.Decode(post([]byte(tt.body)))
		if (err != nil) != tt.err || (d.Unfit != nil) != tt.unfit || len(d.Events) != tt.wantEvents {
			t.Errorf("%s: %d events, unfit %v, %v", name, len(d.Events), d.Unfit, err)
		}
	}
	for _, method := range []string{"GET", "HEAD"} {
		if d, err := p.Decode(pbx.Request{Method: method, Path: "/null"}); err != nil || !d.Probe {
			t.Errorf("%s: %+v, %v", method, d, err)
		}
	}
}
