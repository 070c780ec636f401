package server_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

func now() time.Time { return time.Now().UTC().Truncate(time.Second) }

// The PBX answers a click-to-call with its key, and events of that key may come first, on this node or
// another one: one call, the ordered one.
func TestDial_keyFromThePBXMeetsItsEvents(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		p := &plain{}
		kind := plainKind(p, nil)
		s := openPlain(t, url, kind)
		nodes := []*school{s}
		if url != "" {
			nodes = append(nodes, s.another(server.Config{Database: url, Kinds: []pbx.Kind{kind}}))
		}
		api := s.api("101")
		// So many of the call's three events come before the answer; told are all of them.
		for before := range 4 {
			for _, again := range []int{0, 3} {
				number, key := fmt.Sprintf("+7914555%d%d48", before, again), fmt.Sprintf("k%d-%d", before, again)
				events := outgoing(key, "101", number, now()).answered(call.EndByCalled)
				p.onDial(func(pbx.DialOrder) (string, error) {
					for i, e := range events[:before] {
						nodes[i%len(nodes)].tellEvents(e)
					}
					return key, nil
				})
				begun, err := api.Dial(t.Context(), client.Dial{Phone: number})
				if err != nil {
					t.Fatal(err)
				}
				for i, e := range append(events[before:], events[:again]...) {
					nodes[(i+1)%len(nodes)].tellEvents(e)
				}
				got := s.onlyCall(t, number)
				if got.ID != begun.ID || got.State != client.StateEnded || got.Result != client.Answered || got.Direction != client.Out {
					t.Errorf("%d events before the answer: begun as %s, got %+v", before, begun.ID, got)
				}
			}
		}
	})
}

// A screen that showed the call of an early event is told that it is another one.
func TestDial_screensDropTheCardOfAnEarlyEvent(t *testing.T) {
	t.Parallel()
	p := &plain{}
	s := openPlain(t, "", plainKind(p, nil))
	api := s.api("101")
	const number = "+79145550148"
	seen := make(chan client.StreamEvent, 100)
	go api.Stream(t.Context(), client.StreamConfig{Handle: func(e client.StreamEvent) { seen <- e }})
	next := func(kind string) any {
		for {
			select {
			case e := <-seen:
				if e.Type == kind {
					return e.Data
				}
			case <-time.After(patience):
				t.Fatalf("no %s came", kind)
			}
		}
	}
	next("hello")
	var early string
	p.onDial(func(pbx.DialOrder) (string, error) {
		s.tellEvents(outgoing("k", "101", number, now()).event(call.LegTalking, 0, ""))
		next("call") // the ordered one
		early = next("call").(*client.Call).ID
		return "k", nil
	})
	begun, err := api.Dial(t.Context(), client.Dial{Phone: number})
	if err != nil {
		t.Fatal(err)
	}
	gone := next("call").(*client.Call)
	if gone.ID != early || !gone.Deleted || gone.MergedInto != begun.ID || gone.State != client.StateEnded {
		t.Errorf("told of %+v", gone)
	}
	if entry, ok := next("feed").(*client.Deleted); !ok || entry.ID != early {
		t.Errorf("the entry of the early call was told as %+v", entry)
	}
	if left := next("call").(*client.Call); left.ID != begun.ID || left.State != client.StateTalking {
		t.Errorf("the call was told as %+v", left)
	}
	if c, err := api.Call(t.Context(), early); err != nil || c.ID != begun.ID {
		t.Errorf("the early call's id leads to %s, %v", c.ID, err)
	}
}

