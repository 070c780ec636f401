package addressbook

import (
	"context"
	"fmt"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// planExamples bounds the names that a dry run gives.
const planExamples = 10

// Plan tells what writing the address book would change, without writing.
func (k *Keeper) Plan(ctx context.Context, id string) (client.BookPlan, error) {
	plan := client.BookPlan{Examples: []string{}}
	found := k.Directory.Snapshot().Integration(id)
	if found == nil {
		return plan, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	book, ok := found.Provider.(pbx.AddressBook)
	if !ok {
		return plan, directory.ErrNoIntegration
	}
	t := *found // as it would be with the switch on
	t.AddressBook = true
	ours := 0
	foreign, err := book.Contacts(ctx, func(pbx.Contact) error { ours++; return nil })
	if err != nil {
		return plan, err
	}
	plan.Foreign = foreign
	rows, err := k.Store.Addressbook(ctx, id)
	if err != nil {
		return plan, err
	}
	written := map[client.SubjectRef]store.AddressbookRow{}
	for _, row := range rows {
		written[row.SubjectRef] = row
	}
	kept := 0
	err = k.eachCard(ctx, func(ref client.SubjectRef) error {
		c, err := k.contact(ctx, &t, ref)
		if err != nil || len(c.Numbers) == 0 {
			return err
		}
		row := written[ref]
		switch {
		case row.ContactID == "":
			plan.Create++
			if len(plan.Examples) < planExamples {
				plan.Examples = append(plan.Examples, c.Name)
			}
			return nil
		case row.Digest != digestOf(c):
			plan.Update++
		}
		kept++
		return nil
	})
	plan.Delete = max(ours-kept, 0)
	return plan, err
}

// cardsPage is how many cards are read at once.
const cardsPage = 500

func (k *Keeper) eachCard(ctx context.Context, take func(client.SubjectRef) error) error {
	for _, kind := range []client.SubjectKind{client.KindContract, client.KindClient} {
		at := &store.Start
		for at != nil {
			page, next, err := k.Store.CardPage(ctx, kind, store.CardFilter{}, *at, cardsPage)
			if err != nil {
				return err
			}
			for _, c := range page {
				if err := take(c.Ref()); err != nil {
					return err
				}
			}
			at = next
		}
	}
	return nil
}
