// Package feed is the one list of all that happened. It holds what an entry says (of a call, a note,
// a message, a card that was made) and the text by which it is found; it writes entries and publishes
// them to the screens; it reads pages of them. It decides nothing about calls or cards: who changes
// those says what is to be entered. It knows no SQL and no HTTP.
package feed

import (
	"strings"
	"time"

	"dozvon/app/phone"
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
	number, numberEN := c.Phone, c.Phone
	if number == "" {
		number, numberEN = "номер скрыт", "hidden number"
	}
	switch {
	case c.Direction == client.Out:
		e.Type, e.Description, e.DescriptionEN = client.EntryCallOut, "Исходящий вызов: "+number, "Outgoing call: "+numberEN
	case c.AnsweredAt != nil:
		e.Type, e.Description, e.DescriptionEN = client.EntryCallIn, "Входящий вызов: "+number, "Incoming call: "+numberEN
	default:
		e.Type, e.Description, e.DescriptionEN = client.EntryCallMissed, "Пропущенный вызов: "+number, "Missed call: "+numberEN
		e.Employee = nil
	}
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
	return client.FeedEntry{
		ID: id, Type: client.EntrySMS, At: at, Employee: &by, Subject: subject, Phone: string(number),
		Description: "SMS: " + text, DescriptionEN: "SMS: " + text, Delivery: client.SMSSending,
	}
}

// Created is an entry for a card that was made.
func Created(id string, at time.Time, by *client.Person, subject client.Subject) client.FeedEntry {
	e := client.FeedEntry{ID: id, Type: client.EntryClientCreated, At: at, Employee: by, Subject: &subject, Description: "Создана карточка: " + subject.Name, DescriptionEN: "Card made: " + subject.Name}
	if subject.Kind == client.KindContract {
		e.Type, e.Description, e.DescriptionEN = client.EntryContractCreated, "Создан договор: "+subject.Name, "Contract made: "+subject.Name
	}
	return e
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
