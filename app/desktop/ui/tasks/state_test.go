package tasks_test

import (
	"fmt"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/client"
)

// TestTasks_stayWhereTheyStand: a colleague's presence, or other colours, must not throw a reader to the top.
func TestTasks_stayWhereTheyStand(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	for n := range 40 {
		due := uitest.Now.Add(time.Duration(n) * time.Minute)
		h.Facts.Apply(client.StreamEvent{Type: "task", Data: &client.Task{
			ID: fmt.Sprint(n), Kind: client.TaskReminder, State: client.TaskOpen, At: uitest.Now, DueAt: &due, Note: fmt.Sprint("Позвонить ", n), Assignee: uitest.Person(uitest.Kireeva),
		}})
	}
	state := &tasks.State{}
	v := tasks.New(h, state)
	uitest.WindowOf(t, v, fyne.NewSize(900, 400))
	v.Sync()
	scroll := func() fyne.Position { return uitest.All[*container.Scroll](v)[0].Offset }
	uitest.All[*container.Scroll](v)[0].Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -300}})
	want := scroll()
	if want.Y == 0 {
		t.Fatal("it does not scroll")
	}
	done := client.Task{ID: "39", State: client.TaskDone}
	h.Facts.Apply(client.StreamEvent{Type: "task", Data: &done})
	v.Sync()
	if got := scroll(); got != want {
		t.Errorf("after a change it stands at %v, want %v", got, want)
	}
	v = tasks.New(h, state)
	uitest.WindowOf(t, v, fyne.NewSize(900, 400))
	v.Sync()
	if got := scroll(); got != want {
		t.Errorf("made anew it stands at %v, want %v", got, want)
	}
}
