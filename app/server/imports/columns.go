// Package imports turns rows of a table into cards: which column holds what, what a cell says, and
// what a row that is there already does to the card. Plain functions: it reads no file, knows no
// SQL and no HTTP, and what it cannot take it tells in words.
package imports

import (
	"dozvon/app/server/crm"
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

// Fields lists what a column may hold for a kind of card, in the order in which people are asked. A name
// and its parts, and the numbers, are what rows have beside the fields that a card has.
func Fields(kind client.SubjectKind) []Field {
	var all []Field
	for _, f := range crm.Fields(kind) {
		switch {
		case f.Name == crm.FieldName:
			all = append(all, Name, LastName, FirstName, MiddleName)
		case f.Name == crm.FieldPhones:
			all = append(all, Phone)
		case f.Imported:
			all = append(all, Field(f.Name))
		}
	}
	return all
}

// Name names the field for people.
func (f Field) Name() texts.Message { return texts.Of("field." + string(f)) }
