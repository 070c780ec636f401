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
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestCallCard_writesToTheCaller(t *testing.T) {
	uitest.LightApp(t)
	text := i18n.New(i18n.Russian)
	for _, chat := range []bool{true, false} {
		m := model.New(model.Config{Me: uitest.Kireeva})
		m.Apply(client.StreamEvent{Type: "school", Data: &client.School{WhatsApp: chat}})
		call := uitest.Cards()["1-known"]
		m.Apply(client.StreamEvent{Type: "call", Data: &call})
		heard := &uitest.Said{}
		view := popup.NewView(text, heard, nil)
		view.Draw(present.Cards(m, text, uitest.Now)[0], text, uitest.Now)
		for _, word := range []string{"⋯", "SMS…", "WhatsApp…"} {
			if b := uitest.Buttons(view, map[string]*widgets.Button{})[word]; b != nil {
				test.Tap(b)
			} else if chat || word != "WhatsApp…" {
				t.Fatalf("no button %q", word)
			}
		}
		want := []string{"sms +79645550190"}
		if chat {
			want = append(want, "chat +79645550190")
		}
		if !slices.Equal(heard.Acts, want) {
			t.Errorf("with a chat %v: reported %q, want %q", chat, heard.Acts, want)
		}
	}
}
