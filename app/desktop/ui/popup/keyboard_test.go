package popup_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func (c *corner) at() string {
	if b, ok := c.window().Canvas().Focused().(*widgets.Button); ok {
		return b.Label
	}
	return ""
}

func (c *corner) types(key fyne.KeyName) {
	c.window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
}

// TestStack_isGoneToByKeyboard: its first button is what a person most likely wants; once the call is
// answered that is its note, and Enter there saves it and gives the keyboard back.
func TestStack_isGoneToByKeyboard(t *testing.T) {
	c := newCorner(t)
	if c.stack.TakeKeys() || c.Keyed {
		t.Fatal("without a card the keyboard was taken")
	}
	call := c.call(1, 7, "1-known")
	c.hears(call)
	if c.Keyed {
		t.Fatal("a card took the keyboard by itself")
	}
	if !c.stack.TakeKeys() || !c.Keyed || c.at() != "Открыть договор" {
		t.Fatalf("gone to, has the keyboard %t, at %q", c.Keyed, c.at())
	}
	c.types(fyne.KeyReturn)
	if !slices.Contains(c.said.Acts, "open "+call.ID) {
		t.Errorf("Enter did %q", c.said.Acts)
	}
	call.State, call.Ringing, call.Employee, call.AnsweredAt = client.StateTalking, nil, uitest.Person(uitest.Kireeva), uitest.At(uitest.Now)
	c.hears(call)
	note, ok := c.window().Canvas().Focused().(*widgets.Entry)
	if !ok || !c.Keyed {
		t.Fatalf("as the call was answered the keyboard went to %v, want the note", c.window().Canvas().Focused())
	}
	test.Type(note, "просит утром")
	c.types(fyne.KeyReturn)
	if c.Keyed || !slices.Contains(c.said.Acts, "note "+call.ID+" просит утром") {
		t.Errorf("after the note the cards have the keyboard: %t; done %q", c.Keyed, c.said.Acts)
	}
}

// TestStack_escPutsAwayTheCardOneIsAt, and gives the keyboard back; the call goes on.
func TestStack_escPutsAwayTheCardOneIsAt(t *testing.T) {
	c := newCorner(t)
	c.hears(c.call(1, 20, "1-known"), c.call(2, 5, "6-missed"))
	c.stack.TakeKeys()
	c.types(fyne.KeyEscape)
	if c.Keyed || len(c.said.Acts) != 1 || c.said.Acts[0] != "dismiss c1" {
		t.Errorf("after Esc the cards have the keyboard: %t; done %q", c.Keyed, c.said.Acts)
	}
}
