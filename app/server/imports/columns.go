// Package imports turns rows of a table into cards: which column holds what, what a cell says, and
// what a row that is there already does to the card. Plain functions: it reads no file, knows no
// SQL and no HTTP, and what it cannot take it tells in words.
package imports

import (
	"slices"

	"dozvon/app/server/texts"
	"dozvon/client"
)

// Field is what a column may hold.
type Field string

// The fields of a card; Ignored columns are left out.
const (
	Ignored     Field = ""
	Name        Field = "name"
	LastName    Field = "last_name"
	FirstName   Field = "first_name"
	MiddleName  Field = "middle_name"
	Phone       Field = "phone"
	Number      Field = "number"
	Category    Field = "category"
	Group       Field = "group"
	SignedOn    Field = "signed_on"
	Kind        Field = "kind"
	Email       Field = "email"
	Status      Field = "status"
	Tags        Field = "tags"
	Responsible Field = "responsible"
	Note        Field = "note"
	ExternalID  Field = "external_id"
)

// Fields lists what a column may hold for a kind of card, in the order in which people are asked.
func Fields(kind client.SubjectKind) []Field {
	shared := []Field{Status, Tags, Responsible, Note, ExternalID}
	names := []Field{Name, LastName, FirstName, MiddleName, Phone}
	if kind == client.KindContract {
		return slices.Concat([]Field{Number}, names, []Field{Category, Group, SignedOn}, shared)
	}
	return slices.Concat(names, []Field{Kind, Email}, shared)
}

// Name names the field for people.
func (f Field) Name() texts.Message { return texts.Of("field." + string(f)) }
