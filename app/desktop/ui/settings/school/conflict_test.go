package school_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/widgets"
)

func TestSchool_saysWhoChangedItMeanwhile(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHostFor(t, i18n.Russian, uitest.Schetova)
	mine, theirs := uitest.Chosen(), uitest.Chosen()
	mine.ETag, theirs.ETag, theirs.Name = `"1"`, `"2"`, "Автошкола «Вираж»"
	uitest.Choose(h, mine)
	h.School.Answers["PATCH /settings"] = uitest.ChangedBy(uitest.Borisov)
	v := uitest.SchoolTab(t, h)
	h.School.Answers["/settings"] = theirs
	fields := uitest.All[*widgets.Entry](v) // limit, name
	fields[0].SetText("77")
	save := func() { test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})["Сохранить"]) }
	save()
	if words := uitest.Readable(v); !strings.Contains(words, "Борисов") {
		t.Errorf("who was first is not told in\n%s", words)
	}
	if fields[0].Text != "77" || fields[1].Text != theirs.Name {
		t.Errorf("the fields say %q and %q; want what was typed, and theirs", fields[0].Text, fields[1].Text)
	}
	h.School.Answers["PATCH /settings"] = func([]byte) any { return theirs }
	save()
	if want := []string{`"1"`, `"2"`}; !slices.Equal(h.School.Matched, want) {
		t.Errorf("sent with %q, want %q", h.School.Matched, want)
	}
}
