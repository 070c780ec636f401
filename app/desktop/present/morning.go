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
	MorningMissed     MorningKind = "missed"
	MorningPromised   MorningKind = "promised"
	MorningRecordings MorningKind = "recordings"
	MorningExtensions MorningKind = "extensions"
	MorningPBX        MorningKind = "pbx"
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

// nightUntil is the hour until which what was missed today was missed by night.
const nightUntil = 12

// namesTold is how many people a line has room for.
const namesTold = 2

// Greeting names whom the page is for: «Доброе утро, Вера Андреевна».
func Greeting(name string, text *i18n.Text, now time.Time) string {
	key := "morning.good_morning"
	switch hour := now.Hour(); {
	case hour >= 18:
		key = "morning.good_evening"
	case hour >= 12:
		key = "morning.good_day"
	}
	if words := strings.Fields(name); len(words) > 1 { // the family name goes first
		name = strings.Join(words[1:], " ")
	}
	return text.T(key, "name", name)
}

// MorningSince is how far back a morning looks: from the beginning of the day before.
func MorningSince(now time.Time) time.Time { return model.Midnight(now).AddDate(0, 0, -1) }

// Morning lists what a day begins with; what has nothing to say is absent. found is what the server told beside what
// the model knows, nil: nothing yet.
func Morning(m *model.Model, found *client.Morning, text *i18n.Text, now time.Time) []MorningLine {
	if found == nil {
		found = &client.Morning{}
	}
	var out []MorningLine
	for _, line := range []MorningLine{
		missedOvernight(m, text, now), promisedToday(m, text, now),
		missingRecordings(found.Recordings, text, now), nobodysExtensions(found.Extensions, text), troubledPBX(m, text, now),
	} {
		if line.Kind != "" {
			out = append(out, line)
		}
	}
	return out
}

// Overnight are those who called since the evening before and whom this person is to call.
func Overnight(m *model.Model, now time.Time) []client.MissedCaller {
	return model.ToCall(m, model.Midnight(now).AddDate(0, 0, -1).Add(eveningFrom*time.Hour))
}

func missedOvernight(m *model.Model, text *i18n.Text, now time.Time) MorningLine {
	var names []string
	var first, last time.Time
	for _, c := range Overnight(m, now) {
		names = append(names, nameOf(c.Subject, c.Phone, text))
		if c.LastAt.After(last) {
			last = c.LastAt
		}
		if first.IsZero() || c.LastAt.Before(first) {
			first = c.LastAt
		}
	}
	if len(names) == 0 {
		return MorningLine{}
	}
	title := "morning.missed"
	if last.After(model.Midnight(now).Add(nightUntil * time.Hour)) {
		title = "morning.missed_since" // whoever comes at noon did not miss them by night
	}
	return MorningLine{
		Kind: MorningMissed, Title: text.N(title, len(names)), Do: text.T("morning.call_all"),
		Hint: joined(some(names, text), text.T("morning.since", "clock", text.Clock(first.In(now.Location())))),
	}
}

func promisedToday(m *model.Model, text *i18n.Text, now time.Time) MorningLine {
	var names []string
	for _, t := range m.Tasks() {
		if t.Mine && (t.Group == model.TasksToday || t.Group == model.TasksLate) {
			name := nameOf(t.Subject, t.Phone, text)
			switch {
			case t.DueAt == nil:
			case t.Group == model.TasksToday:
				name += " " + text.T("morning.at", "clock", text.Clock(t.DueAt.In(now.Location())))
			default: // it is late
				name += " (" + text.Moment(*t.DueAt, now) + ")"
			}
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return MorningLine{}
	}
	return MorningLine{Kind: MorningPromised, Title: People(len(names), "morning.promised", text), Hint: some(names, text), Do: text.T("morning.to_tasks")}
}

func missingRecordings(missing []client.MorningRecording, text *i18n.Text, now time.Time) MorningLine {
	if len(missing) == 0 {
		return MorningLine{}
	}
	line := MorningLine{Kind: MorningRecordings, Title: People(len(missing), "morning.recordings", text), Do: text.T("morning.retry")}
	if len(missing) == 1 {
		r := missing[0]
		line.Hint = joined(text.Moment(r.At, now), nameOf(r.Subject, r.Phone, text), text.Either(r.Why, r.WhyEN))
		return line
	}
	var names []string
	for _, r := range missing {
		names = append(names, nameOf(r.Subject, r.Phone, text)+" "+text.Moment(r.At, now))
	}
	line.Hint = some(names, text)
	return line
}

func nobodysExtensions(nobodys []client.MorningExtension, text *i18n.Text) MorningLine {
	if len(nobodys) == 0 {
		return MorningLine{}
	}
	var names []string
	calls := 0
	for _, e := range nobodys {
		names, calls = append(names, e.Extension), calls+e.Calls
	}
	title := text.T("morning.extension", "ext", names[0])
	if len(names) > 1 {
		title = text.T("morning.extensions", "ext", some(names, text))
	}
	return MorningLine{Kind: MorningExtensions, Title: title, Hint: text.N("morning.extension_calls", calls), Do: text.T("morning.link")}
}

func troubledPBX(m *model.Model, text *i18n.Text, now time.Time) MorningLine {
	words := Trouble(m, text, now)
	if words == "" {
		return MorningLine{}
	}
	return MorningLine{Kind: MorningPBX, Title: text.T("morning.pbx"), Hint: words, Do: text.T("morning.check")}
}

func nameOf(subject *client.Subject, number string, text *i18n.Text) string {
	if subject == nil {
		return PrettyPhone(number, text)
	}
	if words := strings.Fields(subject.Name); len(words) > 2 { // family and first name are enough in a line
		return words[0] + " " + words[1]
	}
	return subject.Name
}

// some are the first of the names, and how many more there are.
func some(names []string, text *i18n.Text) string {
	if len(names) <= namesTold {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:namesTold], ", ") + " " + People(len(names)-namesTold, "morning.more", text)
}
