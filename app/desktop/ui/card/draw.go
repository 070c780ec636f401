package card

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/callbutton"
	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// avatar is the circle of the card's head.
	avatar float32 = 48
	// cross is what the cross takes of the name's width.
	cross float32 = 14
	// noteMost and entryMost are lines of the card's own note and of an entry of the feed.
	noteMost, entryMost = 6, 3
)

// drawing draws the parts of the panel.
type drawing struct{ *Panel }

// draw puts together what the panel holds now.
func (p *Panel) draw() { drawing{p}.whole() }

func (p drawing) whole() {
	parts := []fyne.CanvasObject{p.head()}
	if chips := p.chips(); chips != nil {
		parts = append(parts, widgets.Pad(12, 0, 0, 0, chips))
	}
	parts = append(parts, widgets.Pad(12, 0, 0, 0, p.buttons()))
	if p.asking {
		parts = append(parts, widgets.Pad(theme.Gap, 0, 0, 0, p.askDelete()))
	}
	parts = append(parts, p.field("subj.phones", p.phones()...))
	parts = append(parts, p.about()...)
	parts = append(parts, p.kin()...)
	parts = append(parts, p.field("subj.last", p.last()...), widgets.Pad(12, 0, 0, 0, p.noteLine()))
	content := widgets.Pad(side, side, side, side, widgets.Column(0, parts...))
	if p.scroll == nil {
		p.scroll = widgets.NewScroll(content, &p.state.scroll)
	}
	p.scroll.Content = content // the same scroll: what came by the stream must not throw a reader back to the top
	p.scroll.Refresh()
	p.drawn = p.host.Now()
	p.set(widgets.Stack(p.scroll, p.corner()))
}

func (p drawing) head() fyne.CanvasObject {
	r, width := p.record, inner-avatar-12-cross
	return widgets.TopRow(12, []float32{avatar, widgets.Wide},
		widgets.NewAvatar(present.Initials(r.fields.Name), theme.ToneAccent, avatar),
		widgets.Column(2, bold(r.fields.Name, width), widgets.NewParagraph(r.about, theme.Caption, width, 2, widgets.InkMuted)))
}

// corner holds the cross, above what scrolls: it stays where it is looked for.
func (p drawing) corner() fyne.CanvasObject {
	line := widgets.Row(0, []float32{widgets.Wide, 0}, widgets.Space(0, 0), widgets.NewButton("×", widgets.Bare, p.Close))
	return widgets.Fill(widgets.Pad(10, 10, 0, 0, line), widgets.Space(0, 0), nil)
}

func bold(text string, width float32) fyne.CanvasObject {
	name := widgets.NewParagraph(text, theme.Heading, width, 4, widgets.InkNormal)
	name.Bold = true
	name.Refresh()
	return name
}

// chips are the status, which a click changes, and the tags.
func (p drawing) chips() fyne.CanvasObject {
	var out []fyne.CanvasObject
	var pressed []widgets.Pressed
	if p.record.fields.Status != "" {
		status := p.statusChip()
		out, pressed = append(out, status), append(pressed, status)
	}
	for _, tag := range p.record.fields.Tags {
		shown := fit.Line(tag, inner-16, theme.Caption, fyne.TextStyle{Bold: true})
		out = append(out, widgets.NewChip(shown, theme.ToneMuted))
	}
	if len(out) == 0 {
		return nil
	}
	return widgets.NewBar(widgets.Flow(6, inner, out...), pressed...)
}

// statusTone goes with the word of a status.
func statusTone(status string) theme.Tone {
	switch status {
	case client.StatusNew, client.StatusContacted:
		return theme.ToneAccent
	case client.StatusThinking:
		return theme.ToneHold
	case client.StatusEnrolled, client.StatusActive:
		return theme.ToneRing
	case client.StatusRefused, client.StatusCancelled:
		return theme.ToneMiss
	}
	return theme.ToneMuted
}

// buttons are what is done most: calling, changing, and a menu with the rest.
func (p drawing) buttons() fyne.CanvasObject {
	text, r := p.host.Text(), p.record
	call := widgets.NewButton(text.T("act.call"), widgets.Call, nil)
	call.SetEnabled(false)
	if len(r.phones) > 0 {
		call = callbutton.New(p.host, text.T("act.call"), widgets.Call, r.phones[0], r.subject())
	}
	rows := []fyne.CanvasObject{widgets.Row(theme.Gap, []float32{widgets.Wide, 0, 0}, call,
		widgets.NewButton(text.T("act.edit"), widgets.Quiet, p.Edit), p.more())}
	if r.fields.Lead == model.Lead {
		rows = append(rows, widgets.NewButton(text.T("crd.promote"), widgets.Quiet, p.Promote))
	}
	if to := present.CRMLink(p.host.Model().School().CRMLink, r.ref.Kind, r.externalCRM); to != "" {
		rows = append(rows, widgets.NewButton(text.T("num.crm"), widgets.Quiet, func() { p.host.OpenURL(to) }))
	}
	return widgets.Column(theme.Gap, rows...)
}

func (p drawing) phones() []fyne.CanvasObject {
	text := p.host.Text()
	var out []fyne.CanvasObject
	for n, line := range present.PhoneLines(p.record.fields.Phones, text, p.host.Now()) {
		out = append(out, p.phone(line, p.record.fields.Phones[n].Number))
	}
	if len(out) == 0 {
		out = append(out, widgets.NewLabel(text.T("reg.no_phone"), theme.Body, widgets.InkMuted))
	}
	return out
}

