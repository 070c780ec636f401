package screens

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// drawWriting draws the sheet of a message, a number's menu, the card with the other CRM, the
// school's settings and the call card's second row.
func drawWriting(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	uitest.Choose(h, uitest.Chosen())
	sheet, w := uitest.Written(t, h, &uitest.Shangutov)
	uitest.Snap(t, "sms-empty"+l.suffix(), w)
	sheet.Choose(2)
	uitest.All[*widgets.Entry](uitest.Over(w))[0].SetText("27.11")
	sheet.Send()
	uitest.Snap(t, "sms-open"+l.suffix(), w)

	contract := h.School.Answers["/contracts/k123"].(client.Contract)
	contract.ExternalID = "77"
	h.School.Answers["/contracts/k123"] = contract
	menu := uitest.WindowOf(t, uitest.Window(h, "contracts"), fyne.NewSize(1180, 760))
	for _, b := range uitest.All[*widgets.Button](menu.Content()) {
		if b.Label == "⋯" {
			test.Tap(b)
			break
		}
	}
	uitest.Snap(t, "number-menu"+l.suffix(), menu)

	h = uitest.NewHostFor(t, l.lang, uitest.Schetova)
	uitest.Choose(h, uitest.Chosen())
	v := uitest.SchoolTab(t, h)
	shoot(t, "settings-school"+l.suffix()+"-1x", 1, fyne.NewSize(980, 1240), page(v))
	test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})[h.Words.T("sch.template_add")])
	uitest.All[*widgets.Entry](v)[0].SetText("20")
	shoot(t, "settings-school-form"+l.suffix()+"-1x", 1, fyne.NewSize(980, 1100), page(v))

	m := model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	m.Apply(client.StreamEvent{Type: "school", Data: &client.School{WhatsApp: true}})
	call := uitest.Cards()["1-known"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	view := popup.NewView(h.Words, &uitest.Said{}, nil)
	view.Draw(present.Cards(m, h.Words, uitest.Now)[0], h.Words, uitest.Now)
	test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})["⋯"])
	view.Tick(uitest.Now)
	shoot(t, "card-1-number"+l.suffix()+"-1x", 1, fyne.Size{}, widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, view)))
}
