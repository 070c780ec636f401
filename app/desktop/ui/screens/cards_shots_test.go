package screens

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// besideList is a register with a card at its right.
func besideList(t *testing.T, h *uitest.Host, kind client.SubjectKind, size fyne.Size) (*card.Panel, *register.View, fyne.Window) {
	t.Helper()
	list := register.New(h, kind, &register.State{}, func(string) {})
	name := string(kind) + "s"
	frame := mainwin.New(h.Words, []mainwin.Page{{Name: name, Object: list, Shown: list.Shown, Card: true, Action: widgets.NewButton(h.Words.T("act.new_lead"), widgets.Plain, nil)}}, nil)
	frame.SetState(uitest.Program{}.State())
	panel := card.New(h, &card.State{}, func() {})
	frame.SetSide(panel)
	w := uitest.WindowOf(t, frame, size)
	list.Shown()
	return panel, list, w
}

// cardScenes are the surfaces of the cards, each as what is done to make it.
var cardScenes = map[string]func(t *testing.T, h *uitest.Host) fyne.Window{
	"client": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 1080))
		panel.Open(client.KindClient, "c9")
		list.Select("c9")
		return w
	},
	"contract": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindContract, fyne.NewSize(1180, 860))
		panel.Open(client.KindContract, "k123")
		list.Select("k123")
		return w
	},
	"owner": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindContract, fyne.NewSize(1180, 760))
		k := h.School.Answers["/contracts/k123"].(client.Contract)
		k.ClientID = ""
		h.School.Answers["/contracts/k123"] = k
		panel.Open(client.KindContract, "k123")
		panel.ChooseOwner()
		return w
	},
	"form": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 1080))
		panel.Open(client.KindClient, "c9")
		panel.Edit()
		return w
	},
	"form-told": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(960, 640))
		panel.Open(client.KindClient, "c9")
		panel.Edit()
		uitest.All[*widgets.Choice](panel)[0].Choose(4)
		other := uitest.LongClient()
		other.Status, other.Email = client.StatusContacted, "a@b.ru"
		h.School.Answers["/clients/c9"] = other
		panel.Follow(client.KindClient, "c9")
		panel.SaveAs("")
		return w
	},
	"form-new": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.NewLead("+79145550148")
		return w
	},
	"form-contract": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 1080))
		panel.Open(client.KindClient, "c9")
		panel.NewContract()
		return w
	},
	"delete": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.AskDelete()
		return w
	},
	"more": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		test.Tap(uitest.Buttons(panel, map[string]*widgets.Button{})[h.Words.T("crd.more")+" ▾"])
		return w
	},
	"broken": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "nobody")
		return w
	},
	"history": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.History()
		return w
	},
	"history-empty": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		h.School.Answers["/clients/c9/history"] = client.Page[client.Change]{}
		panel.Open(client.KindClient, "c9")
		panel.History()
		return w
	},
	"history-broken": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		h.School.Answers["/clients/c9/history"] = &client.Problem{Status: 500, Code: "internal", Detail: "На сервере случилась ошибка. Ничего не потеряно, попробуйте ещё раз; подробности в журнале сервера."}
		panel.Open(client.KindClient, "c9")
		panel.History()
		return w
	},
	"merge": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.Merge()
		return w
	},
	"merge-hint": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		h.School.Answers["/lookup"] = map[string]any{}
		panel.Open(client.KindClient, "c9")
		panel.Merge()
		return w
	},
	"merge-compare": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, _, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 760))
		panel.Open(client.KindClient, "c9")
		panel.Merge()
		test.Tap(uitest.All[*widgets.Pick](uitest.Over(w))[0])
		return w
	},
	"deleted": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindClient, fyne.NewSize(960, 640))
		panel.Open(client.KindClient, "c9")
		list.Filter(3)
		return w
	},
	"deleted-none": func(t *testing.T, h *uitest.Host) fyne.Window {
		panel, list, w := besideList(t, h, client.KindClient, fyne.NewSize(1180, 640))
		h.School.Answers["/clients"] = client.Page[client.Client]{}
		panel.Open(client.KindClient, "c9")
		list.Filter(3)
		return w
	},
}

// drawCards draws every surface of the cards, and the busiest at scale 2.
func drawCards(t *testing.T, l look) {
	for name, scene := range cardScenes {
		t.Run(name, func(t *testing.T) {
			l.afresh()
			w := scene(t, uitest.CardHost(t, l.lang))
			uitest.Snap(t, "crm-"+name+l.suffix(), w)
			if l.choice == theme.LightChoice && (name == "client" || name == "form") && !testing.Short() {
				shoot(t, "crm-"+name+l.suffix()+"-2x", 2, w.Canvas().Size(), w.Content())
			}
		})
	}
}
