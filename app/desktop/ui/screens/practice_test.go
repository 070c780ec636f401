package screens

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"dozvon/app/desktop/help"
	"dozvon/app/desktop/tray"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/manual"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
	"dozvon/client/sandbox"
)

// learner is who calls in a practice.
var learner = client.Subject{Kind: client.KindContract, ID: "practice-1", Name: "Учебный Иван Иванович", Detail: "Договор № 900 · кат. B · группа 1"}

// drawPractice draws every surface of a practice: cards, the main window, the icon.
func drawPractice(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	for _, scale := range scales() {
		for name, call := range uitest.Cards() {
			call.Practice, call.LineName, call.LastNote = true, "Учёба", nil
			if call.Subject != nil {
				call.Subject = &learner
			}
			drawn(t, fmt.Sprintf("practice-card-%s%s-%gx", name, l.suffix(), scale), scale, fyne.Size{}, func(*testing.T) fyne.CanvasObject {
				return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, cardView(h, name, call)))
			})
		}
	}
	entries := slices.Clone(uitest.Entries())
	for n := range entries {
		entries[n].Practice = n < 4
	}
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: entries}
	for step, size := range map[string]fyne.Size{
		sandbox.Known: fyne.NewSize(1180, 760), sandbox.CallBack: fyne.NewSize(1000, 700),
	} {
		frame := uitest.Window(h, "feed").(*mainwin.Frame)
		state := uitest.Program{}.State()
		state.Practice = step
		frame.SetState(state)
		uitest.Snap(t, "practice-main-"+step+l.suffix(), uitest.WindowOf(t, frame, size))
	}
	icon := canvas.NewImageFromResource(fyne.NewStaticResource("practice.png", tray.Draw(tray.Practice, 0)))
	icon.SetMinSize(fyne.NewSize(64, 64))
	drawn(t, "practice-tray"+l.suffix(), 1, fyne.Size{}, func(*testing.T) fyne.CanvasObject { return icon })
}

// drawHelp draws the help of some places.
func drawHelp(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	for _, place := range []help.Place{help.Start, help.CallCard, help.Telephony, help.Practice} {
		v := manual.NewView(h.Words)
		v.Turn(place)
		uitest.Snap(t, "help-"+string(place)+l.suffix(), uitest.WindowOf(t, v, fyne.NewSize(780, 640)))
	}
}
