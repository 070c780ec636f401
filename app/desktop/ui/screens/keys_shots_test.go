package screens

import (
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/board"
	"dozvon/app/desktop/ui/dialler"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// keyed is the main window with the feed, which hears its keys.
func keyed(t *testing.T, l look) (w fyne.Window, frame *mainwin.Frame, press func(held fyne.KeyModifier, key fyne.KeyName)) {
	t.Helper()
	h := uitest.NewHost(t, l.lang)
	frame = uitest.Window(h, "feed").(*mainwin.Frame)
	w = uitest.WindowOf(t, frame, fyne.NewSize(1180, 760))
	play := player.New(h, os.TempDir())
	board.Hear(w.Canvas(), board.Program{
		Text: func() *i18n.Text { return h.Words }, Frame: func() *mainwin.Frame { return frame }, Player: func() *player.Player { return play },
		Dial: func() {}, NewClient: func() {}, Help: func() {}, Transfer: func() bool { return true },
		Hotkey: func(setting string) (string, error) {
			if setting == config.CardHotkey {
				return "Ctrl+Alt+S", hotkey.ErrTaken
			}
			return "Ctrl+Alt+D", nil
		},
	})
	return w, frame, func(held fyne.KeyModifier, key fyne.KeyName) {
		release := uitest.Hold(t, held)
		defer release()
		event := &fyne.KeyEvent{Name: key}
		if at := w.Canvas().Focused(); at != nil {
			at.TypedKey(event)
			return
		}
		w.Canvas().OnTypedKey()(event)
	}
}

// drawKeys draws where the keyboard is, the page of all keys, what shows whole under a row, the dialler and menus.
func drawKeys(t *testing.T, l look) {
	w, frame, press := keyed(t, l)
	for _, key := range []fyne.KeyName{fyne.KeySlash, fyne.KeyEscape, fyne.KeyDown} {
		press(0, key)
	}
	uitest.Snap(t, "keyboard-list"+l.suffix(), w)
	frame.HoverLayer().After = func(_ time.Duration, do func()) { do() }
	press(0, fyne.KeyUp)
	uitest.Snap(t, "keyboard-cut"+l.suffix(), w)
	press(0, fyne.KeyDown)
	w.Canvas().FocusPrevious()
	press(0, fyne.KeyF6)
	uitest.Snap(t, "keyboard-card"+l.suffix(), w)
	press(fyne.KeyModifierShift, fyne.KeySlash)
	uitest.Snap(t, "keys"+l.suffix(), w)
	drawn(t, "keyboard-controls"+l.suffix(), 1, fyne.Size{}, func(*testing.T) fyne.CanvasObject { return focusedControls(l) })

	for name, typed := range map[string]string{"empty": "", "found": "Конст", "wrong": "*21*89145550148#"} {
		h := uitest.CardHost(t, l.lang)
		over := uitest.WindowOf(t, uitest.Window(h, "missed"), fyne.NewSize(1000, 620))
		dialler.Open(h, over.Canvas(), typed)
		if typed != "" && name == "wrong" {
			uitest.PressOver(t, over, h.Words.T("act.call"))
		}
		uitest.Snap(t, "dialler-"+name+l.suffix(), over)
	}
	drawMenus(t, l)
}

// focusedControls are controls of each kind that show that they have the keyboard.
func focusedControls(l look) fyne.CanvasObject {
	text := i18n.New(l.lang)
	var lines []fyne.CanvasObject
	add := func(object fyne.CanvasObject, of fyne.Focusable) {
		of.FocusGained()
		lines = append(lines, widgets.Row(0, nil, object))
	}
	for _, kind := range []widgets.Kind{widgets.Quiet, widgets.Primary, widgets.Call, widgets.Danger, widgets.Link, widgets.Plain, widgets.Soft, widgets.SoftCall, widgets.Bare} {
		b := widgets.NewButton(text.T("act.call"), kind, nil)
		add(b, b)
	}
	entry := widgets.NewEntry(text.T("card.note_hint"))
	add(widgets.Sized(widgets.Field(entry), 240, 0), entry)
	toggle := widgets.Switch(text.T("set.notify"), true, func(bool) {})
	add(toggle, toggle)
	choice := widgets.NewChoice("", []string{text.T("set.light"), text.T("set.dark")}, 0, nil)
	add(widgets.Sized(choice, 240, 0), choice)
	pick := widgets.NewPick(func() {})
	add(widgets.Stack(widgets.Sized(widgets.Pad(8, 12, 8, 12, widgets.NewLabel(uitest.Shangutov.Name, theme.Body, widgets.InkNormal)), 300, 0), pick), pick)
	return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, widgets.Column(14, lines...)))
}

// drawMenus draws the menus of a register, the columns that can be chosen and what can be saved.
func drawMenus(t *testing.T, l look) {
	for name, words := range map[string]string{"status": "crd.f_status", "columns": "reg.columns"} {
		h := uitest.CardHost(t, l.lang)
		v := register.New(h, client.KindClient, &register.State{}, func(string) {})
		w := uitest.WindowOf(t, widgets.Stack(widgets.NewBox(widgets.Ground, 0), v), fyne.NewSize(1000, 560))
		v.Shown()
		for _, chip := range uitest.All[*widgets.Chip](v) {
			if chip.Label == h.Words.T(words)+" ▾" {
				chip.OnTap()
			}
		}
		if w.Canvas().Overlays().Top() == nil {
			t.Errorf("no chip opens the menu of %s", name)
		}
		uitest.Snap(t, "menu-"+name+l.suffix(), w)
	}
	h := uitest.NewHost(t, l.lang)
	export := importer.NewExport(h, t.TempDir(), "report", func() []importer.Offer {
		return []importer.Offer{{Words: h.Words.T("rep.by_hour")}, {Words: h.Words.T("rep.by_employee")}, {Words: h.Words.T("rep.by_line")}}
	})
	w := uitest.WindowOf(t, widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 0, 16, widgets.Column(0, widgets.Row(0, nil, export)))), fyne.NewSize(480, 360))
	export.OnTap()
	uitest.Snap(t, "menu-export"+l.suffix(), w)
}
