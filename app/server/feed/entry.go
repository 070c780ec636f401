// Package feed is the one list of all that happened. It holds what an entry says (of a call, a note,
// a message, a card that was made) and the text by which it is found; it writes entries and publishes
// them to the screens; it reads pages of them. It decides nothing about calls or cards: who changes
// those says what is to be entered. It knows no SQL and no HTTP.
package feed

import (
	"strings"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// OfCall is a call's one entry. It answers false for calls that have none: internal ones, connectivity
// tests, and those that still ring.
func OfCall(c client.Call, sourceName string) (entry.Entry, bool) {
	if c.Test || c.Direction == client.Internal || (c.State == client.StateRinging && c.AnsweredAt == nil) {
		return entry.Entry{}, false
	}
	e := entry.Entry{
		ID: c.ID, At: c.StartedAt, Phone: c.Phone, Subject: c.Subject, Employee: c.Employee, Result: call.Result(c.Result),
		Source: c.Source, SourceName: sourceName, CallID: c.ID, TalkSeconds: c.TalkSeconds, Recording: recordingOf(c.Recording), Recordings: partsOf(c.Recordings),
		Restored: c.Restored, Line: c.Line,
	}
	number := texts.Args{"number": c.Phone}
	if c.Phone == "" {
		number["number"] = texts.Of("feed.hidden_number")
	}
	var text texts.Message
	switch {
	case c.Direction == client.Out:
		e.Type, text = entry.CallOut, texts.Of("feed.call_out", number)
	case c.AnsweredAt != nil:
		e.Type, text = entry.CallIn, texts.Of("feed.call_in", number)
	default:
		e.Type, text = entry.CallMissed, texts.Of("feed.call_missed", number)
		e.Employee = nil
	}
	describe(&e, text)
	if c.AnsweredAt != nil {
		rang := max(int(c.AnsweredAt.Sub(c.StartedAt)/time.Second), 0)
		e.AnswerSeconds = &rang
	}
	if c.AnsweredAt == nil && c.EndedAt != nil {
		waited := int(c.EndedAt.Sub(c.StartedAt) / time.Second)
		e.WaitSeconds = &waited
	}
	return e, true
}

func recordingOf(r *client.Recording) *entry.Recording {
	if r == nil {
		return nil
	}
	return &entry.Recording{Ready: r.Ready, Seconds: r.Seconds}
}

func partsOf(all []client.RecordingPart) []entry.Part {
	var out []entry.Part
	for _, p := range all {
		out = append(out, entry.Part{
			Part: p.Part, Ready: p.Ready, Gone: p.Gone, Seconds: p.Seconds, Extension: p.Extension, Employee: p.Employee,
		})
	}
	return out
}

// Note is an entry for what an employee wrote.
func Note(id string, at time.Time, by client.Person, subject *client.Subject, text string) entry.Entry {
	return entry.Entry{ID: id, Type: entry.Note, At: at, Employee: &by, Subject: subject, Description: strings.TrimSpace(text)}
}

// SMS is an entry for a message to an outside number.
func SMS(id string, at time.Time, by client.Person, subject *client.Subject, number phone.Number, text string) entry.Entry {
	e := entry.Entry{
		ID: id, Type: entry.SMS, At: at, Employee: &by, Subject: subject, Phone: string(number), Delivery: entry.Sending,
	}
	describe(&e, texts.Of("feed.sms", texts.Args{"text": text}))
	return e
}

// Created is an entry for a card that was made.
func Created(id string, at time.Time, by *client.Person, subject client.Subject) entry.Entry {
	e := entry.Entry{ID: id, Type: entry.ClientCreated, At: at, Employee: by, Subject: &subject}
	name := texts.Args{"name": subject.Name}
	text := texts.Of("feed.client_created", name)
	if subject.Kind == client.KindContract {
		e.Type, text = entry.ContractCreated, texts.Of("feed.contract_created", name)
	}
	describe(&e, text)
	return e
}

func describe(e *entry.Entry, text texts.Message) {
	both := text.Both()
	e.Description, e.DescriptionEN = both.RU, both.EN
}

// Text is by what an entry is found beside its numbers: names, description, outcome, flags.
func Text(e entry.Entry) string {
	parts := []string{e.Description, e.DescriptionEN, e.Outcome}
	if e.Subject != nil {
		parts = append(parts, e.Subject.Name, e.Subject.Detail)
	}
	if e.Employee != nil {
		parts = append(parts, e.Employee.Name)
	}
	for _, f := range e.Flags {
		parts = append(parts, f.Word)
	}
	return strings.Join(parts, " ")
}
