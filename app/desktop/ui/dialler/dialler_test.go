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
	"dozvon/client"
)

func TestDialler_callsWhatIsTypedOrSaysWhyNot(t *testing.T) {
	for typed, want := range map[string]struct{ called, told, says string }{
		"8 (914) 555-01-48":        {called: "+79145550148"},
		"+7 423 255-51-48 доб. 12": {called: "+74232555148", told: "12"},
		"Зайцева":                  {says: "err.bad_phone"},
		"555-01-48":                {says: "err.city_code_missing"},
		"*21*89145550148#":         {says: "err.service_code"},
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

// TestDialler_arrowsGoThroughTheSuggestions and Enter calls the one that they are at; back above the first, what
// was typed is called.
func TestDialler_arrowsGoThroughTheSuggestions(t *testing.T) {
	for name, one := range map[string]struct {
		keys []fyne.KeyName
		want string
	}{
		"the second": {[]fyne.KeyName{fyne.KeyDown, fyne.KeyDown}, "+79145550102"},
		"the last":   {[]fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown}, "+79145550103"},
		"the first":  {[]fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyUp}, "+79145550101"},
		"as typed":   {[]fyne.KeyName{fyne.KeyDown, fyne.KeyUp}, "+79145550148"},
	} {
		t.Run(name, func(t *testing.T) {
			uitest.LightApp(t)
			h := uitest.NewHost(t, i18n.Russian)
			h.School.Answers["/contracts"] = client.Page[client.Contract]{}
			h.School.Answers["/clients"] = client.Page[client.Client]{Items: []client.Client{
				{ID: "1", Name: "Зайцева Ольга", Phones: []string{"+79145550101"}},
				{ID: "2", Name: "Зайцев Пётр", Phones: []string{"+79145550102"}},
				{ID: "3", Name: "Зайченко Анна", Phones: []string{"+79145550103"}},
			}}
			w := uitest.WindowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
			dialler.Open(h, w.Canvas(), "+79145550148")
			entry := uitest.All[*widgets.Entry](uitest.Over(w).(*widget.PopUp).Content)[0]
			for _, key := range append(one.keys, fyne.KeyReturn) {
				entry.TypedKey(&fyne.KeyEvent{Name: key})
			}
			if !slices.Equal(h.Dialed, []string{one.want}) {
				t.Errorf("called %v, want %s", h.Dialed, one.want)
			}
		})
	}
}
