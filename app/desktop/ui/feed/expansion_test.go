package feed_test

import (
	"slices"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestFeed_expandsAndCallsBack(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
	h := uitest.NewHost(t, i18n.Russian)
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	w := test.NewTempWindow(t, view)
	w.Resize(fyne.NewSize(900, 700))
	view.Reload()
	if _, ok := view.Expand("c3"); !ok {
		t.Fatal("the missed call is not in the feed")
	}
	found := uitest.Buttons(view, map[string]*widgets.Button{})
	if found["Перезвонить"] == nil || found["Новый клиент"] == nil {
		t.Fatalf("an unbound missed call offers %d acts, not calling back and a new client", len(found))
	}
	test.Tap(found["Перезвонить"])
	test.Tap(found["Новый клиент"])
	if !slices.Equal(h.Dialed, []string{"+79145550148"}) || !slices.Equal(h.Leads, []string{"+79145550148"}) {
		t.Errorf("dialled %q, leads %q", h.Dialed, h.Leads)
	}
}
