package model

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dozvon/client"
)

func TestFirstSeen_remembersTheFirstEventOfTheLatestCalls(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.hears(call(rings(other)))
	d.wait(time.Second)
	d.hears(call(rings(other)))
	if at, ok := d.FirstSeen("c1"); !ok || !at.Equal(noon) {
		t.Errorf("seen at %v (%v), want %v", at, ok, noon)
	}
	for n := range seenLimit {
		d.hears(call(rings(other), func(c *client.Call) { c.ID = fmt.Sprint("x", n) }))
	}
	if _, ok := d.FirstSeen("c1"); ok {
		t.Error("calls of long ago are remembered for ever")
	}
}

// lateList answers with employees as they were before an event that comes meanwhile.
type lateList struct {
	fakeServer
	meanwhile func()
}

func (l lateList) Employees(context.Context) ([]client.Employee, error) {
	l.meanwhile()
	return []client.Employee{{ID: other, Name: "Борисов Борис", Presence: client.PresenceOffline}}, nil
}

func (lateList) Missed(context.Context, string, ...client.MissedState) (client.Page[client.MissedCaller], error) {
	return client.Page[client.MissedCaller]{Items: []client.MissedCaller{{Phone: "+79145550148", State: client.MissedWaiting}}}, nil
}

func TestReloadLists_anEventIsNewerThanTheListOnItsWay(t *testing.T) {
	t.Parallel()
	d := newDesk()
	came := func() {
		d.Apply(client.StreamEvent{Type: "presence", Data: &client.Presence{EmployeeID: other, State: client.PresenceFree}})
		d.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: "+79145550148", State: client.MissedSettled}})
	}
	if err := d.ReloadLists(t.Context(), lateList{meanwhile: came}); err != nil {
		t.Fatal(err)
	}
	if got := d.People()[0].Presence; got != client.PresenceFree {
		t.Errorf("the colleague is %q, want free", got)
	}
	if n := d.MissedCount(); n != 0 {
		t.Errorf("%d missed callers, want none: the one of the list was settled meanwhile", n)
	}
}
