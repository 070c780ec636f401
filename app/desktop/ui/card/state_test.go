package card_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestForm_goesOnInAnotherLanguage: what an operator has just typed stays, of a new card and of an old one.
func TestForm_goesOnInAnotherLanguage(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	state := &card.State{}
	made := func() *card.Panel {
		p := card.New(h, state, func() {})
		uitest.WindowOf(t, p, fyne.NewSize(300, 900))
		return p
	}
	p := made()
	p.NewLead("+79145550148")
	uitest.All[*widgets.Entry](p)[0].SetText("Константинопольская Але")
	p.Leave()
	h.Words = i18n.New(i18n.English)
	p = made()
	if !p.Resume() {
		t.Fatal("the form of the new card is gone")
	}
	if got := uitest.All[*widgets.Entry](p)[0].Text; got != "Константинопольская Але" {
		t.Errorf("the name is now %q", got)
	}
	if words := uitest.Readable(p); !strings.Contains(words, h.Words.T("form.new")) {
		t.Errorf("the form is not in the new language:\n%s", words)
	}
	p.Open(client.KindClient, "c9")
	p.Edit()
	uitest.All[*widgets.Entry](p)[0].SetText("Другое имя")
	p.Leave()
	p = made()
	if !p.Resume() || uitest.All[*widgets.Entry](p)[0].Text != "Другое имя" {
		t.Errorf("what was typed is gone:\n%s", uitest.Readable(p))
	}
	if p.Resume() {
		t.Error("a form is opened twice")
	}
}

// TestCard_aCallOpensItsCourse from among the last events.
func TestCard_aCallOpensItsCourse(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	panel := card.New(h, &card.State{}, func() {})
	var opened []string
	panel.Course = func(e client.FeedEntry) { opened = append(opened, e.CallID) }
	uitest.WindowOf(t, panel, fyne.NewSize(300, 900))
	panel.Open(client.KindClient, "c9")
	for _, words := range uitest.All[*widgets.Paragraph](panel) {
		if strings.Contains(words.Text, "Входящий") {
			uitest.PickRow(t, panel, words.Text)
		}
	}
	if want := []string{"c1"}; !slices.Equal(opened, want) {
		t.Errorf("the courses of %q were opened, want %q", opened, want)
	}
}

// TestCard_thatIsErasedSaysSo: what was being typed about somebody who was erased is not kept either.
func TestCard_thatIsErasedSaysSo(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	state := &card.State{}
	panel := card.New(h, state, func() {})
	uitest.WindowOf(t, panel, fyne.NewSize(300, 900))
	panel.Open(client.KindClient, "c9")
	panel.Edit()
	uitest.All[*widgets.Entry](panel)[0].SetText("Другое имя")
	panel.Gone(client.Deleted{ID: "c9", Deleted: true, Erased: true})
	if _, id := panel.Opened(); id != "" || h.Told != h.Words.T("crd.erased") {
		t.Errorf("card %q is open, and it is told %q", id, h.Told)
	}
	if again := card.New(h, state, func() {}); again.Resume() {
		t.Error("what was being typed is still there")
	}
	h.Told = ""
	panel.Open(client.KindClient, "c9")
	panel.Gone(client.Deleted{ID: "c9", Deleted: true})
	if _, id := panel.Opened(); id != "" || h.Told == h.Words.T("crd.erased") {
		t.Errorf("a card that can be restored: card %q is open, and it is told %q", id, h.Told)
	}
}
