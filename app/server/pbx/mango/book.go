package mango

import (
	"context"
	"fmt"

	"golang.org/x/time/rate"

	"dozvon/app/mango"
	"dozvon/app/phone"
	"dozvon/app/server/pbx"
)

// addressBook is the PBX's own address book, as far as its contacts are ours.
type addressBook struct {
	api       *client
	directory *directory
}

// BookBatch is how many contacts one write may hold.
func (b *addressBook) BookBatch() int { return mango.MaxBookBatch }

// Contacts lists ours page by page.
func (b *addressBook) Contacts(ctx context.Context, take func(pbx.Contact) error) (foreign int, err error) {
	who, err := b.directory.roster(ctx)
	if err != nil {
		return 0, err
	}
	var page mango.BookPage
	err = b.book(ctx, mango.PathBookInit, b.api.limits.bookRead, mango.BookInit{
		Limit: mango.MaxBookBatch, Order: []map[string]string{{"name": "asc"}}, ExtFields: true,
	}, &page)
	for seen := 0; err == nil; {
		for _, c := range page.Data {
			if !ours(c) {
				foreign++
				continue
			}
			if err := take(contactOf(c, who)); err != nil {
				return foreign, err
			}
		}
		seen += len(page.Data)
		if len(page.Data) == 0 || seen >= int(page.State.Info.Total) || page.State.Cursor == "" {
			return foreign, nil
		}
		next := mango.BookCursor{Cursor: page.State.Cursor, Mode: "next-page-1", ExtFields: true}
		page = mango.BookPage{}
		err = b.book(ctx, mango.PathBookCursor, b.api.limits.bookRead, next, &page)
	}
	return foreign, err
}

func ours(c mango.Contact) bool {
	for _, g := range c.Groups {
		if g.Name == bookGroup {
			return true
		}
	}
	return false
}

func contactOf(c mango.Contact, who roster) pbx.Contact {
	out := pbx.Contact{ID: string(c.ContactID), Name: string(c.Name), Responsible: who.extension[c.UserID]}
	for _, t := range c.Phones {
		digits := string(t.Digits)
		if digits == "" {
			digits = mango.Digits(string(t.Phone))
		}
		if n := number(digits); n != "" {
			out.Numbers = append(out.Numbers, n)
		}
	}
	return out
}

// PutContacts writes whole contacts: in an update, numbers whose ids are not repeated are deleted,
// which is what is wanted, since ours are known in full.
func (b *addressBook) PutContacts(ctx context.Context, all []pbx.Contact) ([]string, error) {
	who, err := b.directory.roster(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	var fresh, known []mango.Contact
	var freshAt []int
	for i, c := range all {
		w := wireContact(c, who)
		if c.ID != "" {
			known = append(known, w)
			ids[i] = c.ID
			continue
		}
		fresh, freshAt = append(fresh, w), append(freshAt, i)
	}
	if len(known) > 0 {
		var written mango.BookWritten
		if err := b.book(ctx, mango.PathBookUpdate, b.api.limits.bookWrite, mango.BookWrite{Data: known}, &written); err != nil {
			return nil, err
		}
	}
	if len(fresh) == 0 {
		return ids, nil
	}
	created, err := b.create(ctx, fresh)
	for i, at := range freshAt {
		if err == nil {
			ids[at] = created[i]
		}
	}
	return ids, err
}

// create tells the new ids in the order of the contacts. The answer is keyed by id, so each is
// found again by its name and numbers.
func (b *addressBook) create(ctx context.Context, fresh []mango.Contact) ([]string, error) {
	var written mango.BookWritten
	// Two of our cards may well have one name and number; a duplicate skipped silently would
	// leave one of them without its contact.
	err := b.book(ctx, mango.PathBookCreate, b.api.limits.bookWrite, mango.BookWrite{Data: fresh, OnError: "duplicate"}, &written)
	if err != nil {
		return nil, err
	}
	byContent := map[string][]string{}
	for id, c := range written.Data {
		byContent[content(c)] = append(byContent[content(c)], string(id))
	}
	ids := make([]string, len(fresh))
	for i, c := range fresh {
		if same := byContent[content(c)]; len(same) > 0 {
			ids[i], byContent[content(c)] = same[0], same[1:]
		}
	}
	return ids, nil
}

func content(c mango.Contact) string {
	key := string(c.Name)
	for _, t := range c.Phones {
		key += "\x00" + mango.Digits(string(t.Phone))
	}
	return key
}

func wireContact(c pbx.Contact, who roster) mango.Contact {
	w := mango.Contact{
		ContactID: mango.Text(c.ID), Name: mango.Text(c.Name), UserID: who.user[c.Responsible],
		Groups: []mango.ContactGroup{{Name: bookGroup}},
	}
	for i, n := range c.Numbers {
		w.Phones = append(w.Phones, mango.ContactPhone{Type: phoneType(n), Phone: mango.Text(n.Digits()), IsDefault: i == 0})
	}
	return w
}

// phoneType: Russian mobiles begin with 79; of other countries it is not told.
func phoneType(n phone.Number) mango.Int {
	if d := n.Digits(); len(d) == 11 && d[:2] == "79" {
		return mango.PhoneMobile
	}
	return mango.PhoneOther
}

// DropContacts removes contacts of ours.
func (b *addressBook) DropContacts(ctx context.Context, ids []string) error {
	in := mango.BookDelete{}
	for _, id := range ids {
		in.Data = append(in.Data, mango.Text(id))
	}
	return b.book(ctx, mango.PathBookDelete, b.api.limits.bookWrite, in, nil)
}

// book sends one request about the address book. Writing twice writes the same, except for
// creating: that one must not be repeated by itself.
func (b *addressBook) book(ctx context.Context, path string, limit *rate.Limiter, in, out any) error {
	needs := ""
	if path == mango.PathBookInit || path == mango.PathBookCursor {
		needs = "data" // a page without it is not an empty one: everything would be written once more
	}
	err := b.api.do(ctx, request{
		path: path, in: in, out: out, needs: needs, limit: limit,
		harmless: path != mango.PathBookCreate, automatic: true, background: true,
	})
	if err != nil {
		return fmt.Errorf("the PBX's address book: %w", err)
	}
	return nil
}
