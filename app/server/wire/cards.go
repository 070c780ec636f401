// Package wire turns what the server works with into the API's types, and back. It decides nothing:
// a field that the API renames is renamed here and nowhere else. A card's fields of plain text travel
// under the names that they have in crm's table.
package wire

import (
	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
	"dozvon/client"
)

// Card is a client or contract as it travels.
func Card(c crm.Card) any {
	if c.Kind == client.KindContract {
		return Contract(c)
	}
	return Client(c)
}

// Client is a client's card as it travels.
func Client(c crm.Card) client.Client {
	out := client.Client{
		ID: c.ID, Phones: crm.Numbers(c.PhoneList), PhoneList: Phones(c.PhoneList), Tags: c.Tags, Responsible: c.Responsible,
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, ETag: revision.Version(c.Version), Removed: removed(c),
	}
	clientTexts.put(c, &out)
	return out
}

// Contract is a contract as it travels.
func Contract(c crm.Card) client.Contract {
	out := client.Contract{
		ID: c.ID, Phones: crm.Numbers(c.PhoneList), PhoneList: Phones(c.PhoneList), Tags: c.Tags, Responsible: c.Responsible,
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, ETag: revision.Version(c.Version), Removed: removed(c),
	}
	contractTexts.put(c, &out)
	return out
}

func removed(c crm.Card) client.Removed {
	return client.Removed{DeletedAt: c.DeletedAt, MergedInto: c.MergedInto}
}

// ClientInput is what a program wants of a client's card.
func ClientInput(in client.ClientInput) crm.Input {
	return crm.Input{
		Texts:  clientInputTexts.take(in),
		Phones: in.Phones, PhoneList: phoneInput(in.PhoneList), Tags: in.Tags, ResponsibleID: in.ResponsibleID,
	}
}

// ContractInput is what a program wants of a contract.
func ContractInput(in client.ContractInput) crm.Input {
	return crm.Input{
		Texts:  contractInputTexts.take(in),
		Phones: in.Phones, PhoneList: phoneInput(in.PhoneList), Tags: in.Tags, ResponsibleID: in.ResponsibleID,
	}
}

// Phones are a card's numbers as they travel.
func Phones(list []crm.Phone) []client.Phone {
	out := make([]client.Phone, len(list))
	for i, p := range list {
		out[i] = client.Phone{Number: p.Number, Typed: p.Typed, Ext: p.Ext, Label: p.Label}
	}
	return out
}

func phoneInput(list *[]client.Phone) *[]crm.Phone {
	if list == nil {
		return nil
	}
	out := make([]crm.Phone, len(*list))
	for i, p := range *list {
		out[i] = crm.Phone{Number: p.Number, Typed: p.Typed, Ext: p.Ext, Label: p.Label}
	}
	return &out
}

// Change is a step of a card's history as it travels.
func Change(s crm.Step) client.Change {
	return client.Change{ID: s.ID, At: s.At, By: s.By, Action: s.Action, Fields: Deltas(s.Fields)}
}

// Deltas are a step of a card's history as it travels.
func Deltas(all []crm.Delta) []client.FieldDelta {
	out := make([]client.FieldDelta, len(all))
	for i, d := range all {
		out[i] = client.FieldDelta{Field: d.Field, From: d.From, To: d.To}
	}
	return out
}
