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

	c = newCorner(t) // in a talk its note has the keyboard
	c.hears(c.call(1, 20, "4-talking"))
	c.stack.TakeKeys()
	test.Type(c.window().Canvas().Focused(), "утром")
	c.types(fyne.KeyEscape)
	if c.Keyed || len(c.said.Acts) > 0 {
		t.Errorf("Esc in a note that is typed did %q; the cards have the keyboard: %t", c.said.Acts, c.Keyed)
	}
	c.stack.TakeKeys()
	c.window().Canvas().Focused().(*widgets.Entry).SetText("")
	c.types(fyne.KeyEscape)
	if c.Keyed || len(c.said.Acts) != 1 || c.said.Acts[0] != "dismiss c1" {
		t.Errorf("Esc in an empty note did %q; the cards have the keyboard: %t", c.said.Acts, c.Keyed)
	}
}

// TestStack_handsTheTalkOverByKeyboard, and Esc puts the list of colleagues away before the card.
func TestStack_handsTheTalkOverByKeyboard(t *testing.T) {
	c := newCorner(t)
	if c.stack.Transfer() || c.Keyed {
		t.Fatal("nothing is handed over, and the keyboard is gone")
	}
	call := c.call(1, 7, "7-able")
	c.hears(call)
	if !c.stack.Transfer() || !c.Keyed {
		t.Fatal("the talk cannot be handed over by keyboard")
	}
	if _, ok := c.window().Canvas().Focused().(*widgets.Pick); !ok {
		t.Fatalf("the keyboard is at %T, want the first colleague", c.window().Canvas().Focused())
	}
	c.types(fyne.KeyEscape)
	if !c.Keyed || c.at() != "Перевести" || len(c.said.Acts) > 0 {
		t.Fatalf("Esc in the list of colleagues leads to %q, done %q", c.at(), c.said.Acts)
	}
	c.types(fyne.KeyReturn)
	c.types(fyne.KeyReturn)
	if want := "transfer " + call.ID + " 102"; !slices.Equal(c.said.Acts, []string{want}) {
		t.Errorf("done %q, want %q", c.said.Acts, want)
	}
}

// TestStack_keysStayWhereTheyAre while other cards come and go, and go to nobody once the person is elsewhere.
func TestStack_keysStayWhereTheyAre(t *testing.T) {
	c := newCorner(t)
	c.hears(c.call(1, 20, "1-known"))
	c.stack.TakeKeys()
	c.window().Canvas().FocusNext()
	at := c.at()
	if at == "" || at == "Открыть договор" {
		t.Fatalf("Tab leads to %q", at)
	}
	c.hears(c.call(2, 30, "2-unknown")) // has waited longer, so it is nearer to the corner
	if c.at() != at {
		t.Errorf("with another card the keyboard went from %q to %q", at, c.at())
	}
	c.Keyed = false // a click into another window
	c.hears(c.call(3, 40, "2-unknown"))
	if on := c.window().Canvas().Focused(); on != nil {
		t.Errorf("elsewhere, the cards show the keyboard at %v", on)
	}
}

// TestCard_allOfItIsReachedByTab: what can be clicked on a card, and the cross last.
func TestCard_allOfItIsReachedByTab(t *testing.T) {
	for _, face := range []string{"1-known", "2-unknown", "3-several", "5-dialling", "6-missed", "7-able", "ended"} {
		t.Run(face, func(t *testing.T) {
			c := newCorner(t)
			if face == "ended" {
				call := c.call(1, 70, "4-talking")
				c.hears(call)
				call.State, call.Result, call.EndedAt = client.StateEnded, client.Answered, uitest.At(uitest.Now)
				c.hears(call)
			} else {
				c.hears(c.call(1, 7, face))
			}
			c.stack.TakeKeys()
			over := c.window().Canvas()
			first, stops := over.Focused(), 1
			for over.FocusNext(); over.Focused() != first && stops < 30; over.FocusNext() {
				stops++
			}
			want := len(c.stack.Shown()[0].Spots)
			for _, bar := range uitest.All[*widgets.Bar](c.content()) { // its chips are reached by the arrow keys
				want -= len(uitest.All[*widgets.Chip](bar)) - 1
			}
			if stops != want {
				t.Errorf("Tab stops %d times, want %d for all that can be clicked", stops, want)
			}
		})
	}
}

func TestStack_f1OpensTheHelpAboutCards(t *testing.T) {
	c := newCorner(t)
	c.hears(c.call(1, 7, "1-known"))
	c.stack.TakeKeys()
	c.types(fyne.KeyF1)
	if !slices.Contains(c.said.Acts, "help") || !c.Keyed {
		t.Errorf("F1 did %q, the cards have the keyboard: %t", c.said.Acts, c.Keyed)
	}
}