// A PBX that tells neither a key nor our command: the next call of the extension to the number.
func TestDial_orderIsFoundByExtensionAndNumber(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		p := &plain{}
		s := openPlain(t, url, plainKind(matching{p}, nil))
		api := s.api("101")
		p.onDial(func(pbx.DialOrder) (string, error) { return "", nil })
		dial := func(number string) client.Call {
			t.Helper()
			c, err := api.Dial(t.Context(), client.Dial{Phone: number})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		a, b, c := "+79145550101", "+79145550102", "+79145550103"
		// A colleague's call to the same number, and one from before, are none of ours.
		s.tellEvents(outgoing("colleague", "102", a, now()).event(call.LegRinging, 0, ""))
		s.tellEvents(outgoing("before", "101", a, now().Add(-time.Minute)).event(call.LegRinging, 0, ""))
		first := dial(a)
		for range 2 {
			s.tellEvents(outgoing("ours", "101", a, now()).answered(call.EndByCalled)...)
		}
		s.tellEvents(outgoing("redialled", "101", a, now()).answered(call.EndByCalled)...)
		if got, _ := api.Call(t.Context(), first.ID); got.Result != client.Answered {
			t.Errorf("the ordered call was not found: %+v", got)
		}
		if page, _ := s.parts.Store.Calls(t.Context(), storeStart, 50); len(page) != 4 {
			t.Errorf("%d calls, want the order, the colleague's, the one from before and the redialled one", len(page))
		}
		// A leg on which only the operator's telephone rings names no number: one order waits, so it is that.
		second := dial(b)
		s.tellEvents(call.Event{Kind: call.KindLeg, Key: "b", Leg: "b-dial", State: call.LegRinging, Callback: true, At: now(), Place: call.PlaceEmployee, To: call.Party{Extension: "101"}})
		s.tellEvents(outgoing("b", "101", b, now()).answered(call.EndByCalled)...)
		s.tellEvents(call.Event{Kind: call.KindOver, Key: "b", Leg: "b-dial", At: now().Add(time.Second), End: call.EndMoved})
		if got := s.onlyCall(t, b); got.ID != second.ID || got.Result != client.Answered {
			t.Errorf("the stage of the operator's telephone was not found: %+v", got)
		}
		// The answer names the call otherwise than its events.
		p.onDial(func(pbx.DialOrder) (string, error) {
			s.tellEvents(outgoing("by-event", "101", c, now()).event(call.LegRinging, 0, ""))
			return "by-answer", nil
		})
		third := dial(c)
		s.tellEvents(outgoing("by-answer", "101", c, now()).event(call.LegTalking, time.Second, ""))
		if got := s.onlyCall(t, c); got.ID != third.ID || got.State != client.StateTalking {
			t.Errorf("another form of the key made another call: %+v", got)
		}
	})
}

// The answer was lost on its way, so that nobody knows whether the PBX dials: its call is the ordered one.
func TestDial_lostAnswerIsFoundByItsCall(t *testing.T) {
	t.Parallel()
	p := &plain{}
	s := openPlain(t, "", plainKind(matching{p}, nil))
	const number = "+79145550148"
	p.onDial(func(pbx.DialOrder) (string, error) { return "", errors.Join(pbx.ErrUnreachable, pbx.ErrUncertain) })
	if _, err := s.api("101").Dial(t.Context(), client.Dial{Phone: number}); err == nil {
		t.Fatal("a lost answer was no error")
	}
	s.tellEvents(outgoing("k", "101", number, now()).answered(call.EndByCalled)...)
	if got := s.onlyCall(t, number); got.Result != client.Answered {
		t.Errorf("got %+v", got)
	}
	// A refusal in the PBX's words is certain: what the employee dials by hand then is another call.
	p.onDial(func(pbx.DialOrder) (string, error) { return "", &pbx.Refused{Said: "no such abonent"} })
	if _, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "+79145550149"}); err == nil {
		t.Fatal("a refusal was no error")
	}
	s.tellEvents(outgoing("k2", "101", "+79145550149", now()).event(call.LegRinging, 0, ""))
	if page, _ := s.parts.Store.Calls(t.Context(), storeStart, 50); len(page) != 3 {
		t.Errorf("%d calls, want three", len(page))
	}
}

