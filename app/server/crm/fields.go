package crm

import (
	"net/mail"
	"slices"
	"time"

	"dozvon/app/server/texts"
	"dozvon/client"
)

// Field is one field of a card: all that the history, the search, merging, imports, exports, the database
// and the rules of a valid card need to know of it.
type Field struct {
	// Name is the field's name in the API, in histories and in imports.
	Name string
	// Of is the kind of card that has the field; empty: both.
	Of client.SubjectKind
	// Column holds the field in the database; empty where it is no plain text (numbers, tags, who is
	// responsible).
	Column string
	// Text is the field itself; nil where it is no plain text.
	Text func(*Card) *string
	// shown is the field as a person reads it, where it is no plain text.
	shown func(Card) string
	// Exported says that it is a column of an exported table, named by the text column.NAME, Imported that
	// an import reads it, and asks for it by the text field.NAME.
	Exported, Imported bool
	// Limit is how many characters it may have; 0: another rule bounds it.
	Limit int
	// Date says that it is a day, kept as YYYY-MM-DD and exported as it is written in Russia.
	Date bool
	// Lines says that it may have several lines.
	Lines bool
	// Searched says that the card is found by its words.
	Searched bool
	// Own says that a merged card keeps its own; else it takes the other's where it has none.
	Own bool
	// check tells what is wrong with a value; zero: nothing.
	check func(value string) texts.Message
}

// Fields are those that a kind of card has, in the order in which people read them.
func Fields(kind client.SubjectKind) []Field { return fields[kind] }

var fields = map[client.SubjectKind][]Field{
	client.KindClient: of(client.KindClient), client.KindContract: of(client.KindContract),
}

func of(kind client.SubjectKind) []Field {
	return slices.DeleteFunc(slices.Clone(table), func(f Field) bool { return f.Of != "" && f.Of != kind })
}

// AllFields are those of both kinds, each once.
func AllFields() []Field { return slices.Clone(table) }

// Shown is a card's field as a person reads it.
func (f Field) Shown(c Card) string {
	if f.Text != nil {
		return *f.Text(&c)
	}
	return f.shown(c)
}

func responsibleName(c Card) string {
	if c.Responsible == nil {
		return ""
	}
	return c.Responsible.Name
}

func notEmpty(value string) texts.Message {
	if value == "" {
		return texts.Of("fault.empty")
	}
	return texts.Message{}
}

func address(value string) texts.Message {
	if value == "" {
		return texts.Message{}
	}
	if _, err := mail.ParseAddress(value); err != nil {
		return texts.Of("fault.no_address")
	}
	return texts.Message{}
}

func leadOrClient(value string) texts.Message {
	if value != Lead && value != Client {
		return texts.Of("fault.one_of", texts.Args{"values": Lead + ", " + Client})
	}
	return texts.Message{}
}

// fault tells what is wrong with a card's field; zero: nothing.
func (f Field) fault(c Card) texts.Message {
	if f.Text == nil {
		return texts.Message{}
	}
	value := *f.Text(&c)
	if f.Date && value != "" {
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return texts.Of("fault.date")
		}
	}
	if f.check == nil {
		return texts.Message{}
	}
	return f.check(value)
}
