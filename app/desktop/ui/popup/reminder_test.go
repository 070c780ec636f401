package popup_test

import (
	"slices"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestReminder_isPutOffFinishedAndHeard(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	heard := &uitest.Said{}
	view := uitest.ReminderView(h, heard, 0)
	press := func(word string) {
		t.Helper()
		b := uitest.Buttons(view, map[string]*widgets.Button{})[word]
		if b == nil {
			t.Fatalf("no button %q in %q", word, uitest.Readable(view))
		}
		test.Tap(b)
	}
	press("Послушать разговор")
	press("Отложить")
	for _, chip := range uitest.All[*widgets.Chip](view) {
		if chip.Label == "Через 15 минут" {
			test.Tap(chip)
		}
	}
	press("Готово")
	press("Перезвонить")
	want := []string{"listen c3", "snooze 3 15m0s", "done 3", "back +79035550152"}
	if !slices.Equal(heard.Acts, want) {
		t.Errorf("reported %q, want %q", heard.Acts, want)
	}
}

func TestMissedCard_isTakenByAPress(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	heard := &uitest.Said{}
	m := model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	call := uitest.Cards()["6-missed"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	over := call
	over.State, over.Ringing, over.Result, over.EndedAt = client.StateEnded, nil, client.Missed, uitest.At(uitest.Now)
	m.Apply(client.StreamEvent{Type: "call", Data: &over})
	view := popup.NewView(h.Words, heard, nil)
	view.Draw(present.Cards(m, h.Words, uitest.Now)[0], h.Words, uitest.Now)
	if got := view.MinSize().Width; got > theme.Card {
		t.Errorf("the card is %v wide, its window %v", got, theme.Card)
	}
	for _, word := range []string{"Перезвонить", "Карточка", "Взять себе"} {
		test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})[word])
	}
	if want := []string{"back +79035550153", "open c", "take +79035550153"}; !slices.Equal(heard.Acts, want) {
		t.Errorf("reported %q, want %q", heard.Acts, want)
	}
}

func TestEndedCard_notesWhatTheCallCameTo(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	heard := &uitest.Said{}
	view := uitest.EndedView(h, heard)
	tap := func(word string) {
		t.Helper()
		for _, chip := range uitest.All[*widgets.Chip](view) {
			if chip.Label == word {
				test.Tap(chip)
				return
			}
		}
		t.Fatalf("no chip %q", word)
	}
	uitest.All[*widgets.Entry](view)[0].SetText("на автомат")
	tap("Записался")
	tap("Перезвонить…")
	if got := view.MinSize().Width; got > theme.Card {
		t.Errorf("the times make the card %v wide, its window is %v", got, theme.Card)
	}
	tap("Завтра в 10:00")
	tap("Перезвонить…")
	tap("Другое…")
	want := []string{"outcome c enrolled на автомат false", "outcome c call_back  true", "task +79645550190"}
	if !slices.Equal(heard.Acts, want) {
		t.Errorf("reported %q, want %q", heard.Acts, want)
	}
}
