package present

import (
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// NoteLimit is how many characters a note may have; the server refuses longer ones.
const NoteLimit = 4000

// NoteAbout says whose note it is, of when, and whether its text was changed since.
func NoteAbout(entry client.FeedEntry, text *i18n.Text, now time.Time) string {
	who := ""
	if entry.Employee != nil {
		who = ShortName(entry.Employee.Name)
	}
	changed := ""
	if entry.EditedAt != nil {
		changed = text.T("crd.note_changed", "when", text.Short(*entry.EditedAt, now))
	}
	return joined(who, text.Short(entry.At, now), changed)
}

// VersionAbout says who wrote a former text of a note, and when.
func VersionAbout(v client.NoteVersion, text *i18n.Text, now time.Time) string {
	who := ""
	if v.By != nil {
		who = ShortName(v.By.Name)
	}
	return joined(text.Short(v.At, now), who)
}