// Joins may come before, between or after the events of the calls that they make one, in any order and
// repeated, on any node: the same call, and nothing of the others is lost.
func TestJoins_giveOneCallInAnyOrder(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		kind := plainKind(&plain{}, nil)
		s := openPlain(t, url, kind)
		nodes := []*school{s}
		if url != "" {
			nodes = append(nodes, s.another(server.Config{Database: url, Kinds: []pbx.Kind{kind}}))
		}
		r := rand.New(rand.NewPCG(11, 3))
		for n := range 12 {
			number := fmt.Sprintf("+79145551%03d", n)
			keys := []string{fmt.Sprintf("a%d", n), fmt.Sprintf("b%d", n), fmt.Sprintf("c%d", n)}
			at := now()
			first := inbound(keys[0], "101", number, at)
			asks := line{key: keys[1], leg: keys[1], from: call.Party{Extension: "101"}, to: call.Party{Extension: "102"}, at: at.Add(5 * time.Second)}
			goesOn := inbound(keys[2], "102", number, at.Add(9*time.Second))
			var told []pbx.Delivery
			events := append(first.answered(call.EndMoved), asks.answered(call.EndMoved)...)
			for _, e := range append(events, goesOn.answered(call.EndByCaller)...) {
				told = append(told, pbx.Delivery{Events: []call.Event{e}})
			}
			for _, j := range []pbx.Join{{Key: keys[0], Other: keys[1]}, {Key: keys[1], Other: keys[2]}, {Key: keys[0], Other: keys[2]}} {
				told = append(told, pbx.Delivery{Joins: []pbx.Join{j}})
			}
			told = append(told, told...)
			r.Shuffle(len(told), func(i, j int) { told[i], told[j] = told[j], told[i] })
			for i, d := range told {
				nodes[i%len(nodes)].tell(d)
			}
			got := s.onlyCall(t, number)
			if got.State != client.StateEnded || got.Result != client.Answered || got.Direction != client.In || *got.TalkSeconds != 11 || len(got.Rang) != 2 || len(got.Path) != 3 {
				t.Fatalf("order %d: %+v", n, got)
			}
		}
		if page, err := s.parts.Store.Calls(t.Context(), storeStart, 500); err != nil || len(page) != 12 {
			t.Errorf("%d calls, %v; want 12", len(page), err)
		}
		if report, err := s.api("102").Missed(t.Context(), "", client.MissedWaiting, client.MissedTaken); err != nil || len(report.Items) != 0 {
			t.Errorf("callers who were talked with wait for a call-back: %+v, %v", report.Items, err)
		}
	})
}

// What was written on, bound to and promised about the call that is joined away goes along.
func TestJoins_takeAlongWhatPeopleDid(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openPlain(t, url, plainKind(&plain{}, nil))
		api := s.api("102")
		const number = "+79145550148"
		who, err := api.CreateClient(t.Context(), client.ClientInput{Kind: ptr("lead"), Name: ptr("Вымышленная Анна"), Phones: &[]string{"+79145550199"}})
		if err != nil {
			t.Fatal(err)
		}
		at := now().Add(-time.Minute)
		s.tellEvents(inbound("a", "101", number, at).answered(call.EndMoved)...)
		missed := inbound("b", "102", number, at.Add(5*time.Second))
		s.tellEvents(missed.event(call.LegRinging, 0, ""), missed.event(call.LegEnded, time.Second, call.EndByCaller))
		page, err := s.parts.Store.Calls(t.Context(), storeStart, 10)
		if err != nil || len(page) != 2 {
			t.Fatalf("%d calls, %v", len(page), err)
		}
		away := page[0].ID
		if _, err := api.BindCall(t.Context(), away, client.SubjectRef{Kind: client.KindClient, ID: who.ID}); err != nil {
			t.Fatal(err)
		}
		due := now().Add(time.Hour)
		note, err := api.NoteCall(t.Context(), away, client.CallNote{Text: "просил перезвонить", CallBackAt: &due})
		if err != nil {
			t.Fatal(err)
		}
		calls := func(q string) (n int) {
			if err := s.parts.Indexer.Index(t.Context()); err != nil {
				t.Fatal(err)
			}
			found, err := api.Feed(t.Context(), client.FeedQuery{Q: q})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range found.Items {
				if e.Type != client.EntryNote {
					n++
				}
			}
			return n
		}
		if n := calls("9145550148"); n != 2 {
			t.Fatalf("%d calls are found by the number, want two", n)
		}
		s.tell(pbx.Delivery{Joins: []pbx.Join{{Key: "a", Other: "b"}}})
		got := s.onlyCall(t, number)
		if got.ID == away || got.Subject == nil || got.Subject.ID != who.ID || got.Note == "" {
			t.Errorf("the call lost its binding or note: %+v", got)
		}
		feed, err := api.Feed(t.Context(), client.FeedQuery{Subject: "client:" + who.ID, Type: "note"})
		if err != nil || len(feed.Items) != 1 || feed.Items[0].ID != note.ID || feed.Items[0].CallID != got.ID {
			t.Errorf("the note is %+v, %v", feed.Items, err)
		}
		tasks, err := api.Tasks(t.Context())
		if err != nil || len(tasks) != 1 || tasks[0].CallID != got.ID {
			t.Errorf("the task is %+v, %v", tasks, err)
		}
		// Whoever still shows the other one may write on: it is the same call.
		if _, err := api.NoteCall(t.Context(), away, client.CallNote{Text: "и ещё"}); err != nil {
			t.Errorf("a note on the call that was joined away: %v", err)
		}
		if n := calls("9145550148"); n != 1 {
			t.Errorf("%d calls are found by the number, want one", n)
		}
	})
}

