// Package feed is the one list of all that happened. It holds what an entry says (of a call, a note,
// a message, a card that was made) and the text by which it is found; it writes entries and publishes
// them to the screens; it reads pages of them. It decides nothing about calls or cards: who changes
// those says what is to be entered. It knows no SQL and no HTTP.
package feed

import (
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// OfCall is a call's one entry. It answers false for calls that have none: internal ones, bell
// tests, and those that still ring.
func OfCall(c client.Call, sourceName string) (client.FeedEntry, bool) {
	if c.Test || c.Direction == client.Internal || (c.State == client.StateRinging && c.AnsweredAt == nil) {
		return client.FeedEntry{}, false
	}
	e := client.FeedEntry{
		ID: c.ID, At: c.StartedAt, Phone: c.Phone, Subject: c.Subject, Employee: c.Employee, Result: c.Result,
		Source: c.Source, SourceName: sourceName, CallID: c.ID, TalkSeconds: c.TalkSeconds, Recording: c.Recording, Recordings: c.Recordings,
		Restored: c.Restored, Line: c.Line,
	}
	number := texts.Args{"number": c.Phone}
	if c.Phone == "" {
		number["number"] = texts.Of("feed.hidden_number")
	}
	var text texts.Message
	switch {
	case c.Direction == client.Out:
		e.Type, text = client.EntryCallOut, texts.Of("feed.call_out", number)
	case c.AnsweredAt != nil:
		e.Type, text = client.EntryCallIn, texts.Of("feed.call_in", number)
	default:
		e.Type, text = client.EntryCallMissed, texts.Of("feed.call_missed", number)
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

// Note is an entry for what an employee wrote.
func Note(id string, at time.Time, by client.Person, subject *client.Subject, text string) client.FeedEntry {
	return client.FeedEntry{ID: id, Type: client.EntryNote, At: at, Employee: &by, Subject: subject, Description: strings.TrimSpace(text)}
}

// SMS is an entry for a message to an outside number.
func SMS(id string, at time.Time, by client.Person, subject *client.Subject, number phone.Number, text string) client.FeedEntry {
	e := client.FeedEntry{
		ID: id, Type: client.EntrySMS, At: at, Employee: &by, Subject: subject, Phone: string(number), Delivery: client.SMSSending,
	}
	describe(&e, texts.Of("feed.sms", texts.Args{"text": text}))
	return e
}

// Created is an entry for a card that was made.
func Created(id string, at time.Time, by *client.Person, subject client.Subject) client.FeedEntry {
	e := client.FeedEntry{ID: id, Type: client.EntryClientCreated, At: at, Employee: by, Subject: &subject}
	name := texts.Args{"name": subject.Name}
	text := texts.Of("feed.client_created", name)
	if subject.Kind == client.KindContract {
		e.Type, text = client.EntryContractCreated, texts.Of("feed.contract_created", name)
	}
	describe(&e, text)
	return e
}

func describe(e *client.FeedEntry, text texts.Message) {
	both := text.Both()
	e.Description, e.DescriptionEN = both.RU, both.EN
}

// Text is by what an entry is found beside its numbers: names, description, outcome.
func Text(e client.FeedEntry) string {
	parts := []string{e.Description, e.DescriptionEN, e.Outcome}
	if e.Subject != nil {
		parts = append(parts, e.Subject.Name, e.Subject.Detail)
	}
	if e.Employee != nil {
		parts = append(parts, e.Employee.Name)
	}
	return strings.Join(parts, " ")
}
