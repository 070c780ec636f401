package screens

import (
	"fmt"
	"image"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func cardView(h *uitest.Host, name string, call client.Call) fyne.CanvasObject {
	m := model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	if name == "6-missed" {
		over := call
		over.State, over.Ringing, over.Result, over.EndedAt = client.StateEnded, nil, client.Missed, uitest.At(uitest.Now)
		m.Apply(client.StreamEvent{Type: "call", Data: &over})
	}
	view := popup.NewView(h.Words, &uitest.Said{}, nil)
	view.Draw(present.Cards(m, h.Words, uitest.Now)[0], h.Words, uitest.Now)
	switch name {
	case "7-more":
		test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})["⋯"])
	case "7-transfer":
		test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})[h.Words.T("act.transfer")])
		test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})[h.Words.T("card.ask_first")])
	case "7-refused":
		view.Tell(present.CommandWords(client.Command{Code: 4101, Text: "у сотрудника нет права удерживать разговор", TextEN: "the employee may not hold calls"}, h.Words), theme.ToneMiss, uitest.Now)
	}
	view.Tick(uitest.Now)
	return view
}

func shoot(t *testing.T, name string, scale float32, size fyne.Size, object fyne.CanvasObject) {
	t.Helper()
	canvas := software.NewCanvas()
	canvas.SetPadded(false)
	canvas.SetContent(object)
	if size.IsZero() {
		size = object.MinSize()
	}
	canvas.Resize(size)
	uitest.Forget(t, object)
	uitest.Keep(t, name, scale, func(scale float32) image.Image {
		canvas.SetScale(scale)
		return canvas.Capture()
	})
}

// drawSurfaces draws every surface, at scale 1 and 2.
func drawSurfaces(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	h.Facts.Apply(client.StreamEvent{Type: "call", Data: &client.Call{ID: "bell1", State: client.StateEnded}}) // of the connectivity test
	for _, scale := range scales() {
		suffix := fmt.Sprintf("%s-%gx", l.suffix(), scale)
		for name, call := range uitest.Cards() {
			drawn(t, "card-"+name+suffix, scale, fyne.Size{}, func(*testing.T) fyne.CanvasObject {
				return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, cardView(h, name, call)))
			})
		}
		for _, page := range []string{"feed", "missed", "clients", "contracts", "colleagues", "settings", "trouble"} {
			drawn(t, "main-"+page+suffix, scale, fyne.NewSize(1180, 760), func(*testing.T) fyne.CanvasObject { return uitest.Window(h, page) })
		}
		drawn(t, "main-parts"+suffix, scale, fyne.NewSize(1180, 760), func(t *testing.T) fyne.CanvasObject {
			one := h.School.Answers["/feed"]
			t.Cleanup(func() { h.School.Answers["/feed"] = one })
			h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: uitest.InParts()}
			return uitest.Window(h, "parts")
		})
		for name, surface := range settingsScenes(h) {
			l.afresh()
			if scale == 1 || name == "main" || name == "long" || name == "system" { // the doubled tall pictures take seconds each
				drawn(t, "settings-"+name+suffix, scale, uitest.Tall, surface)
			}
		}
	}
}

// drawn makes a surface and its picture, and keeps neither.
func drawn(t *testing.T, name string, scale float32, size fyne.Size, surface func(t *testing.T) fyne.CanvasObject) {
	t.Helper()
	t.Run(name, func(t *testing.T) { shoot(t, name, scale, size, surface(t)) })
}
