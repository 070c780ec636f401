package crm

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/client"
)

// What became of a card, as its history tells it. The words are fixed: they stand in the database and
// on the wire.
const (
	ActionCreated  = "created"
	ActionChanged  = "changed"
	ActionDeleted  = "deleted"
	ActionRestored = "restored"
	ActionMerged   = "merged"
	ActionUndone   = "undone"
	// ActionImported and ActionSynced are what a file or another CRM did.
	ActionImported = "imported"
	ActionSynced   = "synced"
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

// statuses of each kind; the first is a new card's.
var statuses = map[client.SubjectKind][]string{
	client.KindClient:   {client.StatusNew, client.StatusContacted, client.StatusThinking, client.StatusEnrolled, client.StatusRefused},
	client.KindContract: {client.StatusActive, client.StatusFinished, client.StatusCancelled},
}

// Statuses lists the statuses of a kind of card; the first is a new card's.
func Statuses(kind client.SubjectKind) []string { return slices.Clone(statuses[kind]) }

// Terms are what a change of a card is made under.
type Terms struct {
	// Numbers reads the telephones of the input.
	Numbers phone.Reader
	// Responsible looks after the card, when the input names somebody; nil: nobody.
	Responsible *client.Person
	Now         time.Time
}

// ChangeClient applies the given fields. Numbers are stored in E.164.
func ChangeClient(c client.Client, in client.ClientInput, t Terms) (client.Client, error) {
	bad := &Invalid{}
	set(&c.Kind, in.Kind)
	set(&c.Email, in.Email)
	if c.Kind == "" {
		c.Kind = Lead
	}
	if c.Kind != Lead && c.Kind != Client {
		bad.add("kind", "lead or client expected")
	}
	shared := sharedInput{in.Name, in.Note, in.Status, in.ExternalID, in.Phones, in.PhoneList, in.Tags, in.ResponsibleID != nil}
	card := OfRecord(c, 0)
	shared.apply(card, t, bad)
	if c.Email != "" {
		if _, err := mail.ParseAddress(c.Email); err != nil {
			bad.add("email", "is no address")
		}
	}
	return *card.Client, bad.orNil()
}

// ChangeContract applies the given fields. Numbers are stored in E.164.
func ChangeContract(c client.Contract, in client.ContractInput, t Terms) (client.Contract, error) {
	bad := &Invalid{}
	set(&c.Number, in.Number)
	set(&c.ClientID, in.ClientID)
	set(&c.Category, in.Category)
	set(&c.Group, in.Group)
	set(&c.SignedOn, in.SignedOn)
	if c.Number == "" {
		bad.add("number", "is empty")
	}
	if c.SignedOn != "" {
		if _, err := time.Parse(time.DateOnly, c.SignedOn); err != nil {
			bad.add("signed_on", "a date like 2026-11-24 expected")
		}
	}
	shared := sharedInput{in.Name, in.Note, in.Status, in.ExternalID, in.Phones, in.PhoneList, in.Tags, in.ResponsibleID != nil}
	card := OfRecord(c, 0)
	shared.apply(card, t, bad)
	return *card.Contract, bad.orNil()
}

// sharedInput is what an input may change on either kind of card.
type sharedInput struct {
	name, note, status, externalID *string
	phones                         *[]string
	list                           *[]client.Phone
	tags                           *[]string
	setResponsible                 bool
}

func (in sharedInput) apply(card Card, t Terms, bad *Invalid) {
	f := card.common()
	set(f.name, in.name)
	set(f.note, in.note)
	set(f.status, in.status)
	set(f.externalID, in.externalID)
	if *f.name == "" {
		bad.add("name", "is empty")
	}
	if *f.status == "" {
		*f.status = statuses[card.Kind][0]
	}
	if !slices.Contains(statuses[card.Kind], *f.status) {
		bad.add("status", "one of "+strings.Join(statuses[card.Kind], ", ")+" expected")
	}
	if in.phones != nil || in.list != nil {
		list, err := inputPhones(t.Numbers, *f.list, in.phones, in.list)
		var invalid *Invalid
		if errors.As(err, &invalid) {
			bad.Faults = append(bad.Faults, invalid.Faults...)
		}
		*f.list = list
	}
	if in.tags != nil {
		*f.tags = readTags(*in.tags, bad)
	}
	if in.setResponsible {
		*f.responsible = t.Responsible
	}
	if *f.list == nil {
		*f.list = []client.Phone{}
	}
	if *f.tags == nil {
		*f.tags = []string{}
	}
	*f.phones, *f.updated = Numbers(*f.list), t.Now
}

func set(field *string, value *string) {
	if value != nil {
		*field = strings.TrimSpace(*value)
	}
}