// phone is a number with whose it is, where it is, and the menu of what can be done with it.
func (p drawing) phone(line present.PhoneLine, number string) fyne.CanvasObject {
	text := p.host.Text()
	under := line.Where
	words := []fyne.CanvasObject{widgets.NewLabel(line.Words, theme.Body, widgets.InkNormal)}
	var extra []numbermenu.Item
	if line.Bad {
		under = text.T("crd.bad_phone")
		extra = append(extra, numbermenu.Item{Words: text.T("num.copy"), Do: func() { p.host.Copy(line.Words) }})
	}
	room := inner - 28 - 6 - fyne.MeasureText(line.Words, theme.Body, fyne.TextStyle{}).Width
	switch {
	case line.Label == "":
	case fyne.MeasureText(line.Label, theme.Caption, fyne.TextStyle{}).Width < room-6:
		words = []fyne.CanvasObject{widgets.Row(6, []float32{0, widgets.Wide}, widgets.NewLabel(line.Words, theme.Body, widgets.InkNormal).Fixed(),
			widgets.NewLabel(line.Label, theme.Caption, widgets.InkMuted))}
	default:
		under = strings.TrimPrefix(under+" · "+line.Label, " · ")
	}
	if under != "" {
		ink := widgets.InkMuted
		if line.Bad {
			ink = widgets.ToneInk(theme.ToneHold)
		}
		words = append(words, widgets.NewParagraph(under, theme.Caption, inner-34, 2, ink))
	}
	return widgets.TopRow(6, []float32{widgets.Wide, 28}, widgets.Pad(6, 0, 0, 0, widgets.Column(0, words...)),
		numbermenu.Beside(p.host, number, p.record.subject(), extra...))
}

// about are the fields that are shown only when there is something in them.
func (p drawing) about() []fyne.CanvasObject {
	r := p.record
	var out []fyne.CanvasObject
	line := func(key, words string) {
		if words != "" {
			out = append(out, p.field(key, widgets.NewParagraph(words, theme.Body, inner, 2, widgets.InkNormal)))
		}
	}
	line("subj.email", r.fields.Email)
	for _, f := range model.ContractFields() {
		if !f.Titled {
			line("crd.f_"+f.Name, present.ContractValue(f, r.fields))
		}
	}
	if r.responsible != nil {
		line("subj.responsible", r.responsible.Name)
	}
	line("crd.f_external_id", r.externalID)
	if r.fields.Note != "" {
		out = append(out, p.field("subj.note", widgets.NewParagraph(r.fields.Note, theme.Body, inner, noteMost, widgets.InkNormal)))
	}
	return out
}

// kin are a client's contracts, or whose a contract is; a click opens them.
func (p drawing) kin() []fyne.CanvasObject {
	text, r := p.host.Text(), p.record
	if r.ref.Kind == client.KindContract {
		if r.owner == nil {
			return []fyne.CanvasObject{p.field("crd.f_client_id", widgets.Row(0, nil, outdent(p.ownerLine())))}
		}
		return []fyne.CanvasObject{p.field("crd.f_client_id", p.link(r.owner.Name, present.SubjectDetail(subjectOf(*r.owner), text),
			client.SubjectRef{Kind: client.KindClient, ID: r.owner.ID}))}
	}
	var rows []fyne.CanvasObject
	for _, c := range r.contracts {
		about := ""
		if c.Status != "" {
			about = present.StatusWord(client.KindContract, c.Status, text)
		}
		if c.Name != r.fields.Name {
			about = strings.TrimPrefix(about+" · "+c.Name, " · ") // a parent's contract is a child's
		}
		rows = append(rows, p.link(present.ContractWords(c, text), about, client.SubjectRef{Kind: client.KindContract, ID: c.ID}))
	}
	rows = append(rows, widgets.Row(0, nil, outdent(widgets.NewButton(text.T("crd.new_contract"), widgets.Link, p.NewContract))))
	return []fyne.CanvasObject{p.field("crd.contracts", rows...)}
}

// link is another card, to be opened by a click.
func (p drawing) link(name, about string, ref client.SubjectRef) fyne.CanvasObject {
	words := []fyne.CanvasObject{widgets.NewParagraph(name, theme.Body, inner, 2, widgets.ToneInk(theme.ToneAccent))}
	if about != "" {
		words = append(words, widgets.NewLabel(about, theme.Caption, widgets.InkMuted))
	}
	return widgets.Stack(widgets.Pad(4, 0, 4, 0, widgets.Column(0, words...)),
		outdent(widgets.NewPick(func() { p.host.OpenSubject(ref.Kind, ref.ID) })))
}

// outdent lets the ground of something to press reach over the edge of the text, so that its words
// stand in line with it.
func outdent(object fyne.CanvasObject) fyne.CanvasObject { return widgets.Pad(0, -6, 0, -6, object) }

func (p drawing) field(key string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	label := widgets.NewLabel(p.host.Text().T(key), theme.Caption, widgets.InkMuted)
	return widgets.Pad(14, 0, 0, 0, widgets.Column(2, append([]fyne.CanvasObject{label}, objects...)...))
}
