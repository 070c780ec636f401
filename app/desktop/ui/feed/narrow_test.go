package feed_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestFeed_playerFitsItsRow however narrow that is beside a card, and the row below begins under it.
func TestFeed_playerFitsItsRow(t *testing.T) {
	uitest.LightApp(t)
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		h := uitest.NewHost(t, lang)
		play := player.New(h, t.TempDir())
		view := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
		w := uitest.WindowOf(t, view, fyne.NewSize(940, 700))
		view.Reload()
		view.Expand("c2")
		driver := fyne.CurrentApp().Driver()
		for _, wide := range []float32{940, 672, 516, 672} {
			w.Resize(fyne.NewSize(wide, 700))
			low, next := float32(0), float32(0)
			for words, button := range uitest.Buttons(view, map[string]*widgets.Button{}) {
				at := driver.AbsolutePositionForObject(button)
				end := at.Add(button.Size())
				if end.X > wide {
					t.Errorf("%s: at %v %q ends at %v", lang, wide, words, end.X)
				}
				switch words {
				case h.Words.T("player.flag"):
					low = end.Y
				case h.Words.T("act.to_contract"):
					next = at.Y
				}
			}
			if low == 0 || next < low {
				t.Errorf("%s: at %v the controls end at %v, and the buttons begin at %v", lang, wide, low, next)
			}
		}
	}
}

// TestFeed_askingMakesNoWindowGrow: what stands there until the list is read fits a small window, with a practice's band
// and a lost connection's over it.
func TestFeed_askingMakesNoWindowGrow(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	view.Resize(fyne.NewSize(972, 600))
	const headAndBands, small = 64 + 40 + 34, 640
	if high := view.MinSize().Height; high > small-headAndBands {
		t.Errorf("it is at least %v high, in a window of %v there are %v", high, small, small-headAndBands)
	}
}
