package present

import (
	"strconv"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
	"dozvon/client/mornings"
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

// backMost is how many days a morning looks back at most: over a weekend and a holiday.
const backMost = 4

// eveningFrom is the hour of one's last day from which on a missed call was missed overnight.
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

// LastDay is how far back a morning looks: to the beginning of the last day on which somebody was at the program, of the
// day before where that is not known (the zero time).
func LastDay(worked, now time.Time) time.Time {
	today := model.Midnight(now)
	yesterday, earliest := today.AddDate(0, 0, -1), today.AddDate(0, 0, -backMost)
	switch {
	case worked.IsZero() || worked.After(yesterday):
		return yesterday
	case worked.Before(earliest):
		return earliest
	}
	return model.Midnight(worked)
}

// overDays tells whether there are days between the last one and today: then the night is not all that was missed.
func overDays(last, now time.Time) bool {
	return last.Before(model.Midnight(now).AddDate(0, 0, -1))
}

// sinceDay names the last day at a sentence's beginning: «С пятницы».
func sinceDay(last time.Time, text *i18n.Text) string {
	return text.T("morning.since_day." + strconv.Itoa(int(last.Weekday())))
}

// QuietNight is the line of a day that begins with nothing.
func QuietNight(last, now time.Time, text *i18n.Text) string {
	if overDays(last, now) {
		return text.T("morning.quiet_days", "since", sinceDay(last, text))
	}
	return text.T("morning.quiet")
}

// Morning lists what a day begins with; what has nothing to say is absent. found is what the server told beside what
// the model knows, nil: nothing yet. last is the LastDay.
func Morning(m *model.Model, found *mornings.Morning, text *i18n.Text, now, last time.Time) []MorningLine {
	if found == nil {
		found = &mornings.Morning{}
	}
	var out []MorningLine
	for _, line := range []MorningLine{
		missedOvernight(m, text, now, last), promisedToday(m, text, now),
		missingRecordings(found.Recordings, text, now), nobodysExtensions(found.Extensions, text), troubledPBX(m, text, now),
	} {
		if line.Kind != "" {
			out = append(out, line)
		}
	}
	return out
}

// Overnight are those who called since the evening of one's last day and whom this person is to call.
func Overnight(m *model.Model, last time.Time) []client.MissedCaller {
	return model.ToCall(m, last.Add(eveningFrom*time.Hour))
}

func missedOvernight(m *model.Model, text *i18n.Text, now, last time.Time) MorningLine {
	var names []string
	var first, newest time.Time
	for _, c := range Overnight(m, last) {
		names = append(names, nameOf(c.Subject, c.Phone, text))
		if c.LastAt.After(newest) {
			newest = c.LastAt
		}
		if first.IsZero() || c.LastAt.Before(first) {
			first = c.LastAt
		}
	}
	if len(names) == 0 {
		return MorningLine{}
	}
	line := MorningLine{Kind: MorningMissed, Do: text.T("morning.call_all")}
	if overDays(last, now) {
		line.Title = text.N("morning.missed_days", len(names), "since", sinceDay(last, text))
		line.Hint = joined(some(names, text), text.Since(first, now))
		return line
	}
	title := "morning.missed"
	if newest.After(model.Midnight(now).Add(nightUntil * time.Hour)) {
		title = "morning.missed_since" // whoever comes at noon did not miss them by night
	}
	line.Title = text.N(title, len(names))
	line.Hint = joined(some(names, text), text.T("morning.since", "clock", text.Clock(first.In(now.Location()))))
	return line
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

func missingRecordings(missing []mornings.MorningRecording, text *i18n.Text, now time.Time) MorningLine {
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

func nobodysExtensions(nobodys []mornings.MorningExtension, text *i18n.Text) MorningLine {
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
