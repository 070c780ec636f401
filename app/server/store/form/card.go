package form

import (
	"encoding/json"

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

// Phones are what is kept of a card's numbers.
func Phones(list []client.Phone) (string, error) {
	return encode("numbers", each(list, func(p client.Phone) phone { return phone{p.Number, p.Typed, p.Ext, p.Label} }))
}

// ReadPhones reads what Phones wrote, also in former versions.
func ReadPhones(raw string) ([]client.Phone, error) {
	list := []phone{}
	err := decode("a card's numbers", raw, &list)
	return each(list, func(p phone) client.Phone {
		return client.Phone{Number: p.Number, Typed: p.Typed, Ext: p.Ext, Label: p.Label}
	}), err
}

// delta is what a step of a card's history made of one field (card_history.changes).
type delta struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Deltas are what is kept of a change of a card.
func Deltas(all []client.FieldDelta) (string, error) {
	return encode("a change", each(all, func(d client.FieldDelta) delta { return delta{d.Field, d.From, d.To} }))
}

// ReadDeltas reads what Deltas wrote.
func ReadDeltas(raw string) ([]client.FieldDelta, error) {
	var all []delta
	err := decode("a change", raw, &all)
	return each(all, func(d delta) client.FieldDelta { return client.FieldDelta{Field: d.Field, From: d.From, To: d.To} }), err
}
