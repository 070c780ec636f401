package popup_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestNote_isSeenUntilTheServerHasIt: as on its way, as waiting, and in its field again when it was refused.
func TestNote_isSeenUntilTheServerHasIt(t *testing.T) {
	for _, state := range []string{"4-talking", "8-held"} {
		c := newCorner(t)
		call := c.call(1, 20, state)
		c.hears(call)
		c.stack.TakeKeys()
		note, ok := c.window().Canvas().Focused().(*widgets.Entry)
		if !ok {
			t.Fatalf("%s: the keyboard is at %T", state, c.window().Canvas().Focused())
		}
		test.Type(note, "просит утром")
		c.said.Unsent = []popup.UnderWay{{Words: "просит утром"}}
		c.types(fyne.KeyReturn)
		if says := uitest.Readable(c.content()); !strings.Contains(says, "Отправляется: «просит утром»") || note.Text != "" {
			t.Errorf("%s: on its way, the field has %q and the card says\n%s", state, note.Text, says)
		}
		c.said.Unsent[0].Waits = true
		c.stack.Tell(call.ID, "Сервер не отвечает.", theme.ToneHold, c.now)
		if says := uitest.Readable(c.content()); !strings.Contains(says, "Ждёт сервера: «просит утром»") {
			t.Errorf("%s: while it waits the card says\n%s", state, says)
		}
		note.SetText("и вечером")
		c.said.Unsent = nil
		if !c.stack.GiveBack(call.ID, "просит утром") || note.Text != "просит утром и вечером" || c.stack.Unsaved()[call.ID] != note.Text {
			t.Errorf("%s: given back, the field has %q", state, note.Text)
		}
		if c.stack.GiveBack("another", "просит утром") {
			t.Errorf("%s: a note went back to a card that is not there", state)
		}
	}
}

// TestNote_holdsWhatTheServerTakes, and says on the card that it is full.
func TestNote_holdsWhatTheServerTakes(t *testing.T) {
	c := newCorner(t)
	c.hears(c.call(1, 20, "4-talking"))
	c.stack.TakeKeys()
	note := c.window().Canvas().Focused().(*widgets.Entry)
	note.SetText(strings.Repeat("я", 4000))
	test.Type(note, "!")
	if got := len([]rune(note.Text)); got != 4000 || !strings.Contains(uitest.Readable(c.content()), "помещается 4000 знаков") {
		t.Errorf("the note has %d signs, the card says\n%s", got, uitest.Readable(c.content()))
	}
	note.SetText("")
	clip := fyne.CurrentApp().Clipboard()
	clip.SetContent(strings.Repeat("щ", 4500))
	note.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if note.Text != strings.Repeat("щ", 4000) || !strings.Contains(uitest.Readable(c.content()), "помещается 4000 знаков") {
		t.Errorf("of what is pasted the note has %d signs, the card says\n%s", len([]rune(note.Text)), uitest.Readable(c.content()))
	}
	c.types(fyne.KeyReturn)
	if len(c.said.Acts) != 1 {
		t.Errorf("reported %d acts", len(c.said.Acts))
	}
}
