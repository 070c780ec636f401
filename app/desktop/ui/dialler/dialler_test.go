package dialler_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/dialler"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

func TestDialler_callsWhatIsTypedOrSaysWhyNot(t *testing.T) {
	for typed, want := range map[string]struct{ called, told, says string }{
		"8 (914) 555-01-48":        {called: "+79145550148"},
		"+7 423 255-51-48 доб. 12": {called: "+74232555148", told: "12"},
		"Зайцева":                  {says: "err.bad_phone"},
		"555-01-48":                {says: "err.city_code_missing"},
	} {
		t.Run(typed, func(t *testing.T) {
			uitest.LightApp(t)
			h := &later{Host: uitest.NewHost(t, i18n.Russian)} // no suggestion comes in time
			w := uitest.WindowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
			dialler.Open(h, w.Canvas(), typed)
			content := uitest.Over(w).(*widget.PopUp).Content
			test.Tap(uitest.Buttons(content, map[string]*widgets.Button{})[h.Words.T("act.call")])
			if want.says != "" {
				if words := uitest.Readable(content); !strings.Contains(words, h.Words.T(want.says)) || len(h.Dialed) > 0 {
					t.Errorf("called %v; the sheet says\n%s", h.Dialed, words)
				}
				return
			}
			if !slices.Equal(h.Dialed, []string{want.called}) || !strings.Contains(h.Told, want.told) {
				t.Errorf("called %v, told %q", h.Dialed, h.Told)
			}
		})
	}
}
