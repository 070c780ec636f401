package crm

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/texts"
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

// Input is what is to become of a card; what is absent stays as it is.
type Input struct {
	// Texts are the fields of plain text, by name.
	Texts map[string]*string
	// Phones are numbers in any spelling; PhoneList is the same with labels, and goes first.
	Phones    *[]string
	PhoneList *[]Phone
	Tags      *[]string
	// ResponsibleID is who shall look after the card: an employee's id, or empty for nobody.
	ResponsibleID *string
}

// Text is what a field is to become; nil: it stays.
func (in Input) Text(field string) *string { return in.Texts[field] }

// With is the input with one more field of plain text; nil takes it out.
func (in Input) With(field string, value *string) Input {
	texts := maps.Clone(in.Texts)
	if texts == nil {
		texts = map[string]*string{}
	}
	texts[field] = value
	in.Texts = texts
	return in
}

// Change applies the given fields to a card. Numbers are kept in E.164. *Invalid names every fault.
func Change(c Card, in Input, t Terms) (Card, error) {
	bad, out := &Invalid{}, c.Clone()
	for _, f := range Fields(c.Kind) {
		if f.Text != nil {
			clean := plaintext.Line
			if f.Lines {
				clean = plaintext.Text
			}
			set(f.Text(&out), in.Texts[f.Name], clean)
		}
	}
	if c.Kind == client.KindClient && out.ClientKind == "" {
		out.ClientKind = Lead
	}
	if out.Status == "" {
		out.Status = statuses[c.Kind][0]
	}
	for _, f := range Fields(c.Kind) {
		if fault := f.fault(out); !fault.IsZero() {
			bad.Add(f.Name, fault)
		}
	}
	if !slices.Contains(statuses[c.Kind], out.Status) {
		bad.Add(FieldStatus, texts.Of("fault.one_of", texts.Args{"values": strings.Join(statuses[c.Kind], ", ")}))
	}
	in.lists(&out, t, bad)
	if in.ResponsibleID != nil {
		out.Responsible = t.Responsible
	}
	out.UpdatedAt = t.Now
	return out, bad.OrNil()
}

// lists applies what is no plain text.
func (in Input) lists(out *Card, t Terms, bad *Invalid) {
	if in.Phones != nil || in.PhoneList != nil {
		list, err := inputPhones(t.Numbers, out.PhoneList, in.Phones, in.PhoneList)
		var invalid *Invalid
		if errors.As(err, &invalid) {
			bad.Faults = append(bad.Faults, invalid.Faults...)
		}
		out.PhoneList = list
	}
	if in.Tags != nil {
		out.Tags = readTags(*in.Tags, bad)
	}
	if out.PhoneList == nil {
		out.PhoneList = []Phone{}
	}
	if out.Tags == nil {
		out.Tags = []string{}
	}
}

func set(field *string, value *string, clean func(string) string) {
	if value != nil {
		*field = clean(*value)
	}
}
