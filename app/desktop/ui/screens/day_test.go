package screens

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// listening offers each number at once, and adds it.
type listening struct {
	h     *uitest.Host
	owner *client.Subject
}

func (l listening) Hear(_ present.Card, note string, show func(*present.HeardOffer)) {
	offer := present.Heard(model.Numbers(note)[0], l.owner, 2, l.h.Words)
	show(&offer)
}

func (l listening) Add(_ present.Card, offer present.HeardOffer, told func(*present.HeardDone, string)) {
	done := present.HeardAdded(offer.Heard, 2, "u1", l.h.Words)
	told(&done, "")
}

func (listening) Refuse(present.Card, present.HeardOffer)        {}
func (listening) TakeBack(present.HeardDone, func(string, bool)) {}

// heardView is the bar of a talk in whose note a number was typed.
func heardView(h *uitest.Host, owner *client.Subject, keys ...fyne.KeyName) fyne.CanvasObject {
	m := model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	call := uitest.Cards()["7-able"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	view := popup.NewView(h.Words, &uitest.Said{Hears: listening{h, owner}}, nil)
	view.Draw(present.Cards(m, h.Words, uitest.Now)[0], h.Words, uitest.Now)
	note := uitest.All[*widgets.Entry](view)[0]
	note.SetText("жена 8-914-555-01-33")
	for _, key := range append([]fyne.KeyName{fyne.KeyReturn}, keys...) {
		note.TypedKey(&fyne.KeyEvent{Name: key})
	}
	view.Tick(uitest.Now)
	return view
}

func outageView(h *uitest.Host, o model.Outage) fyne.CanvasObject {
	m := model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	model.Returned(m, &o)
	view := popup.NewView(h.Words, &uitest.Said{}, nil)
	view.Draw(present.Cards(m, h.Words, uitest.Now)[0], h.Words, uitest.Now)
	return view
}

// drawDay draws what an operator's day has beside calls.
func drawDay(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	away := model.Outage{From: uitest.Ago(52 * time.Minute), To: uitest.Now, Counted: true, Calls: 9, Missed: 3, Waiting: 2}
	quiet, unknown := away, model.Outage{From: uitest.Ago(30 * time.Hour), To: uitest.Now}
	quiet.Missed = 0
	surfaces := map[string]func() fyne.CanvasObject{
		"heard":           func() fyne.CanvasObject { return heardView(h, nil) },
		"heard-armed":     func() fyne.CanvasObject { return heardView(h, nil, fyne.KeyTab) },
		"heard-added":     func() fyne.CanvasObject { return heardView(h, nil, fyne.KeyTab, fyne.KeyReturn) },
		"heard-elsewhere": func() fyne.CanvasObject { return heardView(h, &uitest.Kuznetsov) },
		"outage":          func() fyne.CanvasObject { return outageView(h, away) },
		"outage-quiet":    func() fyne.CanvasObject { return outageView(h, quiet) },
		"outage-unknown":  func() fyne.CanvasObject { return outageView(h, unknown) },
	}
	for _, scale := range scales() {
		for name, surface := range surfaces {
			drawn(t, fmt.Sprintf("day-%s%s-%gx", name, l.suffix(), scale), scale, fyne.Size{}, func(*testing.T) fyne.CanvasObject {
				return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, surface()))
			})
		}
	}
}
