package bind_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/bind"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestBind_standsByACallOfNobodys(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/lookup"] = map[string]any{"matches": []client.Subject{}}
	v, w, _ := uitest.Asking(t, h)
	v.Expand("c3")
	test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})["Привязать к…"])
	if words := uitest.Readable(uitest.Over(w)); !strings.Contains(words, "Этот номер ни у кого не записан") {
		t.Errorf("the sheet says %q", words)
	}
}

func TestBind_offersTheOwnersThenSearches(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/lookup"] = map[string]any{"matches": []client.Subject{uitest.Shangutov}}
	h.School.Answers["POST /calls/c7/subject"] = client.Call{}
	h.School.Answers["DELETE /calls/c7/subject"] = client.Call{}
	w := uitest.WindowOf(t, uitest.Window(h, "missed"), fyne.NewSize(900, 700))
	entry := uitest.Entries()[6]
	entry.ByHand = true
	sheet := bind.Open(h, w.Canvas(), entry)
	if words := uitest.Readable(uitest.Over(w)); !strings.Contains(words, uitest.Shangutov.Name) || !strings.Contains(words, "+7 903 555-01-53") {
		t.Fatalf("offers %q", words)
	}
	uitest.All[*widgets.Entry](uitest.Over(w))[0].SetText("Зай")
	sheet.Search()
	if words := uitest.Readable(uitest.Over(w)); !strings.Contains(words, uitest.Zaitseva.Name) {
		t.Errorf("found %q", words)
	}
	sheet.Choose(uitest.Zaitseva)
	bind.Open(h, w.Canvas(), entry).ByNumber()
	want := []string{`POST /calls/c7/subject {"kind":"client","id":"l2"}`, "DELETE /calls/c7/subject"}
	if !slices.Equal(h.School.Told, want) {
		t.Errorf("told %q, want %q", h.School.Told, want)
	}
}

// TestBind_byKeyboard: ↓ from the search comes to what was found, Enter chooses.
func TestBind_byKeyboard(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/lookup"] = map[string]any{"matches": []client.Subject{uitest.Shangutov, uitest.Zaitseva}}
	h.School.Answers["POST /calls/c7/subject"] = client.Call{}
	w := uitest.WindowOf(t, uitest.Window(h, "missed"), fyne.NewSize(900, 700))
	bind.Open(h, w.Canvas(), uitest.Entries()[6])
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn} {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	if !slices.ContainsFunc(h.School.Told, func(told string) bool {
		return strings.HasPrefix(told, "POST /calls/c7/subject") && strings.Contains(told, uitest.Zaitseva.ID)
	}) {
		t.Errorf("told %q", h.School.Told)
	}
	if o := uitest.Over(w); o != nil && o.Visible() {
		t.Error("the sheet still lies over the window")
	}
}
