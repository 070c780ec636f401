package tasks_test

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestTasks_tabComesToTheRowOneIsAt and to no other: forty rows with three buttons each were a hundred and twenty stops.
func TestTasks_tabComesToTheRowOneIsAt(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	for n := range 40 {
		due := uitest.Now.Add(time.Duration(n) * time.Minute)
		h.Facts.Apply(client.StreamEvent{Type: "task", Data: &client.Task{
			ID: fmt.Sprint(n), Kind: client.TaskReminder, State: client.TaskOpen, At: uitest.Now, DueAt: &due, Note: fmt.Sprint("Позвонить ", n),
			Phone: fmt.Sprintf("+791455501%02d", n), Assignee: uitest.Person(uitest.Kireeva),
		}})
	}
	v := tasks.New(h, &tasks.State{})
	w := uitest.WindowOf(t, v, fyne.NewSize(900, 400))
	v.Sync()
	over := w.Canvas()
	over.FocusNext()
	list, ok := over.Focused().(*widgets.List)
	if !ok {
		t.Fatalf("Tab comes to %v first, want the list", over.Focused())
	}
	for range 2 {
		list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	stops, row := 0, float32(-1)
	for over.FocusNext(); over.Focused() != fyne.Focusable(list) && stops < 100; over.FocusNext() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(over.Focused().(fyne.CanvasObject)).Y
		if row >= 0 && at != row {
			t.Fatalf("Tab comes to controls at %v and %v, want those of one row", row, at)
		}
		stops, row = stops+1, at
	}
	if stops != 3 {
		t.Errorf("Tab comes to %d controls of the row, want 3", stops)
	}
}
