package present

import (
	"slices"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// ColleagueGroup is where a colleague stands on their page.
type ColleagueGroup string

// The groups in the order of the page.
const (
	ColleaguesFree    ColleagueGroup = "free"
	ColleaguesBusy    ColleagueGroup = "busy"
	ColleaguesOffline ColleagueGroup = "offline"
)

// ColleagueRow is one of the colleagues.
type ColleagueRow struct {
	ID, Name, Extension string
	About               string // «доб. 102 · менеджер»
	Group               ColleagueGroup
	State               client.PresenceState
	Does                string // «говорит 4:12»; moves on by itself
	With, CallID        string // whom they talk with and on which call, as far as this person may know
	Calls               bool   // they can be called by a click
	Dialled             string // why not, and what to do instead; empty: nothing to say
}

// Colleagues lists the others: those who are free first, then the busy ones, then those who are away, each by name.
func Colleagues(m *model.Model, text *i18n.Text, now time.Time) []ColleagueRow {
	var out []ColleagueRow
	for _, group := range []ColleagueGroup{ColleaguesFree, ColleaguesBusy, ColleaguesOffline} {
		for _, person := range m.People() {
			if row := colleague(m, person, text, now); person.ID != m.Me().ID && person.Active && row.Group == group {
				out = append(out, row)
			}
		}
	}
	return out
}

func colleague(m *model.Model, person client.Employee, text *i18n.Text, now time.Time) ColleagueRow {
	row := ColleagueRow{ID: person.ID, Name: person.Name, Extension: person.Extension, State: person.Presence, Group: ColleaguesBusy}
	extension := text.T("conn.no_ext")
	if person.Extension != "" {
		extension = text.T("conn.ext", "ext", person.Extension)
	}
	row.Calls = person.Callable
	if !row.Calls && person.Extension != "" && m.Me().Extension != "" {
		row.Dialled = text.T("colleague.dial", "ext", person.Extension)
	}
	row.About = joined(extension, text.T("colleague.role_"+string(person.Role)))
	var since time.Time
	if person.PresenceSince != nil {
		since = person.PresenceSince.In(now.Location())
	}
	switch person.Presence {
	case client.PresenceTalking, client.PresenceRinging:
		row.with(m, &since, text)
		row.Does = text.T("presence." + string(person.Presence))
		if !since.IsZero() {
			row.Does = text.T("colleague."+string(person.Presence), "timer", text.Timer(max(0, now.Sub(since))))
		}
	case client.PresenceFree:
		row.Group, row.Does = ColleaguesFree, text.T("presence.free")
		if words := freeFor(since, now, text); words != "" {
			row.Does = text.T("colleague.free", "for", words)
		}
	default:
		row.State, row.Group, row.Does = client.PresenceOffline, ColleaguesOffline, text.T("presence.offline")
		if !since.IsZero() {
			row.Does = text.T("colleague.offline", "since", text.Since(since, now))
		}
	}
	return row
}

// with says whom a colleague talks with, and since when exactly, where this person sees the call.
func (r *ColleagueRow) with(m *model.Model, since *time.Time, text *i18n.Text) {
	call, ok := model.TalkOf(m, r.ID)
	if !ok {
		return
	}
	r.With, r.CallID = withWhom(call, r.ID, text), call.ID
	*since = call.StartedAt
	if r.State == client.PresenceTalking && call.AnsweredAt != nil {
		*since = *call.AnsweredAt
	}
}

// freeMost is until when it is told for how long somebody has been free: longer ago they only came.
const freeMost = 12 * time.Hour

func freeFor(since, now time.Time, text *i18n.Text) string {
	free := now.Sub(since)
	switch {
	case since.IsZero(), free < time.Minute, free > freeMost:
		return ""
	case free < time.Hour:
		return text.T("colleague.minutes", "n", int(free/time.Minute))
	}
	return text.Length(free)
}

// OwnTalk is the call on which this person talks.
type OwnTalk struct {
	CallID, Title  string
	Since          time.Time
	Subject        *client.Subject
	Blind, Consult bool // it can be handed over at once, or after a question
}

// MyTalk is the call on which this person talks; false: none.
func MyTalk(m *model.Model, text *i18n.Text) (OwnTalk, bool) {
	call, ok := model.TalkOf(m, m.Me().ID)
	if !ok || call.State != client.StateTalking && call.State != client.StateHeld {
		return OwnTalk{}, false
	}
	out := OwnTalk{
		CallID: call.ID, Title: withWhom(call, m.Me().ID, text), Since: call.StartedAt, Subject: call.Subject,
		Blind: slices.Contains(call.Can, client.CanTransfer), Consult: slices.Contains(call.Can, client.CanConsult),
	}
	if call.AnsweredAt != nil {
		out.Since = *call.AnsweredAt
	}
	return out, true
}

// WaitingRow is somebody who waits for a call, whom a colleague can be asked to call back.
type WaitingRow struct {
	Key, Name, Hint string
	Phone           string
	Subject         *client.Subject
	CallID          string
	Missed          bool // a call of theirs was missed; else they were promised one
}

// Waiting lists who waits for a call: those whom nobody answered, then those whom this person promised one today. Whom a
// colleague was asked to call is left out.
func Waiting(m *model.Model, text *i18n.Text, now time.Time) []WaitingRow {
	var out []WaitingRow
	given := map[string]bool{}
	for _, t := range m.Tasks() {
		given[t.Phone] = given[t.Phone] || !t.Mine && t.Phone != ""
	}
	for _, c := range m.CallbackList() {
		if c.State != client.MissedWaiting || given[c.Phone] {
			continue
		}
		hint := text.Short(c.LastAt, now)
		if c.Subject == nil {
			hint = joined(hint, text.T("feed.unbound"))
		}
		if c.RedAt != nil && !now.Before(*c.RedAt) {
			hint = joined(hint, text.T("queue.red"))
		}
		out = append(out, WaitingRow{Key: c.Phone, Name: nameOf(c.Subject, c.Phone, text), Hint: hint, Phone: c.Phone, Subject: c.Subject, CallID: c.CallID, Missed: true})
	}
	for _, t := range m.Tasks() {
		if !t.Mine || given[t.Phone] || t.Group != model.TasksToday && t.Group != model.TasksLate {
			continue
		}
		hint := ""
		if t.DueAt != nil {
			hint = text.T("colleague.promised", "when", text.Moment(*t.DueAt, now))
		}
		out = append(out, WaitingRow{Key: t.ID, Name: nameOf(t.Subject, t.Phone, text), Hint: hint, Phone: t.Phone, Subject: t.Subject, CallID: t.CallID})
	}
	return out
}

// EndOfDay is until when a colleague is asked to call: the end of the working day, or of the day where it is late.
func EndOfDay(now time.Time) time.Time {
	end := model.Midnight(now).Add(18 * time.Hour)
	if !now.Before(end) {
		end = model.Midnight(now).Add(24*time.Hour - time.Minute)
	}
	return end
}

// Today says of each employee with calls how many there were today, and for how long they talked.
func Today(report client.Report, text *i18n.Text) map[string]string {
	out := map[string]string{}
	for _, row := range report.Items {
		if row.Key != "" && row.Calls > 0 {
			out[row.Key] = text.N("colleague.today", row.Calls, "talk", text.Length(time.Duration(row.TalkSeconds)*time.Second))
		}
	}
	return out
}
