package run

import (
	"context"
	"slices"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/client"
)

// knownCards are our cards by what a row may be known by.
type knownCards map[imports.Key][]crm.Card

func (r *Runner) knownCards(ctx context.Context, kind client.SubjectKind, drafts []imports.Draft) (knownCards, error) {
	known := knownCards{}
	wanted := map[imports.Field][]string{}
	for _, d := range drafts {
		for _, k := range d.Sure() {
			wanted[k.What] = append(wanted[k.What], k.Value)
		}
		if !d.NumbersOwn() {
			wanted[imports.Phone] = append(wanted[imports.Phone], d.Numbers...)
		}
	}
	for what, values := range wanted {
		var cards []crm.Card
		var err error
		if what == imports.Phone {
			cards, err = r.Store.CardsOfPhones(ctx, kind, values)
		} else {
			cards, err = r.Store.CardsKnownBy(ctx, kind, string(what), values)
		}
		if err != nil {
			return nil, err
		}
		// The newest first, as a lookup has it.
		slices.SortFunc(cards, func(a, b crm.Card) int { return b.CreatedAt.Compare(a.CreatedAt) })
		for _, c := range cards {
			for _, k := range keysOf(c, what) {
				known[k] = append(known[k], c)
			}
		}
	}
	return known, nil
}

func keysOf(c crm.Card, what imports.Field) []imports.Key {
	switch what {
	case imports.Phone:
		var keys []imports.Key
		for _, n := range c.Numbers() {
			keys = append(keys, imports.Key{What: what, Value: n})
		}
		return keys
	case imports.Number:
		return []imports.Key{{What: what, Value: c.Number}}
	}
	return []imports.Key{{What: what, Value: c.ExternalID}}
}

// peopleByName finds employees by their whole name, and by the last name where only one has it.
func (r *Runner) peopleByName(ctx context.Context) (map[string]client.Person, error) {
	all, err := r.Store.Employees(ctx)
	if err != nil {
		return nil, err
	}
	names, last := map[string]client.Person{}, map[string][]client.Person{}
	for _, e := range all {
		p := client.Person{ID: e.ID, Name: e.Name}
		names[crm.Fold(e.Name)] = p
		if parts := strings.Fields(crm.Fold(e.Name)); len(parts) > 0 {
			last[parts[0]] = append(last[parts[0]], p)
		}
	}
	for name, people := range last {
		if _, taken := names[name]; !taken && len(people) == 1 {
			names[name] = people[0]
		}
	}
	return names, nil
}

// people are our cards by what else a person is known by: a name with an address, and, of those who have
// no number, the name alone. Neither has an index, so that they are looked through once, when a file
// first has such a row.
type people map[imports.Key][]string // ids

func (j *job) peopleOf(ctx context.Context) (people, error) {
	all := people{}
	start := store.Start
	for c := &start; c != nil; {
		if err := j.beat(ctx); err != nil {
			return nil, err
		}
		cards, next, err := j.runner.Store.CardPage(ctx, j.kind, store.CardFilter{}, *c, peoplePage)
		if err != nil {
			return nil, err
		}
		for _, card := range cards {
			for _, k := range imports.CardKeys(card) {
				if k.What == imports.Person && !slices.ContainsFunc(card.Numbers(), func(n string) bool { return imports.PersonKey(card.Name, n) == k }) {
					all[k] = append(all[k], card.Ref().ID)
				}
			}
		}
		c = next
	}
	return all, nil
}

// peoplePage is how many cards are looked through at once.
const peoplePage = 1000
