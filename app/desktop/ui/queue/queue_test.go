package queue_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/queue"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestQueue_actsReachTheServer: taking, giving back, dismissing and calling a missed caller.
func TestQueue_actsReachTheServer(t *testing.T) {
	h := uitest.NewHost(t, i18n.Russian)
	for _, act := range []string{"/missed/+79145550148/take", "/missed/+79035550152/release", "/missed/+79145550148/dismiss"} {
		h.School.Answers["POST "+act] = client.MissedCaller{}
	}
	view := queue.New(h, &queue.State{})
	uitest.Shown(t, view)
	view.Sync()
	found := uitest.Buttons(view, map[string]*widgets.Button{})
	for _, word := range []string{"Взять себе", "Вернуть в очередь", "Перезвонить"} {
		if found[word] == nil {
			t.Fatalf("no button %q among %v", word, found)
		}
		found[word].Tapped(nil)
	}
	view.Dismiss("+79145550148", "Реклама или спам")
	// Of two rows with the same word, the later is found.
	want := []string{
		"POST /missed/+79145550148/take {}", "POST /missed/+79035550152/release {}",
		`POST /missed/+79145550148/dismiss {"reason":"Реклама или спам"}`,
	}
	if !slices.Equal(h.School.Told, want) {
		t.Errorf("the server was told %q, want %q", h.School.Told, want)
	}
	if !slices.Equal(h.Dialed, []string{"+79035550152"}) {
		t.Errorf("called %q", h.Dialed)
	}
}

// TestQueue_aNarrowWindowKeepsTheNames: the buttons go into the menu before a name goes.
func TestQueue_aNarrowWindowKeepsTheNames(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["POST /missed/+79145550148/take"] = client.MissedCaller{}
	view := queue.New(h, &queue.State{})
	w := uitest.WindowOf(t, view, fyne.NewSize(644, 400))
	view.Sync()
	if uitest.Buttons(view, map[string]*widgets.Button{})["Взять себе"] != nil {
		t.Error("the button takes the name's room")
	}
	for _, l := range uitest.All[*widgets.Label](view) {
		if l.Text == uitest.Shangutov.Name && l.Size().Width < 100 {
			t.Errorf("the name has %v to stand in", l.Size().Width)
		}
	}
	for _, b := range uitest.All[*widgets.Button](view) {
		if b.Label == "⋯" {
			test.Tap(b)
			uitest.PickItem(t, w, "Взять себе")
			break
		}
	}
	if !slices.Equal(h.School.Told, []string{"POST /missed/+79145550148/take {}"}) {
		t.Errorf("told %q", h.School.Told)
	}
}

// TestQueue_theTimeOpensTheCourse of the caller's last missed call, by the pointer and by the menu, as everywhere.
func TestQueue_theTimeOpensTheCourse(t *testing.T) {
	uitest.LightApp(t)
	steps := 0
	for _, width := range []float32{900, 644} {
		h := uitest.NewHost(t, i18n.Russian)
		missed := uitest.Entries()[2]
		h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: []client.FeedEntry{missed}}
		var opened []string
		view := queue.New(h, &queue.State{})
		view.Course = func(entry client.FeedEntry) { opened = append(opened, entry.CallID) }
		w := uitest.WindowOf(t, view, fyne.NewSize(width, 400))
		view.Sync()
		for _, label := range uitest.All[*widgets.Label](view) {
			if strings.HasPrefix(label.Text, "3 попытки") {
				test.TapCanvas(w.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(label).AddXY(10, 8))
			}
		}
		if !slices.Equal(opened, []string{"c3"}) || len(h.Opened) > 0 {
			t.Errorf("%.0f wide, the time opens %q, and %q", width, opened, h.Opened)
		}
		var sign *widgets.Button
		for _, b := range uitest.All[*widgets.Button](view) {
			if b.Label == "⋯" && sign == nil {
				sign = b
			}
		}
		menu := uitest.MenuOf(t, w, sign)
		if width >= 900 { // there it is the last of them, and in the narrow window in the same place
			steps = len(menu.Items)
		}
		for range steps {
			menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if !slices.Equal(opened, []string{"c3", "c3"}) {
			t.Errorf("%.0f wide, the menu opens %q", width, opened)
		}
	}
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{}
	view := queue.New(h, &queue.State{})
	view.Course = func(client.FeedEntry) { t.Error("a call that there is not is opened") }
	w := uitest.WindowOf(t, view, fyne.NewSize(900, 400))
	view.Sync()
	for _, label := range uitest.All[*widgets.Label](view) {
		if strings.HasPrefix(label.Text, "3 попытки") {
			test.TapCanvas(w.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(label).AddXY(10, 8))
		}
	}
	if !strings.Contains(h.Told, "Этого звонка в ленте нет") {
		t.Errorf("told %q", h.Told)
	}
}
