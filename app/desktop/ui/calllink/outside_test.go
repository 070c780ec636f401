package calllink_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/calllink"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// outside is a desk that numbers come to.
func outside(t *testing.T) (*calllink.Outside, *uitest.Host, fyne.Window) {
	t.Helper()
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/lookup"] = map[string]any{}
	w := uitest.WindowOf(t, widgets.NewBox(widgets.Ground, 0), fyne.NewSize(760, 420))
	return calllink.NewOutside(h, w.Canvas()), h, w
}

// TestOutside_saysNothingOfTheNumberBefore: the extension of a declined link stood under the next number, and
// so did the words of a refused one.
func TestOutside_saysNothingOfTheNumberBefore(t *testing.T) {
	o, h, w := outside(t)
	says := func() string {
		if o.Asking() == "" {
			return h.Told
		}
		return uitest.Readable(uitest.Over(w)) + "\n" + h.Told
	}
	extension := h.Words.T("dial.ext", "ext", "104")

	o.Link("tel:+74951234567,,104#", false)
	if !strings.Contains(says(), extension) {
		t.Errorf("the extension is not told:\n%s", says())
	}
	o.Close()
	if strings.Contains(says(), extension) {
		t.Errorf("of a declined link it still says\n%s", says())
	}
	o.Link("tel:+79145550261", false)
	if o.Asking() != "+79145550261" || strings.Contains(says(), extension) {
		t.Errorf("of the next number it asks %q and says\n%s", o.Asking(), says())
	}
	for _, bad := range []string{"tel:bad1", "tel:*21*89145550261%23"} {
		o.Link(bad, true)
		if h.Told == "" || o.Asking() != "" {
			t.Errorf("%s: it says %q and asks about %q", bad, h.Told, o.Asking())
		}
		o.Link("tel:+79145550148", false)
		if h.Told != "" || o.Asking() != "+79145550148" {
			t.Errorf("after %s it says %q and asks about %q", bad, h.Told, o.Asking())
		}
	}
	o.Clipboard("no number")
	o.Clipboard("+7 495 123-45-67 доб. 104")
	if strings.Contains(says(), h.Words.T("clip.none")) || !strings.Contains(says(), extension) {
		t.Errorf("of the clipboard it says\n%s", says())
	}
	test.Tap(callable(t, h, w))
	if !slices.Equal(h.Dialed, []string{"+74951234567"}) || h.Told != extension {
		t.Errorf("called %v, told %q", h.Dialed, h.Told)
	}
}

// TestOutside_callsLinksAtOnceAsChosen tells the extension of a link that nobody was asked about, too.
func TestOutside_callsLinksAtOnceAsChosen(t *testing.T) {
	o, h, _ := outside(t)
	o.Link("tel:+74951234567;ext=104", true)
	if !slices.Equal(h.Dialed, []string{"+74951234567"}) || h.Told != h.Words.T("dial.ext", "ext", "104") {
		t.Errorf("called %v, told %q", h.Dialed, h.Told)
	}
	o.Link("tel:+79145550148", true) // a page that opens one after another
	if len(h.Dialed) > 1 || o.Asking() != "+79145550148" {
		t.Errorf("called %v, asks about %q", h.Dialed, o.Asking())
	}
	h.Clock = h.Clock.Add(time.Minute)
	o.Close()
	o.Link("tel:*21*89145550261%23", true)
	if len(h.Dialed) > 1 || h.Told != h.Words.T("err.service_code") {
		t.Errorf("called %v, told %q", h.Dialed, h.Told)
	}
}

// TestOutside_manyLinksAreOneQuestion: a web page can open any number of them.
func TestOutside_manyLinksAreOneQuestion(t *testing.T) {
	o, h, w := outside(t)
	for range 60 {
		o.Link("tel:bad", false)
		o.Link("tel:+79145550261", false)
	}
	if n := len(w.Canvas().Overlays().List()); n != 1 || len(h.Dialed) > 0 {
		t.Errorf("%d questions stand there, called %v", n, h.Dialed)
	}
}
