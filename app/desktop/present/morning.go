package present

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// MorningKind is what a line of the morning page is about.
type MorningKind string

// The kinds, in the order of the page.
const (
	MorningMissed   MorningKind = "missed"
	MorningPromised MorningKind = "promised"
	MorningPBX      MorningKind = "pbx"
)

// MorningLine is one line of the morning page, and what cures it.
type MorningLine struct {
	Kind  MorningKind
	Title string // «Ночью пропущено 3»
	Hint  string // «Егоров Александр, +7 914 000-10-07 и ещё один · с 21:40»
	Do    string // «К задачам»
}

// eveningFrom is the hour of the day before from which on a missed call was missed overnight.
const eveningFrom = 18

// namesTold is how many people a line has room for.
const namesTold = 2

// Morning lists what a day begins with; what has nothing to say is absent.
func Morning(m *model.Model, text *i18n.Text, now time.Time) []MorningLine {
	var out []MorningLine
	for _, line := range []MorningLine{missedOvernight(m, text, now), promisedToday(m, text, now), troubledPBX(m, text, now)} {
		if line.Kind != "" {
			out = append(out, line)
		}
	}
	return out
}

func missedOvernight(m *model.Model, text *i18n.Text, now time.Time) MorningLine {
	evening := model.Midnight(now).AddDate(0, 0, -1).Add(eveningFrom * time.Hour)
	var names []string
	var first time.Time
	for _, c := range m.CallbackList() {
		if c.LastAt.Before(evening) {
			continue
		}
		names = append(names, nameOf(c.Subject, c.Phone, text))
		if first.IsZero() || c.LastAt.Before(first) {
			first = c.LastAt
		}
	}
	if len(names) == 0 {
		return MorningLine{}
	}
	return MorningLine{
		Kind: MorningMissed, Title: text.N("morning.missed", len(names)), Do: text.T("morning.call_all"),
		Hint: joined(some(names, text), text.T("morning.since", "clock", text.Clock(first.In(now.Location())))),
	}
}

func promisedToday(m *model.Model, text *i18n.Text, now time.Time) MorningLine {
	var names []string
	for _, t := range m.Tasks() {
		if t.Mine && (t.Group == model.TasksToday || t.Group == model.TasksLate) {
			name := nameOf(t.Subject, t.Phone, text)
			if t.DueAt != nil {
				name += " " + text.T("morning.at", "clock", text.Moment(*t.DueAt, now))
			}
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return MorningLine{}
	}
	return MorningLine{Kind: MorningPromised, Title: People(len(names), "morning.promised", text), Hint: some(names, text), Do: text.T("morning.to_tasks")}
}

func troubledPBX(m *model.Model, text *i18n.Text, now time.Time) MorningLine {
	words := Trouble(m, text, now)
	if words == "" {
		return MorningLine{}
	}
	return MorningLine{Kind: MorningPBX, Title: text.T("morning.pbx"), Hint: words, Do: text.T("morning.check")}
}

func nameOf(subject *client.Subject, number string, text *i18n.Text) string {
	if subject != nil {
		return subject.Name
	}
	return PrettyPhone(number, text)
}

// some are the first of the names, and how many more there are.
func some(names []string, text *i18n.Text) string {
	if len(names) <= namesTold {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:namesTold], ", ") + " " + People(len(names)-namesTold, "morning.more", text)
}
