package present

import (
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// CallbackRow is one missed caller ready for the screen.
type CallbackRow struct {
	Phone       string
	Subject     *client.Subject
	Name, About string
	Tries       string // «3 попытки»
	Waits       string // since when: «12 минут назад»
	TakenBy     string // who will call back; empty: nobody yet
	Mine        bool   // this employee will
	Red         bool   // it has waited for too long
}

// CallbackList puts the missed callers in words.
func CallbackList(m *model.Model, text *i18n.Text, now time.Time) []CallbackRow {
	me, callers := m.Me().ID, m.CallbackList()
	out := make([]CallbackRow, 0, len(callers))
	for _, c := range callers {
		out = append(out, callbackRow(c, me, text, now))
	}
	return out
}

func callbackRow(c client.MissedCaller, me string, text *i18n.Text, now time.Time) CallbackRow {
	pretty := PrettyPhone(c.Phone, text)
	row := CallbackRow{Phone: c.Phone, Subject: c.Subject, Name: pretty, About: text.T("feed.unbound"), Tries: text.N("queue.tries", c.Rings)}
	if c.Subject != nil {
		row.Name, row.About = c.Subject.Name, joined(SubjectDetail(*c.Subject, text), pretty)
	}
	line := c.LineName
	if line == "" && c.Line != "" {
		line = PrettyPhone(c.Line, text)
	}
	if line != "" {
		row.About = joined(row.About, text.T("card.line", "line", line))
	}
	// Seconds would change all the time and tell nothing.
	row.Waits = text.T("queue.waits", "time", text.Ago(c.FirstAt, now))
	row.Red = c.RedAt != nil && now.After(*c.RedAt)
	if c.TakenBy != nil {
		row.TakenBy, row.Mine = ShortName(c.TakenBy.Name), c.TakenBy.ID == me
	}
	return row
}
