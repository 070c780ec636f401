package model

import (
	"slices"
	"strings"
	"time"

	"dozvon/client"
)

// Statuses of each kind of card, as the server takes them, in the order in which people go
// through them.
var (
	clientStatuses   = []string{client.StatusNew, client.StatusContacted, client.StatusThinking, client.StatusEnrolled, client.StatusRefused}
	contractStatuses = []string{client.StatusActive, client.StatusFinished, client.StatusCancelled}
)

// Statuses lists the statuses of a kind of card; the first is a new card's.
func Statuses(kind client.SubjectKind) []string {
	if kind == client.KindContract {
		return slices.Clone(contractStatuses)
	}
	return slices.Clone(clientStatuses)
}

// The kinds of a client's card.
const (
	Lead   = "lead"
	Client = "client"
)

// CardFields are what a person may write into the card of a client or contract. The zero value of
// a field is an empty one.
type CardFields struct {
	Lead          string // of a client: Lead or Client
	Name          string
	Phones        []client.Phone
	Email         string
	Note          string
	Status        string
	Tags          []string
	ResponsibleID string
	// Of a contract.
	ClientID, Number, Category, Group, SignedOn string
}

// ContractField is a line that a contract has beside the fields of every card.
type ContractField struct {
	Name string // in the API; people call it by the text crd.f_NAME
	Day  bool   // a day, YYYY-MM-DD
	// Titled says that the heading of a contract's card tells it.
	Titled bool
	// At is where it stands among the fields.
	At   func(*CardFields) *string
	of   func(*client.Contract) *string
	into func(*client.ContractInput) **string
}

// contractFields stand in the order of the form, two beside each other.
var contractFields = []ContractField{
	{
		Name: "number", Titled: true,
		At:   func(f *CardFields) *string { return &f.Number },
		of:   func(c *client.Contract) *string { return &c.Number },
		into: func(in *client.ContractInput) **string { return &in.Number },
	},
	{
		Name: "signed_on", Day: true,
		At:   func(f *CardFields) *string { return &f.SignedOn },
		of:   func(c *client.Contract) *string { return &c.SignedOn },
		into: func(in *client.ContractInput) **string { return &in.SignedOn },
	},
	{
		Name: "category", Titled: true,
		At:   func(f *CardFields) *string { return &f.Category },
		of:   func(c *client.Contract) *string { return &c.Category },
		into: func(in *client.ContractInput) **string { return &in.Category },
	},
	{
		Name: "group", Titled: true,
		At:   func(f *CardFields) *string { return &f.Group },
		of:   func(c *client.Contract) *string { return &c.Group },
		into: func(in *client.ContractInput) **string { return &in.Group },
	},
}

// ContractFields are the lines that a contract has of its own: forms, cards and histories show them as
// they stand here.
func ContractFields() []ContractField { return slices.Clone(contractFields) }

// IsDay tells whether a field, by its name in the API, holds a day.
func IsDay(name string) bool {
	return slices.ContainsFunc(contractFields, func(f ContractField) bool { return f.Day && f.Name == name })
}

// FieldsOfClient are a client's.
func FieldsOfClient(c client.Client) CardFields {
	return CardFields{
		Lead: c.Kind, Name: c.Name, Phones: phoneList(c.PhoneList, c.Phones), Email: c.Email, Note: c.Note, Status: c.Status,
		Tags: c.Tags, ResponsibleID: idOf(c.Responsible),
	}
}

// FieldsOfContract are a contract's.
func FieldsOfContract(c client.Contract) CardFields {
	out := CardFields{
		Name: c.Name, Phones: phoneList(c.PhoneList, c.Phones), Note: c.Note, Status: c.Status, Tags: c.Tags, ResponsibleID: idOf(c.Responsible),
		ClientID: c.ClientID,
	}
	for _, f := range contractFields {
		*f.At(&out) = *f.of(&c)
	}
	return out
}

// phoneList is the numbers with their labels; a server that knows none sends the bare ones only.
func phoneList(list []client.Phone, bare []string) []client.Phone {
	if len(list) > 0 {
		return list
	}
	var out []client.Phone
	for _, number := range bare {
		out = append(out, client.Phone{Number: number})
	}
	return out
}

func idOf(p *client.Person) string {
	if p == nil {
		return ""
	}
	return p.ID
}

// cardField is one of the plain fields, by its name in the API.
type cardField struct {
	name string
	at   *string
}

