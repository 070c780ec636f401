// Package entry is what the feed holds: one row of all that happened. It knows who an entry concerns
// as a card or an employee is named, and neither a database nor the API's form of it.
package entry

import (
	"time"

	"dozvon/app/server/call"
	"dozvon/client"
)

// Type is what an entry tells of. The words are fixed: they stand in the database and on the wire.
type Type string

// Types; a call has exactly one entry.
const (
	CallIn          Type = "call_in"
	CallMissed      Type = "call_missed"
	CallOut         Type = "call_out"
	Note            Type = "note"
	SMS             Type = "sms"
	ClientCreated   Type = "client_created"
	ContractCreated Type = "contract_created"
)

// Types are all of them.
func Types() []Type {
	return []Type{CallIn, CallMissed, CallOut, Note, SMS, ClientCreated, ContractCreated}
}

// OfCall tells whether it is a call's entry.
func (t Type) OfCall() bool { return t == CallIn || t == CallMissed || t == CallOut }

// Entry is one row of the feed.
type Entry struct {
	ID    string
	Type  Type
	At    time.Time
	Phone string // the outside party, E.164 where it could be read
	// Subject is whose it is: read from the database a mere pointer, kind and id, until it is attached.
	Subject *client.Subject
	// ByHand says that a person chose whose it is; Shared that the number is on the card whose feed is
	// read, too, but the entry belongs to Subject.
	ByHand, Shared             bool
	Employee                   *client.Person
	Description, DescriptionEN string

	Result             call.Result
	Source, SourceName string // the kind of PBX and how the feed names it
	CallID             string
	Line               string // ours
	// TalkSeconds, WaitSeconds and AnswerSeconds are how long people talked, how long a caller waited in
	// vain, and how long it rang before somebody answered; nil: it did not come to that.
	TalkSeconds, WaitSeconds, AnswerSeconds *int
	Recording                               *Recording
	Recordings                              []Part
	// Flags stand in the recordings. They are kept beside the entry, and attached on the way out.
	Flags    []Flag
	Restored bool // the PBX's statistics told of it, no webhook had
	// Settled names who talked with a missed caller later, if anyone did.
	Settled *Settled
	Outcome string // what a call came to

	EditedAt *time.Time // of a note whose text was changed: when last
	Delivery Delivery   // of a message: how far it has come
	// Why says who decided what, and by which rule.
	Why, WhyEN string
}

// Recording sums up a call's recordings.
type Recording struct {
	Ready   bool
	Seconds int // when known
}

// Part is one of a call's recordings, counted from 1.
type Part struct {
	Part      int
	Ready     bool
	Gone      bool // the PBX has deleted it
	Seconds   int
	Extension string
	Employee  *client.Person
}

// Settled tells which later conversation closed a missed call.
type Settled struct {
	By     *client.Person
	At     time.Time
	CallID string
}

// Delivery is how far a message has come.
type Delivery string

// States of a message.
const (
	Sending   Delivery = "sending"
	Sent      Delivery = "sent"
	Delivered Delivery = "delivered"
	Failed    Delivery = "failed"
)

// Flag marks a moment of one of a call's recordings, or a part of it, with a word. From and To are places in
// the recording; of a moment they are the same.
type Flag struct {
	ID       string
	Part     int // which recording, counted from 1
	From, To time.Duration
	Word     string
	By       *client.Person
	At       time.Time
}

// Same tells whether another flag says the same of the same: word, place and author.
func (f Flag) Same(other Flag) bool {
	return f.Part == other.Part && f.From == other.From && f.To == other.To && f.Word == other.Word &&
		f.By != nil && other.By != nil && f.By.ID == other.By.ID
}
