package screens

import (
	"io"
	"net/url"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/cardruns"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// drawImport draws the sheet's faces.
func drawImport(t *testing.T, l look) {
	for name, end := range map[string]client.Import{
		"checked": uitest.Became(client.ImportChecked, true, uitest.Mostly),
		"done":    uitest.Became(client.ImportDone, false, uitest.Mostly),
		"failed":  uitest.FailedImport(),
	} {
		h := uitest.NewHost(t, l.lang)
		h.School.Answers["POST /imports/i1/run"] = uitest.Became(client.ImportRunning, end.DryRun, client.ImportCounts{})
		h.School.Answers["GET /imports/i1"] = end
		sheet, w := uitest.Loading(t, h, uitest.Uploaded())
		if name == "checked" {
			uitest.Snap(t, "import-columns"+l.suffix(), w)
		}
		if name == "done" {
			h.School.Answers["GET /imports/i1"] = func(url.Values) any {
				going := uitest.Became(client.ImportRunning, false, client.ImportCounts{})
				going.Done = 2600
				sheet.Follow(going)
				uitest.Snap(t, "import-running"+l.suffix(), w)
				return end
			}
		}
		sheet.Run(end.DryRun)
		uitest.Snap(t, "import-"+name+l.suffix(), w)
	}
	h := uitest.NewHost(t, l.lang)
	_, w := uitest.Loading(t, h, uitest.InDoubt())
	uitest.Snap(t, "import-doubts"+l.suffix(), w)
	h = uitest.NewHost(t, l.lang)
	w = uitest.WindowOf(t, uitest.Window(h, "contracts"), fyne.NewSize(1180, 760))
	h.School.Answers["POST /imports"] = func([]byte) any {
		uitest.Snap(t, "import-reading"+l.suffix(), w)
		return uitest.Uploaded()
	}
	importer.Open(h, w.Canvas(), client.KindContract, t.TempDir(), "Договоры 2026.csv", io.NopCloser(strings.NewReader("файл")))
	if l.choice == theme.LightChoice {
		shoot(t, "import-columns"+l.suffix()+"-2x", 2, fyne.NewSize(840, 560), uitest.Over(w).(*widget.PopUp).Content)
	}
	h = uitest.NewHost(t, l.lang)
	_, w = uitest.Loading(t, h, &client.Problem{Status: 422, Code: "mixed_encodings", Detail: "Строка 17. В файле смешаны кодировки: эта строка не в той, что остальные. Сохраните файл заново в UTF-8."})
	uitest.Snap(t, "import-refused"+l.suffix(), w)
	uitest.Snap(t, "import-menu"+l.suffix(), uitest.HeadWithFiles(t, uitest.NewHost(t, l.lang), nil))
	drawRuns(t, l)
}

// drawRuns draws what came in, and one of it taken back.
func drawRuns(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	h.School.Answers["/imports"] = client.Page[client.CardRun]{Items: uitest.Runs()}
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunIn)
	w := uitest.WindowOf(t, uitest.Window(h, "contracts"), fyne.NewSize(1180, 760))
	sheet := cardruns.Open(h, w.Canvas())
	uitest.Snap(t, "runs-list"+l.suffix(), w)
	sheet.Ask("r1")
	uitest.Snap(t, "runs-ask"+l.suffix(), w)
	h.School.Answers["GET /imports/r1/undo"] = uitest.Receipt(client.RunUndone)
	sheet.Ask("r1")
	uitest.Snap(t, "runs-done"+l.suffix(), w)
}
