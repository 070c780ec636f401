package importer_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/reports"
	"dozvon/client"
)

// noFeed is for reports whose bars nobody presses.
type noFeed struct{}

func (noFeed) Open(client.FeedQuery) {}

// saveFrom presses the button that saves what a page shows, and chooses from its menu.
func saveFrom(t *testing.T, h *uitest.Host, dir, what string, offers func() []importer.Offer, item string) {
	t.Helper()
	button := importer.NewExport(h, dir, what, offers)
	w := uitest.WindowOf(t, button, fyne.NewSize(400, 300))
	test.Tap(button)
	uitest.PickItem(t, w, item)
}

func TestExport_savesTheFeedAsItIsFiltered(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	var asked url.Values
	h.School.Answers["/export/feed"] = func(q url.Values) any { asked = q; return "лента" }
	v, w, _ := uitest.Asking(t, h)
	uitest.ChooseFrom(t, v, w, "Сотрудник", "Борисов Б. П.")
	dir := t.TempDir()
	saveFrom(t, h, dir, "feed", func() []importer.Offer { return []importer.Offer{{Query: v.Query().Values()}} }, "Excel")
	if asked.Get("employee") != "e2" || asked.Get("format") != "xlsx" {
		t.Errorf("asked for %v", asked)
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 1 || !strings.HasPrefix(files[0].Name(), "Лента ") {
		t.Errorf("saved %v", files)
	}
}

func TestExport_savesAReportOfThePage(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	var asked url.Values
	h.School.Answers["/export/report"] = func(q url.Values) any { asked = q; return "отчёт" }
	page := reports.New(h, noFeed{}, &reports.State{})
	saveFrom(t, h, t.TempDir(), "report", func() []importer.Offer {
		var out []importer.Offer
		for words, q := range page.Queries() {
			out = append(out, importer.Offer{Words: words, Query: q.Values()})
		}
		return out
	}, "По сотрудникам: CSV")
	if asked.Get("group") != "employee" || asked.Get("format") != "csv" || asked.Get("from") != "2026-11-18T00:00:00Z" || asked.Get("tz") != "UTC" {
		t.Errorf("asked for %v", asked)
	}
}
