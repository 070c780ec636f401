package crm

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/client"
)

// Kinds of a client's card.
const (
	Lead   = "lead"
	Client = "client"
)

// Invalid tells every fault of an input at once, each with its field's name.
type Invalid struct{ Faults []string }

func (i *Invalid) Error() string { return strings.Join(i.Faults, "; ") }

func (i *Invalid) add(field, what string) { i.Faults = append(i.Faults, field+": "+what) }

func (i *Invalid) orNil() error {
	if len(i.Faults) == 0 {
		return nil
	}
	return i
}

// ChangeClient applies the given fields. Numbers are stored in E.164.
func ChangeClient(c client.Client, in client.ClientInput, responsible *client.Person, now time.Time) (client.Client, error) {
	bad := &Invalid{}
	set(&c.Kind, in.Kind)
	set(&c.Name, in.Name)
	set(&c.Email, in.Email)
	set(&c.Note, in.Note)
	if c.Kind == "" {
		c.Kind = Lead
	}
	if c.Kind != Lead && c.Kind != Client {
		bad.add("kind", "lead or client expected")
	}
	if c.Name == "" {
		bad.add("name", "is empty")
	}
	if c.Email != "" {
		if _, err := mail.ParseAddress(c.Email); err != nil {
			bad.add("email", "is no address")
		}
	}
	if in.Phones != nil {
		c.Phones = numbers(*in.Phones, bad)
	}
	if in.ResponsibleID != nil {
		c.Responsible = responsible
	}
	c.Phones = nonNil(c.Phones)
	c.UpdatedAt = now
	return c, bad.orNil()
}

// ChangeContract applies the given fields. Numbers are stored in E.164.
func ChangeContract(c client.Contract, in client.ContractInput, responsible *client.Person, now time.Time) (client.Contract, error) {
	bad := &Invalid{}
	set(&c.Number, in.Number)
	set(&c.Name, in.Name)
	set(&c.ClientID, in.ClientID)
	set(&c.Category, in.Category)
	set(&c.Group, in.Group)
	set(&c.SignedOn, in.SignedOn)
	set(&c.Note, in.Note)
	if c.Number == "" {
		bad.add("number", "is empty")
	}
	if c.Name == "" {
		bad.add("name", "is empty")
	}
	if c.SignedOn != "" {
		if _, err := time.Parse(time.DateOnly, c.SignedOn); err != nil {
			bad.add("signed_on", "a date like 2026-11-24 expected")
		}
	}
	if in.Phones != nil {
		c.Phones = numbers(*in.Phones, bad)
	}
	if in.ResponsibleID != nil {
		c.Responsible = responsible
	}
	c.Phones = nonNil(c.Phones)
	c.UpdatedAt = now
	return c, bad.orNil()
}

func numbers(typed []string, bad *Invalid) []string {
	var all []string
	for i, text := range typed {
		n, err := phone.Parse(text)
		if err != nil {
			bad.add(fmt.Sprintf("phones[%d]", i), err.Error())
			continue
		}
		if !slices.Contains(all, string(n)) {
			all = append(all, string(n))
		}
	}
	return all
}

func set(field *string, value *string) {
	if value != nil {
		*field = strings.TrimSpace(*value)
	}
}

func nonNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
