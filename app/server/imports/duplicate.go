package imports

import (
	"errors"
	"slices"
	"time"

	"dozvon/app/server/crm"
	"dozvon/client"
)

// Rule says what a row does to a card that is there already.
type Rule string

// The rules.
const (
	Skip   Rule = "skip"   // the card stays as it is, the row goes to the report
	Update Rule = "update" // the card takes what the row says
	Add    Rule = "add"    // a second card is made
)

// Rules are all of them.
var Rules = []Rule{Skip, Update, Add}

// Key is what two rows, or a row and a card, may have in common.
type Key struct {
	What  Field // ExternalID, Number or Phone
	Value string
}

// Keys are what a duplicate of the row is known by, the surest first.
func (d Draft) Keys() []Key {
	var keys []Key
	add := func(what Field, v *string) {
		if v != nil && *v != "" {
			keys = append(keys, Key{what, *v})
		}
	}
	if d.Kind == client.KindContract {
		add(ExternalID, d.Contract.ExternalID)
		add(Number, d.Contract.Number)
	} else {
		add(ExternalID, d.Client.ExternalID)
	}
	for _, n := range d.Numbers {
		keys = append(keys, Key{Phone, n})
	}
	return keys
}

// Other tells that the card is another one although something is the same: a mother's number on
// the contracts of two children. A number of a contract and an id of another CRM are each one
// card's own; where both have one and they differ, a telephone in common means nothing.
func (d Draft) Other(card crm.Card) bool {
	differ := func(mine *string, its string) bool {
		return mine != nil && *mine != "" && its != "" && *mine != its
	}
	if c := card.Contract; c != nil {
		return differ(d.Contract.Number, c.Number) || differ(d.Contract.ExternalID, c.ExternalID)
	}
	return differ(d.Client.ExternalID, card.Client.ExternalID)
}

// Card makes the row's card: a new one when before is nil, else before with what the row says.
// Telephones and tags are added to those that the card has.
func (d Draft) Card(before *crm.Card, id string, responsible *client.Person, now time.Time) (crm.Card, error) {
	var list []client.Phone
	var tags []string
	if before != nil {
		list, tags = slices.Clone(before.PhoneList()), slices.Clone(before.Tags())
	}
	list, tags = append(list, d.Phones...), append(tags, d.Tags...)
	chosen := ""
	in := d
	if responsible != nil {
		chosen = responsible.ID
		in.Contract.ResponsibleID, in.Client.ResponsibleID = &chosen, &chosen
	}
	terms := crm.Terms{Numbers: d.reader, Responsible: responsible, Now: now}
	version := int64(1)
	if before != nil {
		version = before.Version + 1
	}
	if d.Kind == client.KindContract {
		was := client.Contract{ID: id, CreatedAt: now}
		if before != nil {
			was = *before.Clone().Contract
		}
		in.Contract.PhoneList, in.Contract.Tags = &list, &tags
		c, err := crm.ChangeContract(was, in.Contract, terms)
		return crm.OfRecord(c, version), err
	}
	was := client.Client{ID: id, CreatedAt: now}
	if before != nil {
		was = *before.Clone().Client
	}
	if before != nil && !d.named {
		in.Client.Name = nil
	}
	in.Client.PhoneList, in.Client.Tags = &list, &tags
	c, err := crm.ChangeClient(was, in.Client, terms)
	return crm.OfRecord(c, version), err
}

// Faults are the words of what the rules of cards refuse.
func Faults(err error) ([]Words, bool) {
	var invalid *crm.Invalid
	if !errors.As(err, &invalid) {
		return nil, false
	}
	var all []Words
	for _, f := range invalid.Faults {
		all = append(all, Words{RU: f, EN: f})
	}
	return all, true
}
