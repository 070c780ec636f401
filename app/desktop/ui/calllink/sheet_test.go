package calllink_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/calllink"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/phone"
)

// callable lets the time pass until the question may be answered with a call.
func callable(t *testing.T, h *uitest.Host, w fyne.Window) *widgets.Button {
	t.Helper()
	h.Passes()
	b := uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})[h.Words.T("act.call")]
	if b == nil || !b.Enabled() {
		t.Fatal("the number cannot be called")
	}
	return b
}

// TestCallLink_asksBeforeItCalls: a web page could make any telephone ring.
func TestCallLink_asksBeforeItCalls(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	sheet, w := uitest.Asked(t, h, "+79645550190")
	words := uitest.Readable(uitest.Over(w))
	for _, want := range []string{uitest.Shangutov.Name, "+7 964 555-01-90"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in\n%s", want, words)
		}
	}
	// A key that was meant for something else presses what has the keyboard.
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(h.Dialed) > 0 || sheet.Asking() {
		t.Fatalf("called %v, still asking: %v; want neither", h.Dialed, sheet.Asking())
	}

	sheet, w = uitest.Asked(t, h, "+79645550190")
	// The second click of a double click on the link lands where the sheet has come.
	test.Tap(uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})[h.Words.T("act.call")])
	first := callable(t, h, w)
	h.School.Answers["/lookup"] = map[string]any{}
	sheet.Ask(phone.Entry{Number: "+79145550148"}, calllink.Link) // a second link takes its place
	if words := uitest.Readable(uitest.Over(w)); strings.Contains(words, uitest.Shangutov.Name) || !strings.Contains(words, "+7 914 555-01-48") {
		t.Errorf("the sheet says\n%s", words)
	}
	test.Tap(first) // meant for the number before
	if len(h.Dialed) > 0 {
		t.Fatalf("a number was called that nobody had seen: %v", h.Dialed)
	}
	test.Tap(callable(t, h, w))
	sheet.Call() // twice at once is once
	if !slices.Equal(h.Dialed, []string{"+79145550148"}) || sheet.Asking() {
		t.Errorf("called %v, still asking: %v", h.Dialed, sheet.Asking())
	}
}
