package mainwin_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestCover_givesWayToEscapeAndToEachPage, and comes back by the person's name.
func TestCover_givesWayToEscapeAndToEachPage(t *testing.T) {
	uitest.LightApp(t)
	page := func(name string) mainwin.Page {
		return mainwin.Page{Name: name, Object: widgets.NewLabel("page of "+name, theme.Body, widgets.InkNormal)}
	}
	f := mainwin.New(i18n.New(i18n.Russian), []mainwin.Page{page("feed"), page("missed")}, func() {})
	uitest.WindowOf(t, f, fyne.NewSize(1180, 760))
	asked := 0
	f.OnPerson = func() { asked++ }
	cover := func() {
		f.Calm("A quiet night", "nothing")
		f.Cover("morning", widgets.NewLabel("the cover", theme.Body, widgets.InkNormal))
	}
	is := func(when, page, words string) {
		t.Helper()
		said := uitest.Readable(f)
		if f.Page() != page || !strings.Contains(said, words) || page == "morning" && strings.Contains(said, "A quiet night") {
			t.Errorf("%s the page is %q and says\n%s", when, f.Page(), said)
		}
	}
	cover()
	is("covered", "morning", "the cover")
	if !f.Back() {
		t.Error("Escape has nothing to do")
	}
	is("after Escape", "feed", "page of feed")
	if f.Back() {
		t.Error("Escape has something to do on a page")
	}
	cover()
	f.Go("missed")
	is("with another page", "missed", "page of missed")
	for _, p := range uitest.All[*widgets.Pick](f) {
		p.Tapped(nil)
	}
	if asked != 1 {
		t.Errorf("the person was pressed %d times", asked)
	}
}
