// Package addressbook is the address book of Mango's practice PBX, with the requests that read and write it
// (reference, section 3.9).
package addressbook

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"dozvon/app/mango"
)

// Book is contacts and their groups, in the order they came.
type Book struct {
	changed func(action string, data any)

	mu       sync.Mutex // guards what follows
	lastID   int64
	contacts []mango.Contact
	groups   []mango.ContactGroup
	cursors  map[mango.Text]*cursor
}

// firstID is what the ids of contacts, telephones and groups grow from.
const firstID = 10433900

// New returns a book with contacts; changed is told what a request did to it, "new", "updated" or
// "deleted", with the contacts or, of those deleted, their ids.
func New(contacts []mango.Contact, changed func(action string, data any)) *Book {
	b := &Book{changed: changed, lastID: firstID, cursors: map[mango.Text]*cursor{}}
	for _, contact := range contacts {
		b.insert(contact)
	}
	return b
}

// Contacts returns the address book, as it stands.
func (b *Book) Contacts() []mango.Contact {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]mango.Contact, 0, len(b.contacts))
	for _, c := range b.contacts {
		list = append(list, cloneContact(c))
	}
	return list
}

func cloneContact(c mango.Contact) mango.Contact {
	c.Phones, c.Groups = slices.Clone(c.Phones), slices.Clone(c.Groups)
	return c
}

func (b *Book) nextID() mango.Text {
	b.lastID++
	return mango.Text(strconv.FormatInt(b.lastID, 10))
}

// insert stores a new contact and returns it with its ids. The caller holds mu, or owns b alone.
func (b *Book) insert(c mango.Contact) mango.Contact {
	c = cloneContact(c)
	c.ContactID = b.nextID()
	for i := range c.Phones {
		c.Phones[i].PhoneID = ""
	}
	b.fill(&c)
	b.contacts = append(b.contacts, c)
	return cloneContact(c)
}

// fill gives new telephones their ids and digits, and turns the names of groups into groups,
// making those that are not there yet. The caller holds mu.
func (b *Book) fill(c *mango.Contact) {
	for i := range c.Phones {
		if c.Phones[i].PhoneID == "" {
			c.Phones[i].PhoneID = b.nextID()
		}
		c.Phones[i].Digits = mango.Text(mango.Digits(string(c.Phones[i].Phone)))
	}
	for i, g := range c.Groups {
		c.Groups[i] = b.group(g)
	}
}

func (b *Book) group(g mango.ContactGroup) mango.ContactGroup {
	for _, known := range b.groups {
		if g.GroupID != "" && g.GroupID == known.GroupID || g.GroupID == "" && g.Name == known.Name {
			return known
		}
	}
	g.GroupID = b.nextID()
	b.groups = append(b.groups, g)
	return g
}

// duplicate reports whether the book has a contact of the same name and numbers. The caller holds mu.
func (b *Book) duplicate(c mango.Contact) bool {
	return slices.ContainsFunc(b.contacts, func(known mango.Contact) bool {
		return known.Name == c.Name && slices.Equal(numbersOf(known), numbersOf(c))
	})
}

// numbersOf are a contact's numbers as a set: sorted digits, each once.
func numbersOf(c mango.Contact) []string {
	var list []string
	for _, p := range c.Phones {
		list = append(list, mango.Digits(string(p.Phone)))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// change applies an update: an empty name or comment stays, a list that is named replaces the
// old one, and groups not named are left. It reports false for an unknown contact, or a telephone
// whose id is none of his. The caller holds mu.
func (b *Book) change(c mango.Contact) (mango.Contact, bool) {
	i := slices.IndexFunc(b.contacts, func(known mango.Contact) bool { return known.ContactID == c.ContactID })
	if i < 0 {
		return mango.Contact{}, false
	}
	next := cloneContact(b.contacts[i])
	for _, p := range c.Phones {
		theirs := func(known mango.ContactPhone) bool { return known.PhoneID == p.PhoneID }
		if p.PhoneID != "" && !slices.ContainsFunc(next.Phones, theirs) {
			return mango.Contact{}, false
		}
	}
	if c.Name != "" {
		next.Name = c.Name
	}
	if c.Comment != "" {
		next.Comment = c.Comment
	}
	if c.UserID != 0 {
		next.UserID = c.UserID
	}
	// The reference: "fields not named stay; but a phone whose id is not repeated is deleted, and
	// groups not named lose their link". A request without phones so deletes them all (inferred).
	next.Phones, next.Groups = slices.Clone(c.Phones), slices.Clone(c.Groups)
	b.fill(&next)
	b.contacts[i] = next
	return cloneContact(next), true
}

// matches reports whether a query is part of the contact's name or of one of its numbers.
func matches(c mango.Contact, query string) bool {
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" || strings.Contains(strings.ToLower(string(c.Name)), query) {
		return true
	}
	return slices.ContainsFunc(c.Phones, func(p mango.ContactPhone) bool {
		return strings.Contains(string(p.Digits), query) || strings.Contains(string(p.Phone), query)
	})
}
