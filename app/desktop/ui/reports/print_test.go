package reports_test

import (
	"encoding/base64"
	"errors"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// onPaper prints the reports of a week, and returns the page as a browser reads it.
func onPaper(t *testing.T, h *uitest.Host) (text string, pictures []string, scripts int) {
	t.Helper()
	_, view := uitest.ReportsWindow(h, &uitest.Opened{})
	test.Tap(uitest.Chips(view)[h.Words.T("rep.week")])
	dir, opened := t.TempDir(), ""
	view.Print(dir, func(path string) error { opened = path; return nil })
	if filepath.Dir(opened) != dir || !strings.Contains(h.Told, opened) {
		t.Fatalf("opened %q, told %q", opened, h.Told)
	}
	file, err := os.Open(opened)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	page, err := html.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for n := range page.Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data == "img":
			for _, a := range n.Attr {
				if a.Key == "src" {
					pictures = append(pictures, a.Val)
				}
			}
		case n.Type == html.ElementNode && n.Data == "script":
			scripts++
		case n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" && strings.TrimSpace(n.Data) != "":
			words = append(words, strings.TrimSpace(n.Data))
		}
	}
	return strings.ReplaceAll(strings.Join(words, "\n"), "\u00a0", " "), pictures, scripts
}

// TestReports_onPaperAreWhole: period, figures, doubts, every chart and every table; a name that looks like a
// tag of the page stays a name.
func TestReports_onPaperAreWhole(t *testing.T) {
	uitest.LightApp(t)
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		h := uitest.NewHost(t, lang)
		h.School.Answers["/reports/calls"] = named("<script>alert('Орлов')</script>")
		text, pictures, scripts := onPaper(t, h)
		want := []string{
			h.Words.T("rep.paper"), h.Words.T("rep.doubts"), h.Words.T("rep.outage", "from", "24.11 11:32", "to", "24.11 12:32"),
			h.Words.T("rep.by_employee"), h.Words.T("rep.by_line"), h.Words.T("rep.week_map"), h.Words.T("rep.back_title"),
			"<script>alert('Орлов')</script>", "Сайт +7 495 123-45-67", h.Words.T("rep.total"),
		}
		if lang == i18n.Russian {
			want = append(want, "18 ноября 2026 – 24 ноября 2026", "ср, 18 ноября")
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not on the paper:\n%s", lang, w, text)
			}
		}
		if scripts != 1 || len(pictures) != 8 {
			t.Errorf("%s: %d scripts, %d pictures", lang, scripts, len(pictures))
		}
		for n, src := range pictures {
			raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(src, "data:image/png;base64,"))
			if err != nil {
				t.Fatalf("picture %d: %v", n, err)
			}
			if img, err := png.Decode(strings.NewReader(string(raw))); err != nil || img.Bounds().Dx() < 1000 {
				t.Errorf("picture %d: %v", n, err)
			}
		}
	}
}

// named answers reports in which the first employee has a name.
func named(name string) func(q url.Values) any {
	return func(q url.Values) any {
		r, _ := uitest.Reported(q).(client.Report)
		if r.Group == client.ByEmployee {
			r.Items[0].Name = name
		}
		return r
	}
}

// TestReports_whatCannotBePrintedIsTold: figures that have not come, no program for the file, no room for it.
func TestReports_whatCannotBePrintedIsTold(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/reports/calls"] = &client.Problem{Status: 500, Code: "internal"}
	_, view := uitest.ReportsWindow(h, &uitest.Opened{})
	view.Print(t.TempDir(), func(string) error { t.Error("what was never read was opened"); return nil })
	if !strings.Contains(h.Told, "ещё не загружен") {
		t.Errorf("told %q", h.Told)
	}
	h.School.Answers["/reports/calls"] = uitest.Reported
	view.Reload()
	view.Print(t.TempDir(), func(string) error { return errors.New("браузера нет") })
	if !strings.Contains(h.Told, "браузера нет") {
		t.Errorf("told %q", h.Told)
	}
	view.Print(filepath.Join(t.TempDir(), "нет такой папки"), func(string) error { return nil })
	if !strings.Contains(h.Told, "не открылся для печати") {
		t.Errorf("told %q", h.Told)
	}
}
