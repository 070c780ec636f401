package card

import (
	"slices"
	"strings"

	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// ownField is a line of the form that only a contract has.
type ownField struct {
	model.ContractField
	entry *widgets.Entry
}

// value is what the person has written; a day that cannot be read stands as it was typed.
func (o ownField) value() (value string, readable bool) {
	if !o.Day {
		return o.entry.Text, true
	}
	if day, ok := present.TypedDay(o.entry.Text); ok {
		return day, true
	}
	return strings.TrimSpace(o.entry.Text), false
}

// build makes the fields.
func (f *form) build() {
	text := f.panel.host.Text()
	line := func() *widgets.Entry {
		entry := widgets.NewEntry("")
		entry.OnSubmitted = func(string) { f.submit() }
		return entry
	}
	f.name, f.email, f.tags = line(), line(), line()
	f.tags.SetPlaceHolder(text.T("crd.tags_hint"))
	all := []*widgets.Entry{f.name, f.email, f.tags}
	f.own = nil
	for _, field := range model.ContractFields() {
		own := ownField{field, line()}
		if own.Day {
			own.entry.SetPlaceHolder(text.T("crd.day_hint"))
		}
		f.own, all = append(f.own, own), append(all, own.entry)
	}
	f.note = widgets.NewMultiline("", 3)
	f.note.OnSubmitted = func(string) { f.submit() } // Shift+Enter
	full := bounded.Told(text, f.panel.host.Tell)
	for field, most := range map[*widgets.Entry]int{
		f.name: limits.Of[client.ClientInput]("name"), f.email: limits.Of[client.ClientInput]("email"), f.note: limits.Of[client.ClientInput]("note"),
	} {
		bounded.Bind(field, most, full)
	}
	for _, own := range f.own {
		if !own.Day { // one is typed as people write it, and read
			bounded.Bind(own.entry, limits.Of[client.ContractInput](own.Name), full)
		}
	}
	for _, field := range append(all, f.note) {
		field.OnEscape = f.cancel
		field.OnEnter = func() { f.reveal(field) }
	}
	f.phones = newPhoneRows(f)
	f.buildChoices()
	f.notice = widgets.NewParagraph("", theme.Small, inner, 6, widgets.ToneInk(theme.ToneHold))
	f.problem = widgets.NewParagraph("", theme.Small, inner, 6, widgets.ToneInk(theme.ToneMiss))
	f.save = widgets.NewButton(text.T("act.save"), widgets.Primary, f.submit)
	f.save.OnEscape = f.cancel
}

// buildChoices offers the statuses of this kind and the colleagues; what the card has and is not
// among them, e.g. a colleague who has left, is offered too: to open a form must change nothing.
func (f *form) buildChoices() {
	text, m := f.panel.host.Text(), f.panel.host.Model()
	f.statuses = model.Statuses(f.ref.Kind)
	if had := f.base.Status; had != "" && !slices.Contains(f.statuses, had) {
		f.statuses = append(f.statuses, had)
	}
	var words []string
	for _, status := range f.statuses {
		words = append(words, present.StatusWord(f.ref.Kind, status, text))
	}
	f.status = widgets.NewChoice("", words, 0, nil)
	f.people = []client.Person{{Name: text.T("crd.nobody")}}
	for _, person := range append(m.People(), m.Me()) {
		f.offer(client.Person{ID: person.ID, Name: person.Name})
	}
	if f.as.responsible != nil {
		f.offer(*f.as.responsible)
	}
	words = nil
	for _, person := range f.people {
		words = append(words, person.Name)
	}
	f.responsible = widgets.NewChoice("", words, 0, nil)
}

func (f *form) offer(person client.Person) {
	if person.ID != "" && !slices.ContainsFunc(f.people, func(had client.Person) bool { return had.ID == person.ID }) {
		f.people = append(f.people, person)
	}
}

// fill puts values into the fields; a field that holds its value already keeps its cursor.
func (f *form) fill(v model.CardFields) {
	put := func(field *widgets.Entry, value string) {
		if strings.TrimSpace(field.Text) != strings.TrimSpace(value) {
			field.SetText(value)
		}
	}
	put(f.name, v.Name)
	put(f.email, v.Email)
	put(f.note, v.Note)
	for _, own := range f.own {
		put(own.entry, present.ContractValue(own.ContractField, v))
	}
	if !slices.Equal(model.ReadTags(f.tags.Text), v.Tags) {
		f.tags.SetText(strings.Join(v.Tags, ", "))
	}
	f.phones.fill(v.Phones)
	f.status.Chosen = max(0, slices.Index(f.statuses, v.Status))
	f.responsible.Chosen = max(0, slices.IndexFunc(f.people, func(p client.Person) bool { return p.ID == v.ResponsibleID }))
	f.status.Refresh()
	f.responsible.Refresh()
	f.as.fields.Lead, f.as.fields.ClientID = v.Lead, v.ClientID
}

// fields are the values as they stand in the form. What the person has not touched reads back as
// it was, however the form shows it.
func (f *form) fields() model.CardFields {
	v := model.CardFields{
		Lead: f.as.fields.Lead, ClientID: f.as.fields.ClientID, Name: f.name.Text, Email: f.email.Text, Note: f.note.Text,
		Phones: f.phones.read(f.base.Phones), Tags: model.ReadTags(f.tags.Text), Status: f.statuses[f.status.Chosen],
		ResponsibleID: f.people[f.responsible.Chosen].ID,
	}
	if slices.Equal(v.Tags, f.base.Tags) {
		v.Tags = f.base.Tags
	}
	for _, own := range f.own {
		*own.At(&v), _ = own.value()
	}
	if v.Status == f.statuses[0] && f.base.Status == "" && !f.fresh() {
		v.Status = "" // a server that knows no statuses
	}
	return v
}

// changed are the names of the fields that the person has changed.
func (f *form) changed() []string { return f.fields().Changed(f.base) }
