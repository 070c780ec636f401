package imports

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"dozvon/app/server/crm"
	"dozvon/app/server/exports"
	"dozvon/client"
)

// Rule says what a row does to a card that is there already.
type Rule string

// The rules.
const (
	Skip   Rule = "skip"   // the card stays as it is, the row goes to the report
	Update Rule = "update" // the card takes what the row says
	Add    Rule = "add"    // a second card is made
)

// Rules are all of them.
var Rules = []Rule{Skip, Update, Add}

// Key is what two rows, or a row and a card, may have in common.
type Key struct {
	What  Field // ExternalID, Number, Phone, or Person
	Value string
}

// Person is what a person is known by: a name together with a number or an address. A number alone
// never identifies a person, for families share it.
const Person Field = "person"

// Sure are the keys that are one card's own: the id of another CRM, and a contract's number. The surest
// is first.
func (d Draft) Sure() []Key {
	var keys []Key
	for _, what := range []Field{ExternalID, Number} {
		if v := d.text(what); v != "" {
			keys = append(keys, Key{what, v})
		}
	}
	return keys
}

// text is what the row says of a field of plain text.
func (d Draft) text(f Field) string {
	if v := d.Input.Text(string(f)); v != nil {
		return *v
	}
	return ""
}

// Name is the row's name.
func (d Draft) Name() string { return d.text(Name) }

// Email is the row's address.
func (d Draft) Email() string { return d.text(Email) }

// NumbersOwn tells whether a contract's number says whose the row is, so that its telephones need not.
func (d Draft) NumbersOwn() bool { return d.text(Number) != "" }

// Stranger tells a card that has another name than the row, and neither number nor address of it.
func (d Draft) Stranger(card crm.Card) bool {
	if !d.named || Nameless(card) || NameKey(d.Name()) == NameKey(card.Name) {
		return false
	}
	if slices.ContainsFunc(d.Numbers, func(n string) bool { return slices.Contains(card.Numbers(), n) }) {
		return false
	}
	if card.Kind == client.KindContract {
		return d.text(Number) != card.Number || card.Number == ""
	}
	return d.Email() == "" || !strings.EqualFold(d.Email(), card.Email)
}

// CardKeys are what a card is found by later in the same file.
func CardKeys(c crm.Card) []Key {
	var keys []Key
	if c.Kind == client.KindContract {
		keys = append(keys, Key{Number, c.Number})
	}
	if c.ExternalID != "" {
		keys = append(keys, Key{ExternalID, c.ExternalID})
	}
	for _, n := range c.Numbers() {
		keys = append(keys, Key{Phone, n}, PersonKey(c.Name, n))
	}
	if c.Email != "" {
		keys = append(keys, PersonKey(c.Name, c.Email))
	}
	if len(c.Numbers()) == 0 {
		keys = append(keys, PersonKey(c.Name, ""))
	}
	return keys
}

// PersonKey is a name with a number, an address, or, of somebody who has no number, nothing.
func PersonKey(name, by string) Key { return Key{Person, NameKey(name) + "\x00" + strings.ToLower(by)} }

// latinAlike are Latin letters that look like Cyrillic ones, by which names are mistyped.
var latinAlike = strings.NewReplacer("a", "а", "b", "в", "c", "с", "e", "е", "h", "н", "k", "к", "m", "м", "o", "о", "p", "р", "t", "т", "x", "х", "y", "у")

// NameKey is a name without what is no difference: case, ё, dots and blanks, the order of its words
// («Анна Гусева» is «Гусева Анна»), and Latin letters in a Cyrillic word. Another patronymic, or none,
// is another name: a mother and her daughter may share all the rest.
func NameKey(name string) string {
	words := strings.FieldsFunc(crm.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			words[i] = latinAlike.Replace(w)
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Nameless tells a card that is called by its number, for nobody has said a name yet.
func Nameless(c crm.Card) bool {
	return !strings.ContainsFunc(c.Name, unicode.IsLetter)
}

// Other tells that the card is another one although something is the same: a mother's number on
// the contracts of two children. A number of a contract and an id of another CRM are each one
// card's own; where both have one and they differ, a telephone in common means nothing.
func (d Draft) Other(card crm.Card) bool {
	differ := func(what Field, its string) bool {
		mine := d.text(what)
		return mine != "" && its != "" && mine != its
	}
	return differ(Number, card.Number) || differ(ExternalID, card.ExternalID)
}

// Card makes the row's card: a new one when before is nil, else before with what the row says.
// Telephones and tags are added to those that the card has.
func (d Draft) Card(before *crm.Card, id string, responsible *client.Person, now time.Time) (crm.Card, error) {
	was, in := crm.NewCard(d.Kind, id, now), d
	if before != nil {
		was, in = before.Clone(), d.without(*before)
	}
	was.Version++
	in.Input.PhoneList = added(was.PhoneList, in.Phones)
	in.Input.Tags = added(was.Tags, in.Tags)
	if responsible != nil {
		in.Input.ResponsibleID = &responsible.ID
	}
	return crm.Change(was, in.Input, crm.Terms{Numbers: d.reader, Responsible: responsible, Now: now})
}

// added is a list that grew, nil when the row adds nothing to it: then it is left as it is.
func added[T any](had, more []T) *[]T {
	if len(more) == 0 {
		return nil
	}
	all := append(slices.Clone(had), more...)
	return &all
}

// without leaves out of a row what the card says in other words already. What an export of ours wrote is
// held against how it would be written again, so that no comma in a label makes two telephones of one.
func (d Draft) without(card crm.Card) Draft {
	if d.phoneText == exports.Phones(card.PhoneList) {
		d.Phones = nil
	}
	if d.tagText == exports.Tags(card.Tags) {
		d.Tags = nil
	}
	if !d.named || NameKey(d.Name()) == NameKey(card.Name) {
		d.Input = d.Input.With(crm.FieldName, nil)
	}
	if note := d.text(Note); note != "" && sameLines(note, card.Note) {
		d.Input = d.Input.With(crm.FieldNote, nil)
	}
	return d
}

// sameLines compares texts whose lines may end in different ways, as files have them.
func sameLines(a, b string) bool {
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	return strings.TrimSpace(lines.Replace(a)) == strings.TrimSpace(lines.Replace(b))
}
