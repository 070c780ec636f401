package crm

import (
	"slices"
	"strings"
	"time"

	"dozvon/app/server/revision"
	"dozvon/client"
)

// Card is a client or a contract: one of the two is set, as Kind says. What both have in common
// (numbers, history, deleting, merging) is done to a Card.
type Card struct {
	Kind     client.SubjectKind `json:"kind"`
	Client   *client.Client     `json:"client,omitempty"`
	Contract *client.Contract   `json:"contract,omitempty"`
	// Version grows with every change, so that an old one is not put over a newer one.
	Version int64 `json:"version"`
}

// OfRecord makes the card of a client or contract.
func OfRecord[T client.Client | client.Contract](record T, version int64) Card {
	switch r := any(record).(type) {
	case client.Client:
		return Card{Kind: client.KindClient, Client: &r, Version: version}
	case client.Contract:
		return Card{Kind: client.KindContract, Contract: &r, Version: version}
	}
	return Card{}
}

// Stamp gives the card a version, and its record the ETag of it.
func (c *Card) Stamp(version int64) {
	c.Version = version
	if c.Contract != nil {
		c.Contract.ETag = revision.Version(version)
		return
	}
	c.Client.ETag = revision.Version(version)
}

// common are the fields that both kinds have, to be read and written in place.
type common struct {
	id, name, note, status, externalID *string
	phones                             *[]string
	list                               *[]client.Phone
	tags                               *[]string
	responsible                        **client.Person
	removed                            *client.Removed
	created, updated                   *time.Time
}

func (c Card) common() common {
	if r := c.Contract; r != nil {
		return common{&r.ID, &r.Name, &r.Note, &r.Status, &r.ExternalID, &r.Phones, &r.PhoneList, &r.Tags, &r.Responsible, &r.Removed, &r.CreatedAt, &r.UpdatedAt}
	}
	r := c.Client
	return common{&r.ID, &r.Name, &r.Note, &r.Status, &r.ExternalID, &r.Phones, &r.PhoneList, &r.Tags, &r.Responsible, &r.Removed, &r.CreatedAt, &r.UpdatedAt}
}

// Ref points at the card.
func (c Card) Ref() client.SubjectRef { return client.SubjectRef{Kind: c.Kind, ID: *c.common().id} }

// Subject is the card as somebody who calls.
func (c Card) Subject() client.Subject {
	if c.Contract != nil {
		return OfContract(*c.Contract)
	}
	return OfClient(*c.Client)
}

// Record is the client or contract, as it travels.
func (c Card) Record() any {
	if c.Contract != nil {
		return *c.Contract
	}
	return *c.Client
}

// Phones are the numbers by which the card is found: none when it is deleted.
func (c Card) Phones() []string {
	if c.Deleted() {
		return nil
	}
	return *c.common().phones
}

// CreatedAt is when the card was made.
func (c Card) CreatedAt() time.Time { return *c.common().created }

// Deleted tells whether the card was deleted.
func (c Card) Deleted() bool { return c.common().removed.DeletedAt != nil }

// Clone is a copy that shares nothing with the card.
func (c Card) Clone() Card {
	out := c
	if c.Contract != nil {
		r := *c.Contract
		out.Contract = &r
	} else {
		r := *c.Client
		out.Client = &r
	}
	f := out.common()
	*f.phones, *f.list, *f.tags = slices.Clone(*f.phones), slices.Clone(*f.list), slices.Clone(*f.tags)
	return out
}

// Delete marks the card as deleted, by merging when into is given.
func (c Card) Delete(now time.Time, into *client.SubjectRef) Card {
	out := c.Clone()
	*out.common().removed = client.Removed{DeletedAt: &now, MergedInto: into}
	return out
}

// Restore takes the deletion back.
func (c Card) Restore() Card {
	out := c.Clone()
	*out.common().removed = client.Removed{}
	return out
}

// Text is by what a card is found beside its numbers.
func (c Card) Text() string {
	f := c.common()
	parts := []string{*f.name, *f.note, *f.externalID}
	if c.Contract != nil {
		parts = append(parts, c.Contract.Number, c.Contract.Group)
	} else {
		parts = append(parts, c.Client.Email)
	}
	parts = append(parts, *f.tags...)
	for _, p := range *f.list {
		parts = append(parts, p.Typed, p.Label)
	}
	return strings.Join(parts, " ")
}

// Deltas tells what a change made of each field, for the history. from may be nil for a new card.
func Deltas(from *Card, to Card) []client.FieldDelta {
	after := to.fields()
	before := map[string]string{}
	if from != nil {
		for _, f := range from.fields() {
			before[f[0]] = f[1]
		}
	}
	out := []client.FieldDelta{}
	for _, f := range after {
		if before[f[0]] != f[1] {
			out = append(out, client.FieldDelta{Field: f[0], From: before[f[0]], To: f[1]})
		}
	}
	return out
}

// fields are the card's fields by their names in the API, as a person reads them.
func (c Card) fields() [][2]string {
	f := c.common()
	responsible := ""
	if *f.responsible != nil {
		responsible = (*f.responsible).Name
	}
	out := [][2]string{{"name", *f.name}, {"phones", phonesText(*f.list)}, {"status", *f.status}, {"responsible", responsible}}
	if r := c.Contract; r != nil {
		out = append(out, [][2]string{{"number", r.Number}, {"client_id", r.ClientID}, {"category", r.Category}, {"group", r.Group}, {"signed_on", r.SignedOn}}...)
	} else {
		out = append(out, [][2]string{{"kind", c.Client.Kind}, {"email", c.Client.Email}}...)
	}
	return append(out, [][2]string{{"tags", strings.Join(*f.tags, ", ")}, {"note", *f.note}, {"external_id", *f.externalID}}...)
}

func phonesText(list []client.Phone) string {
	var all []string
	for _, p := range list {
		text := p.Number
		if text == "" {
			text = p.Typed
		}
		if p.Ext != "" {
			text += " (" + p.Ext + ")"
		}
		if p.Label != "" {
			text += " " + p.Label
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// PhoneList is the card's numbers with their labels.
func (c Card) PhoneList() []client.Phone { return *c.common().list }

// Tags are the card's labels.
func (c Card) Tags() []string { return *c.common().tags }