// A colleague whom an employee asks by click-to-call while the client waits does not make the client's
// call an outgoing one when the two turn out to be one.
func TestJoins_orderedConsultationLeavesTheClientsCallInbound(t *testing.T) {
	t.Parallel()
	p := &plain{}
	s := openPlain(t, "", plainKind(p, nil))
	const number = "+79145550148"
	held := inbound("a", "101", number, now().Add(-time.Minute))
	s.tellEvents(held.event(call.LegRinging, 0, ""), held.event(call.LegTalking, time.Second, ""), held.event(call.LegHeld, 2*time.Second, ""))
	p.onDial(func(pbx.DialOrder) (string, error) { return "b", nil })
	asked, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "+79600000102"})
	if err != nil {
		t.Fatal(err)
	}
	s.tell(pbx.Delivery{Joins: []pbx.Join{{Key: "a", Other: "b"}}})
	s.tellEvents(held.event(call.LegEnded, time.Minute, call.EndByCaller))
	if got := s.onlyCall(t, number); got.Direction != client.In || got.Result != client.Answered || got.Phone != number {
		t.Errorf("got %+v", got)
	}
	if c, err := s.api("101").Call(t.Context(), asked.ID); err != nil || c.Phone != number {
		t.Errorf("the consultation's id leads to %+v, %v", c, err)
	}
}

// A kind says how long silence lasts until it is the end, and whether the PBX tells the end at all.
func TestGrace_isTheKindsOwn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		grace       time.Duration
		summarises  bool
		unconfirmed bool
	}{
		"tells no end: silence is one":      {time.Second, false, false},
		"tells the end, which did not come": {time.Second, true, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ahead atomic.Int64
			clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
			kind := plainKind(&plain{}, func(k *pbx.Kind) { k.Grace, k.Summarises = tt.grace, tt.summarises })
			s := openPlainAt(t, server.Config{Now: clock}, kind)
			const number = "+79145550148"
			rings := inbound("k", "101", number, now())
			s.tellEvents(rings.event(call.LegRinging, 0, ""), rings.event(call.LegEnded, 0, call.EndNoAnswer))
			if got := s.onlyCall(t, number); got.State != client.StateRinging {
				t.Fatalf("the call ended at once: %+v", got)
			}
			ahead.Store(int64(2 * time.Second))
			if err := s.parts.Calls.CloseForgotten(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := s.onlyCall(t, number)
			if got.State != client.StateEnded || got.Result != client.Missed || got.Unconfirmed != tt.unconfirmed {
				t.Errorf("got %+v", got)
			}
			// It was a gap: the next employee's telephone rings.
			next := inbound("k", "102", number, clock().UTC().Add(time.Second))
			s.tellEvents(next.event(call.LegRinging, 0, ""))
			if got := s.onlyCall(t, number); got.State != client.StateRinging || got.Unconfirmed {
				t.Errorf("after another event: %+v", got)
			}
		})
	}
}
