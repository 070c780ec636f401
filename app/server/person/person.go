// Package person answers what a person may ask of a school by 152-FZ: what it keeps about them (article 14), and
// that it be erased (article 21). A person is a client with his contracts, a contract, or a number that stands in
// no card. It decides what belongs to whom and what stays for the school's figures; how rows are read and written
// is the store's affair, how files of recordings are named that of their folder.
package person

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/directory"
	"dozvon/app/server/recordings"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Service gives out what is kept about a person, and erases it. The exported fields are required but the last two. Safe
// for concurrent use; two erasures at once are one after the other's steps.
type Service struct {
	Store     *store.Store
	Audit     *audit.Log
	Sealer    *access.Sealer
	Directory *directory.Directory
	Calls     Calls
	Imports   Imports
	Index     Index
	// Recordings is where this node keeps its recordings.
	Recordings recordings.Folder
	// Node is this process among all that share the database.
	Node  string
	Now   func() time.Time
	NewID func() string

	// Alone: no server works on the database now, so that its file may be rewritten.
	Alone bool
	// Between is called after each step of an erasure; an error breaks it off there. Tests use it.
	Between func(step string) error
}

// Calls gives the calls of numbers to whom they belong.
type Calls interface {
	RebindQuietly(tx *store.Tx, numbers []string) error
}

// Imports keeps the files of imports.
type Imports interface {
	// Forget drops the imports whose files tell of somebody, and those whose files lie elsewhere.
	Forget(ctx context.Context, tells func(text string) bool) (int, error)
}

// Index is the full-text index.
type Index interface {
	// Index takes in all that has changed.
	Index(ctx context.Context) error
}

// Person is whom it is about.
type Person struct {
	// Asked is how the person was named: "client:ID", "contract:ID", or "number".
	Asked string
	// Cards are the one that was asked for, those that were merged into it, and a client's contracts.
	Cards []crm.Card
	// Numbers stand in no other living card; those in Shared do, and belong to both.
	Numbers, Shared []phone.Number
}

// Holding is by what the person's data are found.
func (p Person) Holding() store.Holding {
	h := store.Holding{Numbers: p.Numbers}
	for _, c := range p.Cards {
		h.Cards = append(h.Cards, c.Ref())
	}
	return h
}

// has tells whether a card is the person's.
func (p Person) has(ref client.SubjectRef) bool {
	return slices.ContainsFunc(p.Cards, func(c crm.Card) bool { return c.Ref() == ref })
}

var (
	// ErrUnknown says that a person is named in a way that nobody can be.
	ErrUnknown = errors.New("a person is client:ID, contract:ID or a telephone number")
	// ErrNothing says that nothing is kept.
	ErrNothing = errors.New("nothing is kept about this person")
)

// Several says that a number stands in more cards than one.
type Several struct{ Cards []crm.Card }

func (s *Several) Error() string {
	var all []string
	for _, c := range s.Cards {
		about := c.Name
		if c.Kind == client.KindContract {
			about = "№ " + c.Number + " " + c.Name
		}
		if c.Deleted() {
			about += ", deleted"
		}
		all = append(all, fmt.Sprintf("%s:%s (%s)", c.Kind, c.ID, about))
	}
	return "several cards have this number: " + strings.Join(all, ", ") + "; name one of them instead of the number"
}

// find tells who a word means. *Several, ErrUnknown, store.ErrNotFound for a card that is not there.
func find(r store.PersonReader, word string, numbers phone.Reader) (Person, error) {
	kind, id, named := strings.Cut(word, ":")
	if named && (kind == string(client.KindClient) || kind == string(client.KindContract)) {
		card, err := r.Card(client.SubjectRef{Kind: client.SubjectKind(kind), ID: id})
		if err != nil {
			return Person{}, err
		}
		return whole(r, card)
	}
	number, err := numbers.Parse(word)
	if err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return ofNumber(r, number)
}

// ofNumber is the person whose card has a number, or who is a number alone.
func ofNumber(r store.PersonReader, number phone.Number) (Person, error) {
	found, err := r.Owners(number)
	if err != nil {
		return Person{}, err
	}
	deleted, err := r.DeletedWith(number)
	if err != nil {
		return Person{}, err
	}
	for _, c := range deleted {
		if c, err = survivor(r, c); err != nil {
			return Person{}, err
		}
		if !slices.ContainsFunc(found, func(had crm.Card) bool { return had.Ref() == c.Ref() }) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return Person{Asked: "number", Numbers: []phone.Number{number}}, nil
	case 1:
		return whole(r, found[0])
	}
	return Person{}, &Several{Cards: found}
}

// survivor is the card that took a merged one over.
func survivor(r store.PersonReader, c crm.Card) (crm.Card, error) {
	seen := map[client.SubjectRef]bool{}
	for c.MergedInto != nil && !seen[c.Ref()] {
		seen[c.Ref()] = true
		next, err := r.Card(*c.MergedInto)
		if errors.Is(err, store.ErrNotFound) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		c = next
	}
	return c, nil
}

// whole is all of the person that a card is of.
func whole(r store.PersonReader, card crm.Card) (Person, error) {
	card, err := survivor(r, card)
	if err != nil {
		return Person{}, err
	}
	p := Person{Asked: audit.CardTarget(card.Ref()), Cards: []crm.Card{card}}
	for i := 0; i < len(p.Cards); i++ {
		c := p.Cards[i]
		more, err := r.MergedInto(c.Ref())
		if err != nil {
			return p, err
		}
		if c.Kind == client.KindClient {
			contracts, err := r.ContractsOf(c.ID)
			if err != nil {
				return p, err
			}
			more = append(more, contracts...)
		}
		for _, m := range more {
			if !p.has(m.Ref()) {
				p.Cards = append(p.Cards, m)
			}
		}
	}
	return p, p.partNumbers(r)
}

// partNumbers tells the numbers that are the person's alone from those that stand in others' cards, too.
func (p *Person) partNumbers(r store.PersonReader) error {
	for _, c := range p.Cards {
		for _, text := range crm.Numbers(c.PhoneList) {
			number := phone.Number(text)
			if slices.Contains(p.Numbers, number) || slices.Contains(p.Shared, number) {
				continue
			}
			owners, err := r.Owners(number)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(owners, func(o crm.Card) bool { return !p.has(o.Ref()) }) {
				p.Shared = append(p.Shared, number)
				continue
			}
			p.Numbers = append(p.Numbers, number)
		}
	}
	return nil
}

// Find tells who a word means: client:ID, contract:ID, or a number. *Several names the cards that a number could
// mean.
func (s *Service) Find(ctx context.Context, word string) (Person, error) {
	return find(s.Store.Person(ctx), word, s.Directory.Numbers())
}
