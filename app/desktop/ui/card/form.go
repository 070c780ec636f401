package card

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// form makes a new card, or changes one. What it sends is only what the person has changed since
// base, the card as the form last knew it.
type form struct {
	panel *Panel
	ref   client.SubjectRef // without an id for a new card
	base  model.CardFields
	start model.CardFields // what the program itself wrote into the form
	as    record           // what the form does not change: the id in another CRM, a contract's client

	name, email, tags, note         *widgets.Entry
	number, signed, category, group *widgets.Entry // of a contract
	phones                          *phoneRows
	statuses                        []string
	status                          *widgets.Choice
	people                          []client.Person
	responsible                     *widgets.Choice

	notice, problem *widgets.Paragraph
	frame, foot     *fyne.Container
	save            *widgets.Button
	busy            bool
	sure            bool // the person was told that changes will be lost
}

// NewLead opens an empty form with the number filled in, or the one that was left unsaved.
func (p *Panel) NewLead(number string) {
	fields := model.CardFields{Lead: model.Lead, ResponsibleID: p.host.Model().Me().ID}
	if number != "" {
		phone, _ := model.TypedPhone(number, "")
		fields.Phones = []client.Phone{phone}
	}
	p.newForm(client.KindClient, fields, record{})
	if left, ok := p.drafts[p.form.ref]; ok && (number == "" || slices.ContainsFunc(left.now.Phones, func(had client.Phone) bool {
		return len(fields.Phones) > 0 && had.Number == fields.Phones[0].Number
	})) {
		p.form.fill(left.now)
	}
	delete(p.drafts, p.form.ref)
}

// NewContract opens the form of a contract for the client that is shown.
func (p *Panel) NewContract() {
	r := p.record
	owner := client.Client{ID: r.ref.ID, Name: r.fields.Name, Kind: r.fields.Lead}
	p.newForm(client.KindContract, model.NewContract(r.ref.ID, r.fields, p.host.Now()), record{owner: &owner})
}

func (p *Panel) newForm(kind client.SubjectKind, fields model.CardFields, as record) {
	p.keepDraft()
	p.ref = client.SubjectRef{Kind: kind}
	p.record, p.note, p.asking = as, nil, false
	p.openForm(p.ref, model.CardFields{}, as)
	p.form.fill(fields)
	p.form.start = p.form.fields()
}

// Edit opens the form of the record shown.
func (p *Panel) Edit() { p.openForm(p.ref, p.record.fields, p.record) }

// SaveAs fills the name of an open form in and saves it.
func (p *Panel) SaveAs(name string) {
	if p.form != nil {
		p.form.name.SetText(name)
		p.form.submit()
	}
}

func (p *Panel) openForm(ref client.SubjectRef, base model.CardFields, as record) {
	f := &form{panel: p, ref: ref, base: base, as: as}
	p.form = f
	f.build()
	f.fill(base)
	p.set(f.layout())
	if over := p.over(); over != nil {
		over.Focus(f.first())
	}
}

// first is the field that the person will fill in first.
func (f *form) first() *widgets.Entry {
	if f.fresh() && f.ref.Kind == client.KindContract {
		return f.number // the name is the client's already
	}
	return f.name
}

func (f *form) fresh() bool { return f.ref.ID == "" }

// build makes the fields.
func (f *form) build() {
	text := f.panel.host.Text()
	for _, field := range []**widgets.Entry{&f.name, &f.email, &f.tags, &f.number, &f.signed, &f.category, &f.group} {
		*field = widgets.NewEntry("")
		(*field).OnSubmitted = func(string) { f.submit() }
	}
	f.tags.SetPlaceHolder(text.T("crd.tags_hint"))
	f.signed.SetPlaceHolder(text.T("crd.day_hint"))
	f.note = widgets.NewMultiline("", 3)
	f.note.OnSubmitted = func(string) { f.submit() } // Shift+Enter
	for _, field := range []*widgets.Entry{f.name, f.email, f.tags, f.number, f.signed, f.category, f.group, f.note} {
		field.OnEscape = f.cancel
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
		words = append(words, model.StatusWord(f.ref.Kind, status, text))
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
	put(f.number, v.Number)
	put(f.category, v.Category)
	put(f.group, v.Group)
	put(f.signed, model.ShownDay(v.SignedOn))
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
		ResponsibleID: f.people[f.responsible.Chosen].ID, Number: f.number.Text, Category: f.category.Text, Group: f.group.Text,
	}
	if slices.Equal(v.Tags, f.base.Tags) {
		v.Tags = f.base.Tags
	}
	var readable bool
	if v.SignedOn, readable = model.TypedDay(f.signed.Text); !readable {
		v.SignedOn = strings.TrimSpace(f.signed.Text)
	}
	if v.Status == f.statuses[0] && f.base.Status == "" && !f.fresh() {
		v.Status = "" // a server that knows no statuses
	}
	return v
}

