package card

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
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

	name, email, tags, note *widgets.Entry
	own                     []ownField // of a contract
	phones                  *phoneRows
	statuses                []string
	status                  *widgets.Choice
	people                  []client.Person
	responsible             *widgets.Choice

	notice, problem *widgets.Paragraph
	frame, foot     *fyne.Container
	scroll          *container.Scroll
	save            *widgets.Button
	busy            bool
	sure            bool // the person was told that changes will be lost
	stale           bool // somebody has changed the card, and the form has not taken that in
}

// NewLead opens an empty form with the number filled in, or the one that was left unsaved.
func (p *Panel) NewLead(number string) {
	if f := p.form; f != nil && f.fresh() && f.ref.Kind == client.KindClient && number == "" {
		return // it is being written already
	}
	fields := model.CardFields{Lead: model.Lead, ResponsibleID: p.host.Model().Me().ID}
	if number != "" {
		phone, _ := present.TypedPhone(number, "")
		fields.Phones = []client.Phone{phone}
	}
	p.newForm(client.KindClient, fields, record{})
	if left, ok := p.state.drafts[p.form.ref]; ok && (number == "" || slices.ContainsFunc(left.now.Phones, func(had client.Phone) bool {
		return len(fields.Phones) > 0 && had.Number == fields.Phones[0].Number
	})) {
		p.form.fill(left.now)
		delete(p.state.drafts, p.form.ref)
	}
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

// First is the field of an open form that takes the keyboard first; nil without a form.
func (p *Panel) First() fyne.Focusable {
	if p.form == nil {
		return nil
	}
	return p.form.first()
}

// first is the field that the person will fill in first.
func (f *form) first() *widgets.Entry {
	if f.fresh() && f.ref.Kind == client.KindContract {
		return f.own[0].entry // the number; the name is the client's already
	}
	return f.name
}

func (f *form) fresh() bool { return f.ref.ID == "" }

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
	foot := widgets.Stack(widgets.Pad(0, 0, 0, 1, widgets.NewBox(widgets.Surface, 0)), widgets.Column(0, widgets.Rule(), widgets.Pad(12, side, 12, side, f.foot)))
	f.scroll = container.NewVScroll(body)
	f.frame = widgets.Fill(head, f.scroll, foot)
	return f.frame
}

func (f *form) rows() []fyne.CanvasObject {
	rows := []fyne.CanvasObject{}
	if f.ref.Kind == client.KindContract {
		if f.as.owner != nil {
			rows = append(rows, f.field("crd.f_client_id", widgets.NewLabel(f.as.owner.Name, theme.Body, widgets.InkNormal)))
		}
		rows = append(rows, f.field("crd.student", widgets.GroundField(f.name)))
		for pair := range slices.Chunk(f.own, 2) {
			shown := f.shownField(pair[0])
			if len(pair) > 1 {
				shown = halves(shown, f.shownField(pair[1]))
			}
			rows = append(rows, shown)
		}
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
		rows = append(rows, f.field("crd.f_external_id", widgets.Shown(widgets.NewMono(f.as.externalID, theme.Body, widgets.InkMuted))))
	}
	return rows
}

// halves are two short fields beside each other.
func halves(a, b fyne.CanvasObject) fyne.CanvasObject {
	return widgets.TopRow(theme.Gap, []float32{widgets.Wide, widgets.Wide}, a, b)
}

func (f *form) shownField(own ownField) fyne.CanvasObject {
	return f.field("crd.f_"+own.Name, widgets.GroundField(own.entry))
}

func (f *form) field(key string, object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Column(4, widgets.NewLabel(f.panel.host.Text().T(key), theme.Caption, widgets.InkMuted), object)
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
	f.stale = false
	theirs := newer.fields.Changed(f.base)
	if len(theirs) == 0 {
		f.as.etag = newer.etag
		f.layFoot()
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
		out = append(out, i18n.Lowered(present.FieldName(field, f.panel.host.Text())))
	}
	return strings.Join(out, ", ")
}
