package popup_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestPractice_everyFaceSaysSoAndLeadsBack: whatever a practice's call is doing, its card says that it is none of the
// school's, and one press ends the practice. The same call in the school says nothing of it.
func TestPractice_everyFaceSaysSoAndLeadsBack(t *testing.T) {
	uitest.LightApp(t)
	text := i18n.New(i18n.Russian)
	missed := uitest.Cards()["6-missed"]
	missed.State, missed.Result, missed.Ringing, missed.Rang, missed.EndedAt = client.StateEnded, client.Missed, nil, []string{"e1"}, uitest.At(uitest.Now)
	faces := uitest.Cards()
	faces["6-missed"] = missed
	for name, call := range faces {
		for _, practice := range []bool{true, false} {
			m := model.New(model.Config{Me: uitest.Kireeva, Now: func() time.Time { return uitest.Now }})
			if call.State == client.StateEnded { // it was seen while it rang
				rings := uitest.Cards()[name]
				m.Apply(client.StreamEvent{Type: "call", Data: &rings})
			}
			call.Practice = practice
			m.Apply(client.StreamEvent{Type: "call", Data: &call})
			said := &uitest.Said{}
			view := popup.NewView(text, said, nil)
			test.NewTempWindow(t, view)
			view.Draw(present.Cards(m, text, uitest.Now)[0], text, uitest.Now)
			says := uitest.Readable(view)
			if strings.Contains(says, "Учебный звонок") != practice {
				t.Errorf("%s, practice %v: the card says\n%s", name, practice, says)
			}
			end := uitest.Buttons(view, map[string]*widgets.Button{})["Закончить учёбу"]
			if (end != nil) != practice {
				t.Errorf("%s, practice %v: the way back is %v", name, practice, end)
				continue
			}
			if practice {
				end.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
				if !slices.Contains(said.Acts, "end practice") {
					t.Errorf("%s: the press does nothing", name)
				}
			}
		}
	}
}

// TestPractice_marksTheStripAndTheFold, which have no room for a band.
func TestPractice_marksTheStripAndTheFold(t *testing.T) {
	c := newCorner(t)
	c.stack.Quiet(true)
	call := c.call(1, 9, "1-known")
	call.Practice = true
	c.hears(call)
	c.strip("while one rings in a practice")
	if says := uitest.Readable(c.content()); !strings.Contains(says, "Учёба · ") {
		t.Errorf("the strip says %q", says)
	}
	fold := present.Fold([]present.Card{{Title: "Пробная Мария", Phone: "+79000000003", Practice: true}}, c.text)
	if !strings.HasPrefix(fold.Heading, "Учёба · ") {
		t.Errorf("missed calls are headed %q", fold.Heading)
	}
	line := present.Ring([]present.Card{{Title: "Пробная Мария", Practice: true}}, c.text)
	if !strings.HasPrefix(line.Heading, "Учёба · ") {
		t.Errorf("others that ring are headed %q", line.Heading)
	}
}

// TestPractice_itsNoteHasTheKeyboard in a talk, and never what ends the practice: neither when one goes to the card in
// the talk, nor while it rang.
func TestPractice_itsNoteHasTheKeyboard(t *testing.T) {
	for _, while := range []string{"1-known", "2-unknown", "4-talking", "8-held"} {
		c := newCorner(t)
		call := c.call(1, 20, while)
		call.Practice = true
		c.hears(call)
		c.stack.TakeKeys()
		if at := c.at(); at == "Закончить учёбу" || c.window().Canvas().Focused() == nil {
			t.Errorf("%s: the keyboard is at %q", while, at)
		}
		talk := c.call(1, 20, "4-talking")
		talk.Practice = true
		c.hears(talk)
		note, ok := c.window().Canvas().Focused().(*widgets.Entry)
		if !ok {
			t.Errorf("%s: in the talk the keyboard is at %q", while, c.at())
			continue
		}
		test.Type(note, "жена 89161234567")
		if len(c.said.Acts) > 0 || note.Text != "жена 89161234567" {
			t.Errorf("%s: typing the note did %q; it has %q", while, c.said.Acts, note.Text)
		}
	}
}

// TestPractice_theOutlineOfItsButtonIsWhole: the window is cut to the card.
func TestPractice_theOutlineOfItsButtonIsWhole(t *testing.T) {
	c := newCorner(t)
	call := c.call(1, 20, "4-talking")
	call.Practice = true
	c.hears(call)
	button := uitest.Buttons(c.content(), map[string]*widgets.Button{})["Закончить учёбу"]
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button)
	top := fyne.CurrentApp().Driver().AbsolutePositionForObject(uitest.All[*popup.View](c.content())[0])
	const outline = 4
	if room := at.Y - top.Y; room < outline {
		t.Errorf("above the button there is room for %v, its outline takes %v", room, outline)
	}
}

// TestStack_saysThatWritingWasBrokenOff when the card goes under the person's hands, and not when they leave it.
func TestStack_saysThatWritingWasBrokenOff(t *testing.T) {
	c := newCorner(t)
	c.hears(c.call(1, 20, "4-talking"))
	c.stack.TakeKeys()
	test.Type(c.window().Canvas().Focused(), "жена")
	c.stack.Update(nil, c.text, c.now) // a real call has ended the practice
	if want := []string{"broken off"}; !slices.Equal(c.said.Acts, want) || c.Keyed {
		t.Errorf("reported %q, want %q; the cards have the keyboard: %t", c.said.Acts, want, c.Keyed)
	}

	c = newCorner(t)
	c.hears(c.call(1, 20, "4-talking"))
	c.stack.TakeKeys()
	c.types(fyne.KeyEscape)
	c.stack.Update(nil, c.text, c.now)
	if want := []string{"dismiss c1"}; !slices.Equal(c.said.Acts, want) {
		t.Errorf("left by Esc, reported %q, want %q", c.said.Acts, want)
	}
}
