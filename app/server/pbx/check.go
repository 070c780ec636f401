package pbx

import (
	"context"

	"dozvon/app/bilingual"
)

// Checker tries out everything of an account that can be tried, and says in its own cabinet's
// words what to do about what does not work.
type Checker interface {
	Check(ctx context.Context, f CheckFacts) []Finding
	// Switch tells which switch in the cabinet is off when the stage of a connectivity test stayed grey:
	// "command", "webhook", "signature".
	Switch(stage string) bilingual.Text
}

// AddressBook keeps contacts in the PBX's own book, in one group of ours.
type AddressBook interface {
	// Contacts lists ours, and counts everybody else's.
	Contacts(ctx context.Context, take func(Contact) error) (foreign int, err error)
	// PutContacts creates those without an id and changes the others. It returns their ids in
	// order; an empty one was refused as a duplicate.
	PutContacts(ctx context.Context, all []Contact) ([]string, error)
	// DropContacts removes ours by id.
	DropContacts(ctx context.Context, ids []string) error
	// BookBatch is how many one write may hold.
	BookBatch() int
}
