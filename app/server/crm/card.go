package crm

import (
	"slices"
	"strings"
	"time"

	"dozvon/client"
)

// Card is a client or a contract, as Kind says. Which fields each kind has, and what each field is
// like, stands in the table below: a new field is a line here and a row there.
type Card struct {
	Kind client.SubjectKind
	ID   string
	// Version grows with every change, so that an old one is not put over a newer one.
	Version int64

	Name       string
	PhoneList  []Phone
	Status     string
	Note       string
	Tags       []string
	ExternalID string // the card's id in another CRM
	// Responsible looks after the card; nil: nobody.
	Responsible *client.Person

	ClientKind string // of a client: Lead or Client
	Email      string // of a client

	Number   string // of a contract; people know it by that
	ClientID string // of a contract: whose it is
	Category string // of a contract: what is learnt, e.g. B
	Group    string // of a contract
	SignedOn string // of a contract: YYYY-MM-DD

	CreatedAt time.Time
	UpdatedAt time.Time
	// DeletedAt is nil of a card that lives; MergedInto is the card that took a deleted one over.
	DeletedAt  *time.Time
	MergedInto *client.SubjectRef
}

// Names of the fields that rules speak of.
const (
	FieldName        = "name"
	FieldPhones      = "phones"
	FieldStatus      = "status"
	FieldNote        = "note"
	FieldTags        = "tags"
	FieldResponsible = "responsible"
	FieldExternalID  = "external_id"
	FieldKind        = "kind"
	FieldEmail       = "email"
	FieldNumber      = "number"
	FieldClientID    = "client_id"
	FieldCategory    = "category"
	FieldGroup       = "group"
	FieldSignedOn    = "signed_on"
)

// table has a row for every field, in the order in which people read them.
var table = []Field{
	{
		Name: FieldNumber, Of: client.KindContract, Column: "number", Text: func(c *Card) *string { return &c.Number },
		Exported: true, Imported: true,
		Limit: 64, Searched: true, Own: true, check: notEmpty,
	},
	{
		Name: FieldName, Column: "name", Text: func(c *Card) *string { return &c.Name },
		Exported: true, Imported: true,
		Limit: 300, Searched: true, Own: true, check: notEmpty,
	},
	{
		Name: FieldPhones, shown: func(c Card) string { return phonesText(c.PhoneList) },
		Exported: true,
	},
	{
		Name: FieldClientID, Of: client.KindContract, Column: "client_id", Text: func(c *Card) *string { return &c.ClientID },
	},
	{
		Name: FieldCategory, Of: client.KindContract, Column: "category", Text: func(c *Card) *string { return &c.Category },
		Exported: true, Imported: true, Limit: 32,
	},
	{
		Name: FieldGroup, Of: client.KindContract, Column: "group_name", Text: func(c *Card) *string { return &c.Group },
		Exported: true, Imported: true, Limit: 64, Searched: true,
	},
	{
		Name: FieldSignedOn, Of: client.KindContract, Column: "signed_on", Text: func(c *Card) *string { return &c.SignedOn },
		Exported: true, Imported: true, Date: true,
	},
	{
		Name: FieldEmail, Of: client.KindClient, Column: "email", Text: func(c *Card) *string { return &c.Email },
		Exported: true, Imported: true, Limit: 300, Searched: true, check: address,
	},
	{
		Name: FieldKind, Of: client.KindClient, Column: "kind", Text: func(c *Card) *string { return &c.ClientKind },
		Exported: true, Imported: true, Own: true, check: leadOrClient,
	},
	{
		Name: FieldStatus, Column: "status", Text: func(c *Card) *string { return &c.Status },
		Exported: true, Imported: true, Own: true,
	},
	{
		Name: FieldResponsible, shown: responsibleName,
		Exported: true, Imported: true,
	},
	{
		Name: FieldTags, shown: func(c Card) string { return strings.Join(c.Tags, ", ") },
		Exported: true, Imported: true,
	},
	{
		Name: FieldNote, Column: "note", Lines: true, Text: func(c *Card) *string { return &c.Note },
		Exported: true, Imported: true, Limit: 10_000, Searched: true, Own: true,
	},
	{
		Name: FieldExternalID, Column: "external_id", Text: func(c *Card) *string { return &c.ExternalID },
		Exported: true, Imported: true, Limit: 200, Searched: true,
	},
}

// Phone is one number of a card.
type Phone struct {
	Number string // in E.164; empty when what was typed could not be read as a number
	// Typed is what was written, when it could not be read: it is kept, but nobody can be called by it.
	Typed string
	Ext   string // an extension behind the number, digits
	Label string // whose number, e.g. the wife's
}

// NewCard is a card that nothing is known of yet.
func NewCard(kind client.SubjectKind, id string, now time.Time) Card {
	return Card{Kind: kind, ID: id, CreatedAt: now}
}

// Ref points at the card.
func (c Card) Ref() client.SubjectRef { return client.SubjectRef{Kind: c.Kind, ID: c.ID} }

// Numbers are those by which the card is found: none when it is deleted.
func (c Card) Numbers() []string {
	if c.Deleted() {
		return nil
	}
	return Numbers(c.PhoneList)
}

// Deleted tells whether the card was deleted.
func (c Card) Deleted() bool { return c.DeletedAt != nil }

// Clone is a copy that shares nothing with the card.
func (c Card) Clone() Card {
	c.PhoneList, c.Tags = slices.Clone(c.PhoneList), slices.Clone(c.Tags)
	return c
}

// Delete marks the card as deleted, by merging when into is given.
func (c Card) Delete(now time.Time, into *client.SubjectRef) Card {
	out := c.Clone()
	out.DeletedAt, out.MergedInto = &now, into
	return out
}

// Restore takes the deletion back.
func (c Card) Restore() Card {
	out := c.Clone()
	out.DeletedAt, out.MergedInto = nil, nil
	return out
}

// Text is by what a card is found beside its numbers.
func (c Card) Text() string {
	var parts []string
	for _, f := range Fields(c.Kind) {
		if f.Searched {
			parts = append(parts, *f.Text(&c))
		}
	}
	parts = append(parts, c.Tags...)
	for _, p := range c.PhoneList {
		parts = append(parts, p.Typed, p.Label)
	}
	return strings.Join(parts, " ")
}

// Delta is what a change made of one field, as a person reads it.
type Delta struct{ Field, From, To string }

// Step is one change of a card, as its history has it.
type Step struct {
	ID     string
	At     time.Time
	By     *client.Person // nil: a program
	Action string         // ActionCreated and the others
	Fields []Delta
}

// Deltas tells what a change made of each field, for the history. from may be nil for a new card.
func Deltas(from *Card, to Card) []Delta {
	out := []Delta{}
	for _, f := range Fields(to.Kind) {
		before := ""
		if from != nil {
			before = f.Shown(*from)
		}
		if after := f.Shown(to); before != after {
			out = append(out, Delta{Field: f.Name, From: before, To: after})
		}
	}
	return out
}
