package screens

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// readable is the contrast of WCAG AA.
const readable = 4.5

// TestContrast_ofEveryWordThatIsDrawn on the main window's pages, the settings and the call cards, also with
// the pointer on whatever lights up under it.
func TestContrast_ofEveryWordThatIsDrawn(t *testing.T) {
	for _, choice := range []theme.Choice{theme.LightChoice, theme.DarkChoice} {
		t.Run(string(choice), func(t *testing.T) {
			test.NewTempApp(t)
			look{i18n.Russian, choice}.afresh()
			h := uitest.NewHost(t, i18n.Russian)
			for _, page := range []string{"feed", "missed", "clients", "contracts", "colleagues", "settings", "trouble"} {
				canBeRead(t, page, fyne.NewSize(1180, 760), uitest.Window(h, page))
			}
			for name, call := range uitest.Cards() {
				canBeRead(t, name, fyne.Size{}, cardView(h, name, call))
			}
			for name, surface := range settingsScenes(h) {
				t.Run("settings "+name, func(t *testing.T) { canBeRead(t, name, uitest.Tall, surface(t)) })
			}
		})
	}
}

// TestContrast_ofButtons of every kind on every ground, as they are, under the pointer, and where they cannot
// be pressed.
func TestContrast_ofButtons(t *testing.T) {
	kinds := []widgets.Kind{
		widgets.Quiet, widgets.Primary, widgets.Call, widgets.Danger, widgets.Link, widgets.Plain, widgets.Soft, widgets.SoftCall, widgets.Bare,
	}
	for _, choice := range []theme.Choice{theme.LightChoice, theme.DarkChoice} {
		t.Run(string(choice), func(t *testing.T) {
			test.NewTempApp(t)
			look{i18n.Russian, choice}.afresh()
			for _, ground := range []widgets.Ink{widgets.Ground, widgets.Surface, widgets.Raised, widgets.Hover, widgets.ToneSoft(theme.ToneAccent)} {
				for _, kind := range kinds {
					on, off := widgets.NewButton("Позвонить", kind, nil), widgets.NewButton("Позвонить", kind, nil)
					off.SetEnabled(false)
					canBeRead(t, "button", fyne.Size{}, widgets.Stack(widgets.NewBox(ground, 0), widgets.Column(0, on, off)))
				}
			}
		})
	}
}

// canBeRead looks at a surface, and once more with the pointer everywhere at once.
func canBeRead(t *testing.T, name string, size fyne.Size, object fyne.CanvasObject) {
	t.Helper()
	canvas := software.NewCanvas()
	canvas.SetPadded(false)
	canvas.SetContent(object)
	if size.IsZero() {
		size = object.MinSize()
	}
	canvas.Resize(size)
	look := func(how string) {
		lines := uitest.Lines(object)
		if len(lines) == 0 {
			t.Errorf("%s%s: nothing is written there", name, how)
		}
		for _, line := range lines {
			if line.Contrast < readable {
				t.Errorf("%s%s: %q is %v on %v, %.2f, want %.1f", name, how, line.Words, line.Ink, line.On, line.Contrast, readable)
			}
		}
	}
	look("")
	for _, one := range uitest.All[fyne.Widget](object) {
		if lights, ok := one.(desktop.Hoverable); ok {
			lights.MouseIn(&desktop.MouseEvent{})
		}
	}
	look(" under the pointer")
	uitest.Forget(t, object)
}
