package uitest

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/notes"
	"dozvon/client"
)

// ANote is Kireeva's, changed an hour ago.
func ANote() client.FeedEntry {
	return client.FeedEntry{
		ID: "n1", Type: client.EntryNote, At: Ago(25 * time.Hour), EditedAt: At(Ago(time.Hour)), Subject: &Shangutov, Employee: Person(Kireeva),
		Description: "Просит перенести вождение на субботу, по будням учится до 18:00. Звонить лучше маме.",
	}
}

func FormerTexts() client.Page[client.NoteVersion] {
	return client.Page[client.NoteVersion]{Items: []client.NoteVersion{
		{Version: 2, At: Ago(3 * time.Hour), By: Person(Orlov), Text: "Просит перенести вождение на субботу, по будням учится."},
		{Version: 1, At: Ago(25 * time.Hour), By: Person(Kireeva), Text: "Просит перенести вождение."},
	}}
}

// NoteOver is the sheet of a note over the main window.
func NoteOver(t *testing.T, h *Host, entry client.FeedEntry) (*notes.Sheet, fyne.Window) {
	t.Helper()
	w := WindowOf(t, Window(h, "missed"), fyne.NewSize(900, 620))
	return notes.Edit(h, w.Canvas(), entry), w
}
