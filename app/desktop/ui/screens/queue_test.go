package screens

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/queue"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestQueue_actsReachTheServer: taking, giving back, dismissing and calling a missed caller.
func TestQueue_actsReachTheServer(t *testing.T) {
	h := newHost(t, i18n.Russian)
	for _, act := range []string{"/missed/+79145550148/take", "/missed/+79035550152/release", "/missed/+79145550148/dismiss"} {
		h.school.answers["POST "+act] = client.MissedCaller{}
	}
	view := queue.New(h, &queue.State{})
	shown(t, view)
	view.Sync()
	found := buttons(view, map[string]*widgets.Button{})
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
	if !slices.Equal(h.school.told, want) {
		t.Errorf("the server was told %q, want %q", h.school.told, want)
	}
	if !slices.Equal(h.dialed, []string{"+79035550152"}) {
		t.Errorf("called %q", h.dialed)
	}
}

// TestQueue_aNarrowWindowKeepsTheNames: the buttons go into the menu before a name goes.
func TestQueue_aNarrowWindowKeepsTheNames(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["POST /missed/+79145550148/take"] = client.MissedCaller{}
	view := queue.New(h, &queue.State{})
	w := windowOf(t, view, fyne.NewSize(644, 400))
	view.Sync()
	if buttons(view, map[string]*widgets.Button{})["Взять себе"] != nil {
		t.Error("the button takes the name's room")
	}
	for _, l := range all[*widgets.Label](view) {
		if l.Text == shangutov.Name && l.Size().Width < 100 {
			t.Errorf("the name has %v to stand in", l.Size().Width)
		}
	}
	for _, b := range all[*widgets.Button](view) {
		if b.Label == "⋯" {
			test.Tap(b)
			pickItem(t, w, "Взять себе")
			break
		}
	}
	if !slices.Equal(h.school.told, []string{"POST /missed/+79145550148/take {}"}) {
		t.Errorf("told %q", h.school.told)
	}
}