// changed are the names of the fields that the person has changed.
func (f *form) changed() []string { return f.fields().Changed(f.base) }

// layout puts the form together: its head and its buttons stay in place, the fields between scroll.
func (f *form) layout() fyne.CanvasObject {
	text := f.panel.host.Text()
	title := "form.edit"
	switch {
	case f.fresh() && f.ref.Kind == client.KindContract:
		title = "crd.form_contract"
	case f.fresh():
		title = "form.new"
	}
	head := widgets.Pad(side, side, 12, side, widgets.NewBold(text.T(title), theme.Heading, widgets.InkNormal))
	body := widgets.Pad(0, side, side, side, widgets.Column(12, f.rows()...))
	f.foot = widgets.Column(theme.Gap)
	f.layFoot()
	// With a ground of its own: what scrolls must not show through beside the buttons.
	foot := widgets.Stack(widgets.NewBox(widgets.Surface, 0), widgets.Column(0, widgets.Rule(), widgets.Pad(12, side, 12, side, f.foot)))
	f.frame = widgets.Fill(head, container.NewVScroll(body), foot)
	return f.frame
}

func (f *form) rows() []fyne.CanvasObject {
	rows := []fyne.CanvasObject{}
	if f.ref.Kind == client.KindContract {
		if f.as.owner != nil {
			rows = append(rows, f.field("crd.f_client_id", widgets.NewLabel(f.as.owner.Name, theme.Body, widgets.InkNormal)))
		}
		rows = append(rows, f.field("crd.student", widgets.GroundField(f.name)),
			halves(f.field("crd.f_number", widgets.GroundField(f.number)), f.field("crd.f_signed_on", widgets.GroundField(f.signed))),
			halves(f.field("crd.f_category", widgets.GroundField(f.category)), f.field("crd.f_group", widgets.GroundField(f.group))))
	} else {
		rows = append(rows, f.field("form.name", widgets.GroundField(f.name)))
	}
	rows = append(rows, f.field("form.phones", f.phones.box), f.field("crd.f_status", f.status),
		f.field("subj.responsible", f.responsible), f.field("crd.f_tags", widgets.GroundField(f.tags)))
	if f.ref.Kind == client.KindClient {
		rows = append(rows, f.field("form.email", widgets.GroundField(f.email)))
	}
	note := widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), f.note)
	rows = append(rows, f.field("form.note", note))
	if f.as.externalID != "" {
		rows = append(rows, f.field("crd.f_external_id", widgets.Shown(widgets.NewMono(f.as.externalID, theme.Small, widgets.InkMuted))))
	}
	return rows
}

// halves are two short fields beside each other.
func halves(a, b fyne.CanvasObject) fyne.CanvasObject {
	return widgets.TopRow(theme.Gap, []float32{widgets.Wide, widgets.Wide}, a, b)
}

func (f *form) field(key string, object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Column(4, widgets.NewLabel(f.panel.host.Text().T(key), theme.Caption, widgets.InkMuted), object)
}

// layFoot shows the buttons, and over them what there is to be told.
func (f *form) layFoot() {
	text := f.panel.host.Text()
	var parts []fyne.CanvasObject
	for _, words := range []*widgets.Paragraph{f.notice, f.problem} {
		if words.Text != "" {
			parts = append(parts, words)
		}
	}
	cancel := widgets.NewButton(text.T("act.cancel"), widgets.Quiet, f.cancel)
	if f.sure {
		cancel = widgets.NewButton(text.T("crd.drop"), widgets.Danger, f.cancel)
	}
	cancel.OnEscape = f.cancel
	f.foot.Objects = append(parts, widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, f.save, cancel))
	f.resize()
}

