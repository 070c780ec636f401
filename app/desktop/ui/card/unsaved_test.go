package card_test

import (
	"encoding/json"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestUnsaved_comesBackWithTheNextStart: a new card, changes of an old one that is open or was left, and a note.
func TestUnsaved_comesBackWithTheNextStart(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	started := func() *card.Panel {
		p := card.New(h, &card.State{}, func() {})
		uitest.WindowOf(t, p, fyne.NewSize(300, 900))
		return p
	}
	name := func(p *card.Panel) *widgets.Entry { return uitest.All[*widgets.Entry](p)[0] }
	through := func(p *card.Panel) card.Unsaved {
		t.Helper()
		raw, err := json.Marshal(p.Unsaved())
		if err != nil {
			t.Fatal(err)
		}
		var out card.Unsaved
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}

	p := started()
	if u := p.Unsaved(); len(u.Drafts) > 0 || u.Of != nil {
		t.Errorf("nothing was typed, and unsaved is %+v", u)
	}
	p.NewLead("+79145550148")
	if u := p.Unsaved(); len(u.Drafts) > 0 {
		t.Errorf("what the program filled in is taken for typed: %+v", u)
	}
	name(p).SetText("Константинопольская Але")
	p.Open(client.KindClient, "c9") // leaves the new card
	p.Edit()
	name(p).SetText("Другое имя")

	q := started()
	q.Restore(through(p))
	q.NewLead("")
	if got := name(q).Text; got != "Константинопольская Але" {
		t.Errorf("of the new card there is %q", got)
	}
	q.Open(client.KindClient, "c9")
	if got := name(q).Text; got != "Другое имя" {
		t.Errorf("of the changed card there is %q", got)
	}
	// Once more, with the form open that came back.
	r := started()
	r.Restore(through(q))
	r.Open(client.KindClient, "c9")
	if got := name(r).Text; got != "Другое имя" {
		t.Errorf("after a second start there is %q", got)
	}
}

func TestUnsaved_aNoteUnderACardStaysThere(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	shown := func(u card.Unsaved) (*card.Panel, *widgets.Entry) {
		p := card.New(h, &card.State{}, func() {})
		uitest.WindowOf(t, p, fyne.NewSize(300, 900))
		p.Restore(u)
		p.Open(client.KindClient, "c9")
		entries := uitest.All[*widgets.Entry](p)
		if len(entries) != 1 {
			t.Fatalf("the card has %d fields", len(entries))
		}
		return p, entries[0]
	}
	p, note := shown(card.Unsaved{})
	note.SetText("перезвонить в пятницу")
	u := p.Unsaved()
	_, again := shown(u)
	if again.Text != "перезвонить в пятницу" {
		t.Errorf("the note is %q", again.Text)
	}
}
