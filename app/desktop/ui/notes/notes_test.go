package notes_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestNote_isChangedAndItsFormerTextsShown(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/feed/n1/versions"] = uitest.FormerTexts()
	h.School.Answers["PATCH /feed/n1"] = uitest.ANote()
	_, w := uitest.NoteOver(t, h, uitest.ANote())
	uitest.WantOver(t, w, "Киреева А. С. · вчера, 13:32 · изменена 13:32", "Раньше здесь было", "Просит перенести вождение.", "11:32 · Орлов-Константинопольский Т. В.")
	field := uitest.All[*widgets.Entry](uitest.Over(w))[0]
	save := uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})["Сохранить"]
	if save.Enabled() {
		t.Error("a note that nobody changed can be saved")
	}
	field.SetText(strings.Repeat("я", 4001))
	test.Tap(save)
	uitest.WantOver(t, w, "Заметка длиннее 4 000 знаков")
	field.SetText("  Перенесли на субботу. ")
	test.Tap(save)
	if want := []string{`PATCH /feed/n1 {"text":"Перенесли на субботу."}`}; !slices.Equal(h.School.Told, want) {
		t.Errorf("told %q, want %q", h.School.Told, want)
	}
	if o := uitest.Over(w); o != nil && o.Visible() {
		t.Error("the sheet still lies over the window")
	}
}

func TestNote_ofAColleagueIsOnlyRead(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHostFor(t, i18n.Russian, uitest.Borisov)
	h.School.Answers["/feed/n1/versions"] = &client.Problem{Status: 503, Code: "internal", Detail: "База занята."}
	_, w := uitest.NoteOver(t, h, uitest.ANote())
	uitest.WantOver(t, w, "Звонить лучше маме", "База занята")
	if len(uitest.All[*widgets.Entry](uitest.Over(w))) > 0 || uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})["Сохранить"] != nil {
		t.Error("a colleague's note can be changed")
	}
	h.School.Answers["/feed/n1/versions"] = uitest.FormerTexts()
	uitest.PressOver(t, w, "Повторить")
	uitest.WantOver(t, w, "Просит перенести вождение.")
}

func TestNote_aRefusalKeepsTheText(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/feed/n1/versions"] = uitest.FormerTexts()
	h.School.Answers["PATCH /feed/n1"] = &client.Problem{Status: 500, Code: "internal", Detail: "На сервере случилась ошибка."}
	_, w := uitest.NoteOver(t, h, uitest.ANote())
	field := uitest.All[*widgets.Entry](uitest.Over(w))[0]
	field.SetText("Новое")
	uitest.PressOver(t, w, "Сохранить")
	uitest.WantOver(t, w, "На сервере случилась ошибка")
	if field.Text != "Новое" {
		t.Errorf("the text became %q", field.Text)
	}
}
