package screens

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/calllink"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/phone"
	"dozvon/client"
)

// drawConnection draws what tells of the connection, of links and of conflicts.
func drawConnection(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	_, w := uitest.Asked(t, h, "+79645550190")
	uitest.Snap(t, "link-known"+l.suffix(), w)
	h.School.Answers["/lookup"] = &client.Problem{Status: 500, Code: "internal"}
	unknown := uitest.WindowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
	calllink.Open(h, unknown.Canvas(), phone.Entry{Number: "+74951234567", Ext: "104"}, calllink.Link)
	uitest.Snap(t, "link-unknown"+l.suffix(), unknown)

	exposed := signin.New(&uitest.First{Host: h, Answer: client.Welcome{School: "Автошкола «Вираж»"}}, "http://phone.school.ru", "kireeva")
	exposed.Tell(h.Words.T("err.foreign", "code", 407))
	uitest.Snap(t, "sign-in-exposed"+l.suffix(), uitest.WindowOf(t, exposed, fyne.NewSize(900, 640)))

	frame := mainwin.New(h.Words, []mainwin.Page{{Name: "feed", Object: widgets.Skeleton(9)}}, nil)
	state := uitest.Program{}.State()
	state.Connection, state.Err = session.Lost, &client.ForeignAnswer{Status: 407}
	frame.SetState(state)
	frame.Tell(h.Words.T("sign.exposed"))
	uitest.Snap(t, "main-proxy"+l.suffix(), uitest.WindowOf(t, frame, fyne.NewSize(1000, 560)))

	h = uitest.CardHost(t, l.lang)
	h.School.Answers["PATCH /clients/c9"] = uitest.ChangedBy(uitest.Borisov)
	panel, _, cw := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
	panel.Open(client.KindClient, "c9")
	panel.Edit()
	panel.SaveAs("Константинопольская Александра")
	uitest.Snap(t, "crm-form-conflict"+l.suffix(), cw)
}
