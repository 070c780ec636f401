package server_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// recalling is plain whose statistics name no calls.
type recalling struct {
	*plain
	mu   sync.Mutex // guards rows
	rows []pbx.HistoryCall
}

func (r *recalling) History(_ context.Context, _, _ time.Time, take func(pbx.HistoryCall) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	rand.Shuffle(len(r.rows), func(i, j int) { r.rows[i], r.rows[j] = r.rows[j], r.rows[i] })
	for _, row := range r.rows {
		if err := take(row); err != nil {
			return err
		}
	}
	return nil
}

func (r *recalling) set(rows ...pbx.HistoryCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows = rows
}

// statRow is a record of one inbound call, a leg for each extension, on the first of which somebody talked.
func statRow(name, number string, began time.Time, talk time.Duration, extensions ...string) pbx.HistoryCall {
	c := pbx.HistoryCall{Unnamed: true, Tolerance: 5 * time.Second, MadeKey: "row " + name}
	whole := call.Event{Kind: call.KindHistory, Unsure: true, Direction: call.In, Began: began, At: began.Add(talk), From: call.Party{Number: phone.Number(number)}}
	for i, ext := range extensions {
		leg := call.Event{
			Kind: call.KindHistoryLeg, Unsure: true, Place: call.PlaceEmployee, Began: began, At: began.Add(talk), From: whole.From, To: call.Party{Extension: ext}, End: call.EndNoAnswer,
		}
		if i == 0 && talk > 0 {
			leg.Answered, whole.Answered, leg.End = began, began, call.EndByCaller
		}
		c.Events = append(c.Events, leg)
	}
	c.Events = append(c.Events, whole)
	return c
}

func (s *school) reconcile(t *testing.T) {
	t.Helper()
	if err := s.parts.Reconciler.Reconcile(t.Context(), s.pbx.ID); err != nil {
		t.Fatal(err)
	}
}

func (s *school) callCount(t *testing.T) int {
	t.Helper()
	page, err := s.parts.Store.Calls(t.Context(), storeStart, 500)
	if err != nil {
		t.Fatal(err)
	}
	return len(page)
}

// Statistics that name no calls confirm those that are known, each row another one, and read again they
// change nothing.
func TestUnnamed_eachRowConfirmsAnotherCall(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		p := &recalling{plain: &plain{}}
		s := openPlain(t, url, plainKind(p, nil))
		const number = "+79145550148"
		at := now().Add(-time.Minute)
		for i := range 4 { // four calls of one number, four seconds apart
			s.tellEvents(inbound(fmt.Sprint("k", i), "101", number, at.Add(time.Duration(4*i)*time.Second)).answered(call.EndByCaller)...)
		}
		group := inbound("g", "102", "+79145550149", at)
		s.tellEvents(group.event(call.LegRinging, 0, ""), group.event(call.LegEnded, time.Second, call.EndByCaller))
		rows := []pbx.HistoryCall{statRow("group", "9145550149", at.Add(time.Second), 0, "101", "102")}
		for i := range 4 {
			rows = append(rows, statRow(fmt.Sprint(i), "9145550148", at.Add(time.Duration(4*i+1)*time.Second), 2*time.Second, "101"))
		}
		for range 3 {
			p.set(rows...)
			s.reconcile(t)
		}
		if n := s.callCount(t); n != 5 {
			t.Errorf("%d calls, want the five that there were", n)
		}
		page, _ := s.parts.Store.Calls(t.Context(), storeStart, 50)
		for _, rec := range page {
			if !rec.Confirmed || rec.View.Restored {
				t.Errorf("call %s of %s: confirmed %t, restored %t", rec.Key, rec.View.Phone, rec.Confirmed, rec.View.Restored)
			}
		}
	})
}

// A row of a call that no webhook told makes one, the same at every reading; a webhook that comes late tells
// the same call under its own key.
func TestUnnamed_restoredCallMeetsItsLateEvents(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		p := &recalling{plain: &plain{}}
		s := openPlain(t, url, plainKind(p, nil))
		const number = "+79145550148"
		at := now().Add(-time.Minute)
		p.set(statRow("a", number, at, 2*time.Second, "101"), statRow("b", "+79145550149", at, 0, "101", "102"))
		for range 2 {
			s.reconcile(t)
		}
		restored, group := s.onlyCall(t, number), s.onlyCall(t, "+79145550149")
		if !restored.Restored || restored.Result != client.Answered || group.Result != client.Missed || len(group.Rang) != 2 {
			t.Errorf("restored as %+v and %+v", restored, group)
		}
		if err := note(t, s, restored.ID); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the end first
			events := inbound("real", "101", number, at.Add(2*time.Second)).answered(call.EndByCaller)
			s.tellEvents(events[2], events[1], events[0])
		}
		// The same row in another group than before.
		p.set(statRow("other name", number, at, 2*time.Second, "101"), statRow("b", "+79145550149", at, 0, "101", "102"))
		s.reconcile(t)
		got := s.onlyCall(t, number)
		if got.Note == "" || got.Result != client.Answered {
			t.Errorf("after its events came: %+v", got)
		}
		if n := s.callCount(t); n != 2 {
			t.Errorf("%d calls, want two", n)
		}
		if c, err := s.api("102").Call(t.Context(), restored.ID); err != nil || c.ID != got.ID {
			t.Errorf("the restored call's id leads to %s, %v", c.ID, err)
		}
		// Another call of the same number, which no row is about, stays another one.
		s.tellEvents(inbound("later", "101", number, at.Add(30*time.Second)).answered(call.EndByCaller)...)
		if n := s.callCount(t); n != 3 {
			t.Errorf("%d calls, want three", n)
		}
	})
}

func note(t *testing.T, s *school, id string) error {
	t.Helper()
	_, err := s.api("102").NoteCall(t.Context(), id, client.CallNote{Text: "заметка"})
	return err
}

// A call that only a row told of gets the PBX's own key once its recording is listed: one call, whatever
// comes after; a row that was found to be of a call that events told of moves nothing.
func TestUnnamed_aRestoredCallIsNamedLater(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		p := &recalling{plain: &plain{}}
		s := openPlain(t, url, plainKind(p, nil))
		const number, other = "+79145550171", "+79145550172"
		began := now().Add(-time.Minute)
		row := statRow("1", number, began, 20*time.Second, "101")
		told := inbound("told", "101", other, began)
		s.tellEvents(told.answered(call.EndByCaller)...)
		p.set(row, statRow("2", other, began, 2*time.Second, "101"))
		s.reconcile(t)
		restored := s.onlyCall(t, number)
		if !restored.Restored || s.callCount(t) != 2 {
			t.Fatalf("%d calls, %+v", s.callCount(t), restored)
		}
		named := statRow("1", number, began, 20*time.Second, "101")
		named.Unnamed, named.MadeKey, named.Formerly = false, "", []string{"row 1", "row 2", "row 3"}
		for i := range named.Events {
			named.Events[i].Key = "named"
		}
		p.set(named)
		for range 2 {
			s.reconcile(t)
			if after := s.onlyCall(t, number); after.ID != restored.ID || s.callCount(t) != 2 {
				t.Fatalf("%d calls, %s was %s", s.callCount(t), after.ID, restored.ID)
			}
		}
		s.tellEvents(inbound("named", "101", number, began).answered(call.EndByCaller)...)
		if after := s.onlyCall(t, number); after.ID != restored.ID || after.Result != client.Answered {
			t.Errorf("a late event: %+v", after)
		}
		if kept := s.onlyCall(t, other); kept.Restored || s.callCount(t) != 2 {
			t.Errorf("the other one: %+v", kept)
		}
	})
}
