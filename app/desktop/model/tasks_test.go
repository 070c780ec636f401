package model

import (
	"context"
	"testing"
	"time"

	"dozvon/client"
)

func (d *desk) tasks(tasks ...client.Task) {
	for _, t := range tasks {
		d.Apply(client.StreamEvent{Type: "task", Data: &t})
	}
}

func TestTasks_tellAtTheirTimeAndUntilPutAway(t *testing.T) {
	t.Parallel()
	d := newDesk()
	changed := 0
	d.changed = func() { changed++ }
	d.tasks(remind("r1", time.Minute))
	if got := d.faces(); got != "" {
		t.Fatalf("%q stands before the time", got)
	}
	changed = 0
	d.wait(30 * time.Second)
	if changed != 0 {
		t.Error("a screen was woken although nothing is due")
	}
	d.wait(31 * time.Second)
	if got := d.faces(); got != "reminder" || changed != 1 {
		t.Fatalf("at its time %q stands, and the screen was woken %d times", got, changed)
	}
	d.DismissTask(d.Cards()[0].ID)
	d.wait(time.Minute)
	if got := d.faces(); got != "" {
		t.Fatalf("%q stands after it was put away", got)
	}
	d.tasks(remind("r1", time.Hour))
	d.wait(time.Hour)
	if got := d.faces(); got != "reminder" {
		t.Fatalf("put off, it does not tell again: %q", got)
	}
	done := remind("r1", time.Hour)
	done.State = client.TaskDone
	d.tasks(done)
	if got := d.faces(); got != "" || len(d.Tasks()) != 0 {
		t.Errorf("done, there is still %q and %d tasks", got, len(d.Tasks()))
	}
}

func TestTasks_waitWhileACallGoesOn(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.hears(call(rings(me)))
	d.tasks(remind("r1", -time.Minute), asked("a1"), remind("r2", -2*time.Minute))
	if got := d.faces(); got != "ringing" {
		t.Fatalf("while it rings %q stands", got)
	}
	d.hears(call(ends(client.Missed)))
	if got := d.faces(); got != "missed reminder reminder" {
		t.Fatalf("afterwards %q stands", got)
	}
	if got := d.Cards()[1].ID; got != "r2" {
		t.Errorf("the one that waits longest is not first: %q", got)
	}
}

// slowTasks answers with an old list after an event has come.
type slowTasks struct {
	d    *desk
	old  []client.Task
	told client.Task
}

func (s slowTasks) Tasks(context.Context) ([]client.Task, error) {
	s.d.tasks(s.told)
	return s.old, nil
}

func TestTasks_anEventIsNewerThanTheListThatWasOnItsWay(t *testing.T) {
	t.Parallel()
	d := newDesk()
	done := remind("r1", time.Hour)
	done.State = client.TaskDone
	if err := d.ReloadTasks(t.Context(), slowTasks{d, []client.Task{remind("r1", time.Hour), remind("r2", time.Hour)}, done}); err != nil {
		t.Fatal(err)
	}
	if rows := d.Tasks(); len(rows) != 1 || rows[0].ID != "r2" {
		t.Errorf("left are %+v, want r2", rows)
	}
}