func (f *CardFields) plain() []cardField {
	all := []cardField{
		{"kind", &f.Lead},
		{"name", &f.Name},
		{"email", &f.Email},
		{"note", &f.Note},
		{"status", &f.Status},
		{"responsible", &f.ResponsibleID},
		{"client_id", &f.ClientID},
	}
	for _, own := range contractFields {
		all = append(all, cardField{own.Name, own.At(f)})
	}
	return all
}

// Changed lists the fields, by their names in the API, in which f differs from before.
func (f CardFields) Changed(before CardFields) []string {
	var out []string
	old := before.plain()
	for n, field := range f.plain() {
		if strings.TrimSpace(*field.at) != strings.TrimSpace(*old[n].at) {
			out = append(out, field.name)
		}
	}
	if !slices.Equal(f.Phones, before.Phones) {
		out = append(out, "phones")
	}
	if !slices.Equal(f.Tags, before.Tags) {
		out = append(out, "tags")
	}
	return out
}

// ClientInput is what of f the server is to write over before: only what differs, so that what a
// colleague changes meanwhile stays.
func (f CardFields) ClientInput(before CardFields) client.ClientInput {
	c := changes{f.Changed(before)}
	return client.ClientInput{
		Kind: c.text("kind", f.Lead), Name: c.text("name", f.Name), PhoneList: listIf(c.has("phones"), f.Phones),
		Tags: listIf(c.has("tags"), f.Tags), Status: c.text("status", f.Status), Email: c.text("email", f.Email),
		Note: c.text("note", f.Note), ResponsibleID: c.text("responsible", f.ResponsibleID),
	}
}

// ContractInput is ClientInput for a contract.
func (f CardFields) ContractInput(before CardFields) client.ContractInput {
	c := changes{f.Changed(before)}
	in := client.ContractInput{
		Name: c.text("name", f.Name), PhoneList: listIf(c.has("phones"), f.Phones), Tags: listIf(c.has("tags"), f.Tags),
		Status: c.text("status", f.Status), ClientID: c.text("client_id", f.ClientID), Note: c.text("note", f.Note),
		ResponsibleID: c.text("responsible", f.ResponsibleID),
	}
	for _, own := range contractFields {
		*own.into(&in) = c.text(own.Name, *own.At(&f))
	}
	return in
}

// changes are names of fields.
type changes struct{ names []string }

func (c changes) has(name string) bool { return slices.Contains(c.names, name) }

func (c changes) text(name, value string) *string {
	if !c.has(name) {
		return nil
	}
	value = strings.TrimSpace(value)
	return &value
}

func listIf[T any](on bool, list []T) *[]T {
	if !on {
		return nil
	}
	if list == nil {
		list = []T{}
	}
	return &list
}

// Rebase puts what a person has changed in f since before upon a newer state of the card. Both are
// the fields that somebody else changed meanwhile and the person did too: theirs stand in f and
// will overwrite, so the person must be told.
func (f CardFields) Rebase(before, newer CardFields) (out CardFields, both []string) {
	mine, theirs := changes{f.Changed(before)}, changes{newer.Changed(before)}
	out = newer
	from, to := f.plain(), out.plain()
	for n := range from {
		if mine.has(from[n].name) {
			*to[n].at = *from[n].at
		}
	}
	if mine.has("phones") {
		out.Phones = f.Phones
	}
	if mine.has("tags") {
		out.Tags = f.Tags
	}
	differ := f.Changed(newer)
	for _, name := range theirs.names {
		if mine.has(name) && slices.Contains(differ, name) {
			both = append(both, name)
		}
	}
	return out, both
}

// ReadTags reads tags as people type them, with commas between.
func ReadTags(typed string) []string {
	var out []string
	for part := range strings.SplitSeq(typed, ",") {
		tag := strings.Join(strings.Fields(part), " ")
		same := func(had string) bool { return strings.EqualFold(had, tag) }
		if tag != "" && !slices.ContainsFunc(out, same) {
			out = append(out, tag)
		}
	}
	return out
}

// NewContract are the fields of a client's next contract: the client's own name, numbers and
// manager, signed today.
func NewContract(clientID string, of CardFields, now time.Time) CardFields {
	return CardFields{
		ClientID: clientID, Name: of.Name, Phones: slices.Clone(of.Phones), ResponsibleID: of.ResponsibleID,
		Status: client.StatusActive, SignedOn: now.Format(time.DateOnly),
	}
}
