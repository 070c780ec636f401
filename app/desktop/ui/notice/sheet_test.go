package notice_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/notice"
	"dozvon/app/desktop/ui/uitest"
)

// TestNotice_standsWholeUntilItWasSeen in both languages.
func TestNotice_standsWholeUntilItWasSeen(t *testing.T) {
	uitest.LightApp(t)
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		text := i18n.New(lang)
		w := uitest.WindowOf(t, canvas.NewRectangle(nil), fyne.NewSize(900, 700))
		sentences := []string{text.T("system.unproved"), text.T("system.cardless")}
		sheet := notice.Open(w.Canvas(), text.T("system.title"), sentences, text.T("system.seen"))
		words := uitest.Readable(uitest.Over(w))
		for _, sentence := range append(sentences, text.T("system.title")) {
			// The last words tell that it was not cut off.
			last := sentence[strings.LastIndex(strings.TrimSuffix(sentence, "."), " ")+1:]
			if !strings.Contains(words, last) {
				t.Errorf("%s: %q is missing in\n%s", lang, last, words)
			}
		}
		if !sheet.Stands() {
			t.Errorf("%s: the notice went by itself", lang)
		}
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if sheet.Stands() {
			t.Errorf("%s: Enter does not put it away", lang)
		}
	}
}
