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
	add := func(what Field, v *string) {
		if v != nil && *v != "" {
			keys = append(keys, Key{what, *v})
		}
	}
	if d.Kind == client.KindContract {
		add(ExternalID, d.Contract.ExternalID)
		add(Number, d.Contract.Number)
	} else {
		add(ExternalID, d.Client.ExternalID)
	}
	return keys
}

// Name is the row's name.
func (d Draft) Name() string {
	name := d.Contract.Name
	if d.Kind == client.KindClient {
		name = d.Client.Name
	}
	if name == nil {
		return ""
	}
	return *name
}

// Email is the row's address.
func (d Draft) Email() string {
	if d.Client.Email == nil {
		return ""
	}
	return *d.Client.Email
}

// NumbersOwn tells whether a contract's number says whose the row is, so that its telephones need not.
func (d Draft) NumbersOwn() bool { return d.Contract.Number != nil && *d.Contract.Number != "" }

// Stranger tells a card that has another name than the row, and neither number nor address of it.
func (d Draft) Stranger(card crm.Card) bool {
	if !d.named || Nameless(card) || NameKey(d.Name()) == NameKey(card.Subject().Name) {
		return false
	}
	if slices.ContainsFunc(d.Numbers, func(n string) bool { return slices.Contains(card.Phones(), n) }) {
		return false
	}
	if c := card.Contract; c != nil {
		return d.Contract.Number == nil || *d.Contract.Number != c.Number
	}
	return d.Email() == "" || !strings.EqualFold(d.Email(), card.Client.Email)
}

// CardKeys are what a card is found by later in the same file.
func CardKeys(c crm.Card) []Key {
	var keys []Key
	name, email, external := c.Subject().Name, "", ""
	if c.Contract != nil {
		external = c.Contract.ExternalID
		keys = append(keys, Key{Number, c.Contract.Number})
	} else {
		email, external = c.Client.Email, c.Client.ExternalID
	}
	if external != "" {
		keys = append(keys, Key{ExternalID, external})
	}
	for _, n := range c.Phones() {
		keys = append(keys, Key{Phone, n}, PersonKey(name, n))
	}
	if email != "" {
		keys = append(keys, PersonKey(name, email))
	}
	if len(c.Phones()) == 0 {
		keys = append(keys, PersonKey(name, ""))
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
	return !strings.ContainsFunc(c.Subject().Name, unicode.IsLetter)
}

// Other tells that the card is another one although something is the same: a mother's number on
// the contracts of two children. A number of a contract and an id of another CRM are each one
// card's own; where both have one and they differ, a telephone in common means nothing.
func (d Draft) Other(card crm.Card) bool {
	differ := func(mine *string, its string) bool {
		return mine != nil && *mine != "" && its != "" && *mine != its
	}
	if c := card.Contract; c != nil {
		return differ(d.Contract.Number, c.Number) || differ(d.Contract.ExternalID, c.ExternalID)
	}
	return differ(d.Client.ExternalID, card.Client.ExternalID)
}

// Card makes the row's card: a new one when before is nil, else before with what the row says.
// Telephones and tags are added to those that the card has.
func (d Draft) Card(before *crm.Card, id string, responsible *client.Person, now time.Time) (crm.Card, error) {
	var list []client.Phone
	var tags []string
	in := d
	if before != nil {
		list, tags = slices.Clone(before.PhoneList()), slices.Clone(before.Tags())
		in = d.without(*before)
	}
	list, tags = append(list, in.Phones...), append(tags, in.Tags...)
	chosen := ""
	if responsible != nil {
		chosen = responsible.ID
		in.Contract.ResponsibleID, in.Client.ResponsibleID = &chosen, &chosen
	}
	terms := crm.Terms{Numbers: d.reader, Responsible: responsible, Now: now}
	version := int64(1)
	if before != nil {
		version = before.Version + 1
	}
	if d.Kind == client.KindContract {
		was := client.Contract{ID: id, CreatedAt: now}
		if before != nil {
			was = *before.Clone().Contract
		}
		in.Contract.PhoneList, in.Contract.Tags = given(list, in.Phones), given(tags, in.Tags)
		c, err := crm.ChangeContract(was, in.Contract, terms)
		return crm.OfRecord(c, version), err
	}
	was := client.Client{ID: id, CreatedAt: now}
	if before != nil {
		was = *before.Clone().Client
	}
	in.Client.PhoneList, in.Client.Tags = given(list, in.Phones), given(tags, in.Tags)
	c, err := crm.ChangeClient(was, in.Client, terms)
	return crm.OfRecord(c, version), err
}

// given is a list that grew, nil when the row adds nothing to it: then it is left as it is.
func given[T any](all, added []T) *[]T {
	if len(added) == 0 {
		return nil
	}
	return &all
}

// without leaves out of a row what the card says in other words already. What an export of ours wrote is
// held against how it would be written again, so that no comma in a label makes two telephones of one.
func (d Draft) without(card crm.Card) Draft {
	if d.phoneText == exports.Phones(card.PhoneList()) {
		d.Phones = nil
	}
	if d.tagText == exports.Tags(card.Tags()) {
		d.Tags = nil
	}
	name, note := card.Subject().Name, ""
	if c := card.Contract; c != nil {
		note = c.Note
	} else {
		note = card.Client.Note
	}
	unless := func(said *string, same bool) *string {
		if said == nil || same {
			return nil
		}
		return said
	}
	sameName := !d.named || NameKey(d.Name()) == NameKey(name)
	d.Contract.Name, d.Client.Name = unless(d.Contract.Name, sameName), unless(d.Client.Name, sameName)
	d.Contract.Note = unless(d.Contract.Note, d.Contract.Note != nil && sameLines(*d.Contract.Note, note))
	d.Client.Note = unless(d.Client.Note, d.Client.Note != nil && sameLines(*d.Client.Note, note))
	return d
}

// sameLines compares texts whose lines may end in different ways, as files have them.
func sameLines(a, b string) bool {
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	return strings.TrimSpace(lines.Replace(a)) == strings.TrimSpace(lines.Replace(b))
}
