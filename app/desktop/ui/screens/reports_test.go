package screens

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// drawReports draws the reports of a day, a week and a month, and their other faces.
func drawReports(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	for _, face := range []string{"today", "week", "month", "own", "empty", "broken", "narrow"} {
		h.School.Answers["/reports/calls"] = uitest.Reported
		size := fyne.NewSize(1180, 1560)
		switch face {
		case "empty":
			h.School.Answers["/reports/calls"] = client.Report{}
			size.Height = 760
		case "broken":
			h.School.Answers["/reports/calls"] = &client.Problem{Status: 500, Code: "internal", Detail: h.Words.T("err.no_server")}
			size.Height = 760
		case "narrow":
			size = fyne.NewSize(860, 2300)
		}
		object, view := uitest.ReportsWindow(h, &uitest.Opened{})
		if chip := uitest.Chips(view)[h.Words.T("rep."+face)]; chip != nil {
			test.Tap(chip)
		}
		shoot(t, "reports-"+face+l.suffix()+"-1x", 1, size, object)
		if face == "month" && l.lang == i18n.Russian {
			shoot(t, "reports-"+face+l.suffix()+"-2x", 2, fyne.NewSize(1180, 760), object)
		}
	}
}
