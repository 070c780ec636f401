package screens

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/notes"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// aNote is Kireeva's, changed an hour ago.
func aNote() client.FeedEntry {
	return client.FeedEntry{
		ID: "n1", Type: client.EntryNote, At: ago(25 * time.Hour), EditedAt: at(ago(time.Hour)), Subject: &shangutov, Employee: person(kireeva),
		Description: "Просит перенести вождение на субботу, по будням учится до 18:00. Звонить лучше маме.",
	}
}

func formerTexts() client.Page[client.NoteVersion] {
	return client.Page[client.NoteVersion]{Items: []client.NoteVersion{
		{Version: 2, At: ago(3 * time.Hour), By: person(orlov), Text: "Просит перенести вождение на субботу, по будням учится."},
		{Version: 1, At: ago(25 * time.Hour), By: person(kireeva), Text: "Просит перенести вождение."},
	}}
}

// noteOver is the sheet of a note over the main window.
func noteOver(t *testing.T, h *host, entry client.FeedEntry) (*notes.Sheet, fyne.Window) {
	t.Helper()
	w := windowOf(t, window(h, "missed"), fyne.NewSize(900, 620))
	return notes.Edit(h, w.Canvas(), entry), w
}

func TestNote_isChangedAndItsFormerTextsShown(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/feed/n1/versions"] = formerTexts()
	h.school.answers["PATCH /feed/n1"] = aNote()
	_, w := noteOver(t, h, aNote())
	wantOver(t, w, "Киреева А. С. · вчера, 13:32 · изменена 13:32", "Раньше здесь было", "Просит перенести вождение.", "11:32 · Орлов-Константинопольский Т. В.")
	field := all[*widgets.Entry](over(w))[0]
	save := buttons(over(w), map[string]*widgets.Button{})["Сохранить"]
	if save.Enabled() {
		t.Error("a note that nobody changed can be saved")
	}
	field.SetText(strings.Repeat("я", 4001))
	test.Tap(save)
	wantOver(t, w, "Заметка длиннее 4 000 знаков")
	field.SetText("  Перенесли на субботу. ")
	test.Tap(save)
	if want := []string{`PATCH /feed/n1 {"text":"Перенесли на субботу."}`}; !slices.Equal(h.school.told, want) {
		t.Errorf("told %q, want %q", h.school.told, want)
	}
	if o := over(w); o != nil && o.Visible() {
		t.Error("the sheet still lies over the window")
	}
}

func TestNote_ofAColleagueIsOnlyRead(t *testing.T) {
	lightApp(t)
	h := newHostFor(t, i18n.Russian, borisov)
	h.school.answers["/feed/n1/versions"] = &client.Problem{Status: 503, Code: "internal", Detail: "База занята."}
	_, w := noteOver(t, h, aNote())
	wantOver(t, w, "Звонить лучше маме", "База занята")
	if len(all[*widgets.Entry](over(w))) > 0 || buttons(over(w), map[string]*widgets.Button{})["Сохранить"] != nil {
		t.Error("a colleague's note can be changed")
	}
	h.school.answers["/feed/n1/versions"] = formerTexts()
	pressOver(t, w, "Повторить")
	wantOver(t, w, "Просит перенести вождение.")
}

func TestNote_aRefusalKeepsTheText(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/feed/n1/versions"] = formerTexts()
	h.school.answers["PATCH /feed/n1"] = &client.Problem{Status: 500, Code: "internal", Detail: "На сервере случилась ошибка."}
	_, w := noteOver(t, h, aNote())
	field := all[*widgets.Entry](over(w))[0]
	field.SetText("Новое")
	pressOver(t, w, "Сохранить")
	wantOver(t, w, "На сервере случилась ошибка")
	if field.Text != "Новое" {
		t.Errorf("the text became %q", field.Text)
	}
}

// drawNotes draws the sheet of a note.
func drawNotes(t *testing.T, l look) {
	h := newHost(t, l.lang)
	h.school.answers["/feed/n1/versions"] = formerTexts()
	_, w := noteOver(t, h, aNote())
	snap(t, "note-own"+l.suffix(), w)
	h = newHostFor(t, l.lang, borisov)
	h.school.answers["/feed/n1/versions"] = formerTexts()
	_, w = noteOver(t, h, aNote())
	snap(t, "note-read"+l.suffix(), w)
}
