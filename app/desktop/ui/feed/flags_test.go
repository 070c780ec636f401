package feed_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestFeed_flagLineKeepsWordAndKeyboard when the stream brings the entry anew while somebody types, and takes no
// room of the rows below.
func TestFeed_flagLineKeepsWordAndKeyboard(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	items := uitest.InParts()
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: items}
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	w := test.NewTempWindow(t, view)
	w.Resize(uitest.Tall)
	view.Reload()
	entry, ok := view.Expand("c2")
	if !ok {
		t.Fatal("there is no such call")
	}
	before := uitest.Readable(view)
	if strings.Contains(before, "Флажок на") {
		t.Fatalf("a flag's line is open: %s", before)
	}
	test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})["Флажок"])
	field, ok := w.Canvas().Focused().(*widgets.Entry)
	if !ok {
		t.Fatalf("the keyboard is with %T", w.Canvas().Focused())
	}
	test.Type(field, "сроки")
	entry.Flags = []client.Flag{{ID: "f", Part: 1, FromMS: 500, ToMS: 500, Word: "цена"}}
	view.Apply(entry)
	again, ok := w.Canvas().Focused().(*widgets.Entry)
	if !ok || again == field {
		t.Fatalf("after the stream's entry the keyboard is with %T", w.Canvas().Focused())
	}
	if again.Text != "сроки" {
		t.Errorf("the word is %q by now", again.Text)
	}
	if got := uitest.Readable(view); !strings.Contains(got, "флажки: цена") || !strings.Contains(got, "Флажок на") {
		t.Errorf("the row says\n%s", got)
	}
	again.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if got := uitest.Readable(view); strings.Contains(got, "Флажок на") {
		t.Errorf("after Esc the row says\n%s", got)
	}
}

// TestFeed_flagLineGivesTheKeyboardBack to the rows once the word is set, or dropped: the next key is the player's.
func TestFeed_flagLineGivesTheKeyboardBack(t *testing.T) {
	uitest.LightApp(t)
	for _, end := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape} {
		h := uitest.NewHost(t, i18n.Russian)
		h.School.Answers["POST /calls/c2/flags"] = client.Flag{ID: "f", Part: 1, Word: "цена"}
		view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
		w := test.NewTempWindow(t, view)
		w.Resize(uitest.Tall)
		view.Reload()
		view.Expand("c2")
		w.Canvas().Focus(view.List())
		uitest.Buttons(view, map[string]*widgets.Button{})["Флажок"].OnTap() // as F does, which leaves the keyboard where it is
		field, ok := w.Canvas().Focused().(*widgets.Entry)
		if !ok {
			t.Fatalf("the keyboard is with %T", w.Canvas().Focused())
		}
		test.Type(field, "цена")
		field.TypedKey(&fyne.KeyEvent{Name: end})
		if at := w.Canvas().Focused(); at != view.List() {
			t.Errorf("after %s the keyboard is with %T", end, at)
		}
	}
}

// TestFeed_aHalfTypedWordWaitsInItsRow while another one is open: the keyboard goes on with the rows, and comes back to
// the word by its key.
func TestFeed_aHalfTypedWordWaitsInItsRow(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	items := uitest.Entries()
	items[0].Recording = &client.Recording{Ready: true, Seconds: 222}
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: items}
	play := player.New(h, t.TempDir())
	view := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
	w := test.NewTempWindow(t, view)
	w.Resize(uitest.Tall)
	view.Reload()
	flag := func() { uitest.Buttons(view, map[string]*widgets.Button{})["Флажок"].OnTap() } // as F does
	view.Expand("c2")
	w.Canvas().Focus(view.List())
	flag()
	field, ok := w.Canvas().Focused().(*widgets.Entry)
	if !ok {
		t.Fatalf("the keyboard is with %T", w.Canvas().Focused())
	}
	test.Type(field, "суббота ут")
	view.Expand("c1") // e.g. by a click of somebody else's on a card
	play.Shown()
	if got := uitest.Readable(view); strings.Contains(got, "Флажок на") {
		t.Errorf("in another row stands a flag's line:\n%s", got)
	}
	if at := w.Canvas().Focused(); at != view.List() {
		t.Errorf("in another row the keyboard is with %T", at)
	}
	view.Expand("c2")
	play.Shown()
	if got := uitest.Readable(view); !strings.Contains(got, "Флажок на") {
		t.Errorf("back in its row there is no flag's line:\n%s", got)
	}
	if at := w.Canvas().Focused(); at != view.List() {
		t.Errorf("back in its row the keyboard is with %T", at)
	}
	flag()
	again, ok := w.Canvas().Focused().(*widgets.Entry)
	if !ok || again.Text != "суббота ут" {
		t.Fatalf("the key of a flag gives the keyboard to %T", w.Canvas().Focused())
	}
	again.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if at := w.Canvas().Focused(); at != view.List() || strings.Contains(uitest.Readable(view), "Флажок на") {
		t.Errorf("dropped, the keyboard is with %T", at)
	}
}
