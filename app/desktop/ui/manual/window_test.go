package manual_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/help"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/manual"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// says is all that a page tells, the pieces of its words in their order.
func says(v fyne.CanvasObject) string {
	out := []string{uitest.Readable(v)}
	for _, piece := range uitest.All[*canvas.Text](v) {
		out = append(out, piece.Text)
	}
	return strings.Join(out, " ")
}

func TestManual_opensOnceAndTurnsToThePlace(t *testing.T) {
	uitest.LightApp(t)
	m := manual.New(fyne.CurrentApp())
	windows := func() []fyne.Window { return fyne.CurrentApp().Driver().AllWindows() }
	before := len(windows())
	m.Open(help.Missed, i18n.New(i18n.Russian))
	m.Open(help.Telephony, i18n.New(i18n.Russian))
	if n := len(windows()) - before; n != 1 {
		t.Fatalf("%d windows are open", n)
	}
	w := windows()[before]
	content := func() string { return says(w.Content()) }
	if got := content(); !strings.Contains(got, "Взять из АТС") || strings.Contains(got, "**") {
		t.Errorf("the window says\n%s", got)
	}
	m.Redraw(i18n.New(i18n.English))
	if got := content(); !strings.Contains(got, "Connect a PBX") || !strings.Contains(got, "Take from the PBX") {
		t.Errorf("in English the window says\n%s", got)
	}
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyDown})
	if got := content(); !strings.Contains(got, "Another CRM") {
		t.Errorf("one place on the window says\n%s", got)
	}
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if m.IsOpen() || len(windows()) != before {
		t.Error("Esc leaves the window open")
	}
	m.Redraw(i18n.New(i18n.Russian))
	if m.IsOpen() {
		t.Error("another language opens the window")
	}
	m.Open(help.Start, i18n.New(i18n.Russian))
	if !m.IsOpen() {
		t.Error("it opens only once")
	}
	m.Close()
}

// TestManual_everyPageIsReadWhole: nothing is wider than the window, and the last line can be scrolled to.
func TestManual_everyPageIsReadWhole(t *testing.T) {
	uitest.LightApp(t)
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		v := manual.NewView(i18n.New(lang))
		uitest.WindowOf(t, v, fyne.NewSize(780, 600))
		for _, place := range help.Places {
			v.Turn(place)
			driver, bottom := fyne.CurrentApp().Driver(), float32(0)
			for _, piece := range uitest.All[*canvas.Text](v) {
				at := driver.AbsolutePositionForObject(piece)
				if at.X+piece.MinSize().Width > 780-16 {
					t.Errorf("%s in %s: %q goes on to %v", place, lang, piece.Text, at.X+piece.MinSize().Width)
				}
				bottom = max(bottom, at.Y+piece.MinSize().Height)
			}
			for _, scroll := range uitest.All[*container.Scroll](v) {
				if scroll.Content.MinSize().Height < 100 {
					t.Errorf("%s in %s: %v can be scrolled", place, lang, scroll.Content.MinSize())
				}
			}
			if bottom < 100 {
				t.Errorf("%s in %s ends at %v", place, lang, bottom)
			}
			for _, l := range uitest.All[*widgets.Label](v) {
				if wide := fyne.MeasureText(l.Text, l.Em, fyne.TextStyle{Bold: l.Bold}).Width; l.Text != "" && l.Size().Width > 0 && wide > l.Size().Width+1 {
					t.Errorf("%s in %s: %q is cut", place, lang, l.Text)
				}
			}
		}
	}
}
