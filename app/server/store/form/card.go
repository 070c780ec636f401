package form

import (
	"encoding/json"
	"errors"
	"time"

	"dozvon/app/server/crm"
	"dozvon/client"
)

// phone is one number of a card (clients.phones, contracts.phones).
type phone struct {
	Number string `json:"number,omitempty"`
	Typed  string `json:"typed,omitempty"`
	Ext    string `json:"ext,omitempty"`
	Label  string `json:"label,omitempty"`
}

// UnmarshalJSON also reads a bare number, as 0.1 and 0.2 kept them, before numbers had labels.
func (p *phone) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &p.Number)
	}
	type plain phone
	return json.Unmarshal(raw, (*plain)(p))
}

func phoneOf(p crm.Phone) phone { return phone{p.Number, p.Typed, p.Ext, p.Label} }

func (p phone) domain() crm.Phone {
	return crm.Phone{Number: p.Number, Typed: p.Typed, Ext: p.Ext, Label: p.Label}
}

// Phones are what is kept of a card's numbers.
func Phones(list []crm.Phone) (string, error) {
	return encode("numbers", each(list, phoneOf))
}

// ReadPhones reads what Phones wrote, also in former versions.
func ReadPhones(raw string) ([]crm.Phone, error) {
	list := []phone{}
	err := decode("a card's numbers", raw, &list)
	return each(list, phone.domain), err
}

// ReadTags reads the tags of a card, as their column has them.
func ReadTags(raw string) ([]string, error) {
	var tags []string
	err := decode("a card's tags", raw, &tags)
	return tags, err
}

// delta is what a step of a card's history made of one field (card_history.changes).
type delta struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Deltas are what is kept of a change of a card.
func Deltas(all []crm.Delta) (string, error) {
	return encode("a change", each(all, func(d crm.Delta) delta { return delta{d.Field, d.From, d.To} }))
}

// ReadDeltas reads what Deltas wrote.
func ReadDeltas(raw string) ([]crm.Delta, error) {
	var all []delta
	err := decode("a change", raw, &all)
	return each(all, func(d delta) crm.Delta { return crm.Delta{Field: d.Field, From: d.From, To: d.To} }), err
}

// Card is a whole card, as it stood before a change that may be taken back (undo.data).
type Card struct {
	V           int               `json:"v,omitempty"`
	Kind        string            `json:"kind"`
	ID          string            `json:"id"`
	Version     int64             `json:"version"`
	Texts       map[string]string `json:"texts"` // the fields of plain text, by name
	Phones      []phone           `json:"phones"`
	Tags        []string          `json:"tags"`
	Responsible *person           `json:"responsible,omitempty"`
	CreatedAt   time.Time         `json:"created_at"`
	UpdatedAt   time.Time         `json:"updated_at"`
	DeletedAt   *time.Time        `json:"deleted_at,omitempty"`
	MergedInto  string            `json:"merged_into,omitempty"`
}

// CardOf is what is kept of a card.
func CardOf(c crm.Card) Card {
	f := Card{
		V: version, Kind: string(c.Kind), ID: c.ID, Version: c.Version, Texts: map[string]string{}, Phones: each(c.PhoneList, phoneOf), Tags: c.Tags,
		Responsible: perhaps(c.Responsible, personOf), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, DeletedAt: c.DeletedAt,
	}
	if c.MergedInto != nil {
		f.MergedInto = c.MergedInto.ID
	}
	for _, field := range crm.Fields(c.Kind) {
		if field.Text != nil {
			f.Texts[field.Name] = *field.Text(&c)
		}
	}
	return f
}

// Card is the card that was kept.
func (f Card) Card() crm.Card {
	c := crm.Card{
		Kind: client.SubjectKind(f.Kind), ID: f.ID, Version: f.Version, PhoneList: each(f.Phones, phone.domain), Tags: f.Tags,
		Responsible: perhaps(f.Responsible, person.wire), CreatedAt: f.CreatedAt, UpdatedAt: f.UpdatedAt, DeletedAt: f.DeletedAt,
	}
	if f.MergedInto != "" {
		c.MergedInto = &client.SubjectRef{Kind: c.Kind, ID: f.MergedInto}
	}
	for _, field := range crm.Fields(c.Kind) {
		if field.Text != nil {
			*field.Text(&c) = f.Texts[field.Name]
		}
	}
	return c
}

// UnmarshalJSON also reads what 0.1 to 0.5 wrote: the API's client or contract of then.
func (f *Card) UnmarshalJSON(raw []byte) error {
	type plain Card
	var old struct {
		plain
		Client   json.RawMessage `json:"client"`
		Contract json.RawMessage `json:"contract"`
	}
	if err := json.Unmarshal(raw, &old); err != nil {
		return err
	}
	*f = Card(old.plain)
	record := old.Client
	if record == nil {
		record = old.Contract
	}
	if record == nil {
		return readable("a card", f.V)
	}
	return f.readRecord(record)
}

func (f *Card) readRecord(raw json.RawMessage) error {
	var lists struct {
		ID          string               `json:"id"`
		Phones      []phone              `json:"phone_list"`
		Tags        []string             `json:"tags"`
		Responsible *person              `json:"responsible"`
		CreatedAt   time.Time            `json:"created_at"`
		UpdatedAt   time.Time            `json:"updated_at"`
		DeletedAt   *time.Time           `json:"deleted_at"`
		MergedInto  *struct{ ID string } `json:"merged_into"`
	}
	var fields map[string]any
	if err := errors.Join(json.Unmarshal(raw, &lists), json.Unmarshal(raw, &fields)); err != nil {
		return err
	}
	f.ID, f.Phones, f.Tags, f.Responsible = lists.ID, lists.Phones, lists.Tags, lists.Responsible
	f.CreatedAt, f.UpdatedAt, f.DeletedAt = lists.CreatedAt, lists.UpdatedAt, lists.DeletedAt
	if lists.MergedInto != nil {
		f.MergedInto = lists.MergedInto.ID
	}
	f.Texts = map[string]string{}
	for name, value := range fields {
		if text, ok := value.(string); ok {
			f.Texts[name] = text
		}
	}
	return nil
}