// resize gives the parts of the form the room that they need now.
func (f *form) resize() {
	if f.frame != nil {
		f.frame.Refresh()
	}
}

func (f *form) tell(words string) {
	f.problem.Set(words)
	f.layFoot()
}

// cancel leaves the form; changes are given up only when the person says so twice.
func (f *form) cancel() {
	if f.busy {
		return
	}
	if !f.sure && f.touched() {
		f.sure = true
		f.tell(f.panel.host.Text().T("crd.unsaved"))
		return
	}
	f.panel.form = nil
	switch {
	case !f.fresh():
		f.panel.draw()
	case f.as.owner != nil:
		f.panel.ref = client.SubjectRef{}
		f.panel.Open(client.KindClient, f.as.owner.ID)
	default:
		f.panel.Close()
	}
}

// touched tells whether anything of the person's would be lost.
func (f *form) touched() bool {
	if f.fresh() {
		return len(f.fields().Changed(f.start)) > 0
	}
	return len(f.changed()) > 0
}

// follow takes in the card as somebody has just changed it: what the person has not touched is
// shown anew, the rest stays, and both are told.
func (f *form) follow(newer record) {
	if f.busy || f.fresh() {
		return
	}
	theirs := newer.fields.Changed(f.base)
	if len(theirs) == 0 {
		return
	}
	mine, both := f.fields().Rebase(f.base, newer.fields)
	f.base, f.as = newer.fields, newer
	f.fill(mine)
	text := f.panel.host.Text()
	words := text.T("crd.meanwhile", "fields", f.names(theirs))
	if len(both) > 0 {
		words += " " + text.T("crd.meanwhile_both", "fields", f.names(both))
	}
	f.notice.Set(words)
	f.layFoot()
}

func (f *form) names(fields []string) string {
	var out []string
	for _, field := range fields {
		out = append(out, strings.ToLower(model.FieldName(field, f.panel.host.Text())))
	}
	return strings.Join(out, ", ")
}

func (f *form) submit() {
	if f.busy {
		return // a second Enter must not make a second card
	}
	now := f.fields()
	if words := f.fault(now); words != "" {
		f.tell(words)
		return
	}
	f.phones.mark()
	f.busy = true
	f.save.SetEnabled(false)
	ref, base := f.ref, f.base
	f.panel.host.Work(func(ctx context.Context, api *client.API) error {
		if ref.ID != "" {
			if len(now.Changed(base)) == 0 {
				return nil
			}
			return update(ctx, api, ref, now, base)
		}
		var err error
		ref.ID, err = create(ctx, api, ref.Kind, now)
		return err
	}, func(err error) { f.saved(ref, err) })
}

// fault says what is missing that a card cannot do without.
func (f *form) fault(now model.CardFields) string {
	text := f.panel.host.Text()
	_, readable := model.TypedDay(f.signed.Text)
	switch {
	case strings.TrimSpace(now.Name) == "":
		return text.T("form.need_name")
	case f.ref.Kind == client.KindContract && strings.TrimSpace(now.Number) == "":
		return text.T("crd.need_number")
	case !readable:
		return text.T("crd.bad_day", "day", f.signed.Text)
	}
	return ""
}

func create(ctx context.Context, api *client.API, kind client.SubjectKind, fields model.CardFields) (string, error) {
	if kind == client.KindClient {
		made, err := api.CreateClient(ctx, fields.ClientInput(model.CardFields{}))
		return made.ID, err
	}
	made, err := api.CreateContract(ctx, fields.ContractInput(model.CardFields{}))
	return made.ID, err
}

func (f *form) saved(ref client.SubjectRef, err error) {
	f.busy = false
	f.save.SetEnabled(true)
	if err != nil {
		f.tell(explain(err, f.panel.host.Text()))
		return
	}
	if f.panel.form != f {
		return // the person has gone on to another card
	}
	f.panel.form = nil
	f.panel.host.OpenSubject(ref.Kind, ref.ID)
}
