package addressbook

import (
	"context"
	"slices"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// adopt looks through our group of the PBX's book: a contact that was written just before a crash
// is taken over by its card, one that belongs to no card any more is removed.
func (k *Keeper) adopt(ctx context.Context, integration *directory.Integration, book pbx.AddressBook) error {
	rows, err := k.Store.Addressbook(ctx, integration.ID)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	byContent := map[string][]store.AddressbookRow{}
	for _, row := range rows {
		known[row.ContactID] = row.ContactID != ""
		if row.ContactID != "" {
			continue
		}
		c, err := k.contact(ctx, integration, row.SubjectRef)
		if err != nil {
			return err
		}
		key := sameContact(c)
		byContent[key] = append(byContent[key], row)
	}
	there := map[string]bool{}
	var orphans []string
	var taken []store.AddressbookRow
	_, err = book.Contacts(ctx, func(c pbx.Contact) error {
		there[c.ID] = true
		if known[c.ID] {
			return nil
		}
		same := byContent[sameContact(c)]
		if len(same) == 0 {
			orphans = append(orphans, c.ID)
			return nil
		}
		row := same[0]
		byContent[sameContact(c)] = same[1:]
		row.ContactID, row.Digest = c.ID, digestOf(c)
		taken = append(taken, row)
		return nil
	})
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(orphans, book.BookBatch()) {
		if err := book.DropContacts(ctx, batch); err != nil {
			return err
		}
	}
	return k.Store.Write(ctx, func(tx *store.Tx) error {
		for _, row := range taken {
			if err := tx.AddressbookWritten(integration.ID, row); err != nil {
				return err
			}
		}
		// Somebody removed it in the cabinet: it is ours to keep, so it is written anew.
		for _, row := range rows {
			if row.ContactID != "" && !there[row.ContactID] {
				if err := tx.ForgetContact(integration.ID, row.SubjectRef); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func sameContact(c pbx.Contact) string {
	key := c.Name
	for _, n := range c.Numbers {
		key += "\x00" + string(n)
	}
	return key
}
