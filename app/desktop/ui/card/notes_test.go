package card_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// noteLine is the only field of a card that is shown.
func noteLine(t *testing.T, p *card.Panel) *widgets.Entry {
	t.Helper()
	entries := uitest.All[*widgets.Entry](p)
	if len(entries) != 1 {
		t.Fatalf("the card has %d fields", len(entries))
	}
	return entries[0]
}

// asked are the notes that a school was asked to write.
func asked(t *testing.T, h *uitest.Host) (out []client.NewNote) {
	t.Helper()
	for _, told := range h.School.Told {
		body, ok := strings.CutPrefix(told, "POST /feed ")
		var in client.NewNote
		if !ok {
			continue
		}
		if err := json.Unmarshal([]byte(body), &in); err != nil {
			t.Fatal(err)
		}
		out = append(out, in)
	}
	return out
}

// TestNote_isSentAgainAsTheSame: by a second press after no answer, from the page made anew, and after a restart. Other
// words, and the same ones once they were saved, are another note.
func TestNote_isSentAgainAsTheSame(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	h.School.Answers["POST /feed"] = &client.Problem{Status: http.StatusBadGateway, Code: "internal", Detail: "Ответа нет."}
	state := &card.State{}
	shown := func() *card.Panel {
		p := card.New(h, state, func() {})
		uitest.WindowOf(t, p, fyne.NewSize(300, 900))
		p.Open(client.KindClient, "c9")
		return p
	}
	write := func(p *card.Panel, words string) {
		line := noteLine(t, p)
		line.SetText(words)
		line.OnSubmitted(words)
	}
	p := shown()
	write(p, "перезвонить в пятницу")
	if h.Told != "Ответа нет." || noteLine(t, p).Text != "перезвонить в пятницу" {
		t.Errorf("told %q, in the line stands %q", h.Told, noteLine(t, p).Text)
	}
	write(p, "перезвонить в пятницу")
	write(shown(), "перезвонить в пятницу")
	u := kept(t, p.Unsaved())
	state = &card.State{}
	card.New(h, state, func() {}).Restore(u)
	h.School.Answers["POST /feed"] = client.FeedEntry{ID: "n1", Type: client.EntryNote}
	p = shown()
	if got := noteLine(t, p).Text; got != "перезвонить в пятницу" {
		t.Fatalf("after a restart the line has %q", got)
	}
	write(p, "перезвонить в пятницу")
	if got := noteLine(t, p).Text; got != "" || !p.Unsaved().Empty() {
		t.Errorf("saved, the line has %q, unsaved is %+v", got, p.Unsaved())
	}
	write(p, "перезвонить в пятницу")
	write(p, "или в субботу")
	notes := asked(t, h)
	if len(notes) != 6 {
		t.Fatalf("asked for %+v", notes)
	}
	first := notes[0].NoteID
	for n, note := range notes {
		if same := note.NoteID == first; same != (n < 4) || note.NoteID == "" {
			t.Errorf("note %d, %q, is sent as %q, the first as %q", n, note.Text, note.NoteID, first)
		}
	}
	if notes[4].NoteID == notes[5].NoteID {
		t.Error("two notes are sent as one")
	}
}

// kept is what was unsaved, after it was in the file.
func kept(t *testing.T, u card.Unsaved) (out card.Unsaved) {
	t.Helper()
	raw, err := json.Marshal(u)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNote_goesToAnOlderServerWithoutItsID, which refuses what it does not know.
func TestNote_goesToAnOlderServerWithoutItsID(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	h.School.Answers["POST /feed"] = &client.Problem{Status: http.StatusUnprocessableEntity, Code: "invalid", Fields: []string{"body.note_id: unexpected property"}}
	p := card.New(h, &card.State{}, func() {})
	uitest.WindowOf(t, p, fyne.NewSize(300, 900))
	p.Open(client.KindClient, "c9")
	noteLine(t, p).OnSubmitted("перезвонить")
	if notes := asked(t, h); len(notes) != 2 || notes[0].NoteID == "" || notes[1].NoteID != "" || notes[1].Text != "перезвонить" {
		t.Errorf("asked for %+v", notes)
	}
}

// TestNote_waitsOnItsCardWhileAnotherIsOpen, also in the file of drafts, where an earlier version kept one.
func TestNote_waitsOnItsCardWhileAnotherIsOpen(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	started := func(u card.Unsaved) *card.Panel {
		p := card.New(h, &card.State{}, func() {})
		uitest.WindowOf(t, p, fyne.NewSize(300, 900))
		p.Restore(u)
		return p
	}
	p := started(card.Unsaved{})
	p.Open(client.KindClient, "c9")
	noteLine(t, p).SetText("перезвонить")
	p.Open(client.KindContract, "k123")
	if got := noteLine(t, p).Text; got != "" {
		t.Errorf("another card's note is %q", got)
	}
	if !strings.Contains(h.Told, "Заметка в карточке «") {
		t.Errorf("told %q", h.Told)
	}
	noteLine(t, p).SetText("оплатил")
	for _, p := range []*card.Panel{p, started(kept(t, p.Unsaved()))} {
		p.Open(client.KindClient, "c9")
		if got := noteLine(t, p).Text; got != "перезвонить" {
			t.Errorf("back on its card the note is %q", got)
		}
		p.Open(client.KindContract, "k123")
		if got := noteLine(t, p).Text; got != "оплатил" {
			t.Errorf("back on the other card the note is %q", got)
		}
	}
	old := started(card.Unsaved{Note: "с прошлой версии", Of: &client.SubjectRef{Kind: client.KindClient, ID: "c9"}})
	old.Open(client.KindClient, "c9")
	if got := noteLine(t, old).Text; got != "с прошлой версии" {
		t.Errorf("of an earlier version's note there is %q", got)
	}
}
