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
