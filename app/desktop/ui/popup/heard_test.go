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
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// ear offers whatever number a note has, and says what was asked of it.
type ear struct {
	said  []string
	asked string // the note that was heard last
	owner *client.Subject
}

func (e *ear) Hear(_ present.Card, note string, show func(*present.HeardOffer)) {
	var offer *present.HeardOffer
	if all := model.Numbers(note); len(all) > 0 {
		o := present.Heard(all[0], e.owner, 2, i18n.New(i18n.Russian))
		offer = &o
	}
	show(offer)
	e.asked = note
}

func (e *ear) Add(_ present.Card, offer present.HeardOffer, told func(*present.HeardDone, string)) {
	e.said = append(e.said, "add "+string(offer.Heard.Number)+" "+offer.Heard.Label)
	done := present.HeardAdded(offer.Heard, 2, "u1", i18n.New(i18n.Russian))
	told(&done, "")
}

func (e *ear) Refuse(_ present.Card, offer present.HeardOffer) {
	e.said = append(e.said, "refuse "+string(offer.Heard.Number))
}

func (e *ear) TakeBack(done present.HeardDone, told func(string, bool)) {
	e.said = append(e.said, "back "+done.Undo)
	told("Отменено", true)
}

// talk is the bar of a talk whose notes the ear hears.
func talk(t *testing.T, e *ear) (*popup.View, *uitest.Said, *widgets.Entry) {
	t.Helper()
	uitest.LightApp(t)
	text, said := i18n.New(i18n.Russian), &uitest.Said{Hears: e}
	m := model.New(model.Config{Me: uitest.Kireeva})
	call := uitest.Cards()["4-talking"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	view := popup.NewView(text, said, nil)
	view.Draw(present.Cards(m, text, uitest.Now)[0], text, uitest.Now)
	note := uitest.All[*widgets.Entry](view)[0]
	uitest.WindowOf(t, view, fyne.NewSize(theme.Card, 400)).Canvas().Focus(note)
	return view, said, note
}

// press types a key where the keyboard is; Tab is the window's.
func press(view *popup.View, key fyne.KeyName) {
	over := fyne.CurrentApp().Driver().CanvasForObject(view)
	if key == fyne.KeyTab {
		over.FocusNext()
		return
	}
	over.Focused().TypedKey(&fyne.KeyEvent{Name: key})
}

// inNote tells whether the note has the keyboard.
func inNote(view *popup.View) bool {
	_, ok := fyne.CurrentApp().Driver().CanvasForObject(view).Focused().(*widgets.Entry)
	return ok
}

func TestHeardNumber_isTakenByTabAndEnter(t *testing.T) {
	e := &ear{}
	view, said, note := talk(t, e)
	due := make(chan func(), 2)
	view.Do = func(do func()) { due <- do }
	note.SetText("жена 8-914-555-01-3")
	note.SetText("жена 8-914-555-01-33") // the keys have not rested in between
	for hang := time.After(60 * time.Second); e.asked == ""; {
		select {
		case do := <-due: // the first note's, too, where the machine was slow
			do()
		case <-hang:
			t.Fatal("nobody was asked about the note")
		}
	}
	if e.asked != "жена 8-914-555-01-33" {
		t.Fatalf("asked about %q", e.asked)
	}
	for _, words := range []string{"Добавить +7 914 555-01-33 в карточку как «жена»", "2 прежних звонка привяжутся сразу"} {
		if !strings.Contains(uitest.Readable(view), words) {
			t.Errorf("the card does not say %q; it says\n%s", words, uitest.Readable(view))
		}
	}
	if got := view.MinSize().Width; got > theme.Card {
		t.Errorf("the offer makes the card %v wide, its window is %v", got, theme.Card)
	}
	press(view, fyne.KeyTab)
	if inNote(view) {
		t.Error("Tab does not lead from the note to the offer")
	}
	press(view, fyne.KeyReturn)
	if want := []string{"add +79145550133 жена"}; !slices.Equal(e.said, want) || len(said.Acts) > 0 {
		t.Fatalf("asked for %q and reported %q, want %q alone", e.said, said.Acts, want)
	}
	if !inNote(view) {
		t.Error("once it is taken, one does not go on writing")
	}
	says := uitest.Readable(view)
	if !strings.Contains(says, "Номер добавлен: «жена»") || !strings.Contains(says, "Привязано звонков: 2") {
		t.Errorf("the card says\n%s", says)
	}
	test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})["Отменить · 10 с"])
	if got := e.said[len(e.said)-1]; got != "back u1" {
		t.Errorf("«Отменить» asked for %q", got)
	}
}

func TestHeardNumber_isOfferedAfterTheNoteWasSent(t *testing.T) {
	e := &ear{}
	view, said, note := talk(t, e)
	note.SetText("жена 8-914-555-01-33")
	press(view, fyne.KeyReturn) // sooner than the keys have rested
	if want := []string{"note c жена 8-914-555-01-33"}; !slices.Equal(said.Acts, want) {
		t.Errorf("reported %q, want %q", said.Acts, want)
	}
	if !strings.Contains(uitest.Readable(view), "Добавить +7 914 555-01-33") {
		t.Fatalf("nothing is offered:\n%s", uitest.Readable(view))
	}
	// Ten seconds after it was added nothing more is said of it.
	press(view, fyne.KeyTab)
	press(view, fyne.KeyReturn)
	view.Tick(time.Now().Add(11 * time.Second))
	if strings.Contains(uitest.Readable(view), "Номер добавлен") {
		t.Errorf("after its time the card says\n%s", uitest.Readable(view))
	}
}

func TestHeardNumber_ofAnotherCardIsAddedByItsButtonAlone(t *testing.T) {
	e := &ear{owner: &client.Subject{Kind: client.KindClient, ID: "9", Name: "Егоров Александр"}}
	view, _, note := talk(t, e)
	note.SetText("брат 8-914-000-10-07")
	press(view, fyne.KeyReturn)
	if !strings.Contains(uitest.Readable(view), "Номер уже в карточке «Егоров Александр»") {
		t.Fatalf("the card says\n%s", uitest.Readable(view))
	}
	press(view, fyne.KeyReturn)
	if len(e.said) > 0 || strings.Contains(uitest.Readable(view), "Tab ↵") {
		t.Errorf("two keys asked for %q; the card says\n%s", e.said, uitest.Readable(view))
	}
	note.SetText("брат 8-914-000-10-07")
	press(view, fyne.KeyReturn)
	test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})["Привязать всё равно"])
	if want := []string{"add +79140001007 брат"}; !slices.Equal(e.said, want) {
		t.Errorf("asked for %q, want %q", e.said, want)
	}
}
