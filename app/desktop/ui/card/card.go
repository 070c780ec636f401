// Package card draws the card of a contract or client at the right of the main window,
// and the form that makes or changes one. It reads and writes through the host; whose
// number it is and what binds to it is the server's to say.
package card

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// inner is the width of the panel's text.
const inner = theme.Panel - 2*18

// recent is how many feed entries the card shows.
const recent = 8

// Record is a contract or a client, as far as the card shows both alike.
type Record struct {
	Kind              client.SubjectKind
	ID, Name, About   string
	Phones            []string
	Email, Note, Lead string
	Responsible       *client.Person
	// Elsewhere is what finds the card in another CRM.
	Elsewhere model.CRMCard
}

func ofClient(c client.Client) Record {
	return Record{
		Kind: client.KindClient, ID: c.ID, Name: c.Name, About: c.Kind, Phones: c.Phones,
		Email: c.Email, Note: c.Note, Responsible: c.Responsible, Lead: c.Kind, Elsewhere: model.CRMCardOfClient(c),
	}
}

// Panel shows one record. All methods belong on Fyne's goroutine.
type Panel struct {
	widget.BaseWidget
	host   ui.Host
	closed func()
	box    *fyne.Container
	record Record
	kind   client.SubjectKind
	id     string
	recent []client.FeedEntry
	note   *widgets.Entry
	form   *form
}

// New is an empty panel; closed is called when the person puts it away.
func New(host ui.Host, closed func()) *Panel {
	p := &Panel{host: host, closed: closed, box: container.NewStack()}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.box) }

// Open reads and shows a record.
func (p *Panel) Open(kind client.SubjectKind, id string) {
	if p.kind != kind || p.id != id {
		p.kind, p.id, p.form = kind, id, nil
		p.set(widgets.Middle(widgets.NewLabel(p.host.Text().T("subj.loading"), theme.Body, widgets.InkMuted).Fixed()))
	}
	var record Record
	var page client.Page[client.FeedEntry]
	text := p.host.Text()
	p.host.Work(func(ctx context.Context, api *client.API) error {
		if kind == client.KindContract {
			c, err := api.Contract(ctx, id)
			if err != nil {
				return err
			}
			record = Record{Kind: kind, ID: c.ID, Name: c.Name, Phones: c.Phones, Note: c.Note, Responsible: c.Responsible}
			record.Elsewhere = model.CRMCardOfContract(c)
			record.About = contractAbout(c, text.T("subject.contract"))
		} else {
			c, err := api.Client(ctx, id)
			if err != nil {
				return err
			}
			record = ofClient(c)
		}
		var err error
		page, err = api.Feed(ctx, client.FeedQuery{Subject: string(kind) + ":" + id, Limit: recent})
		return err
	}, func(err error) {
		if p.id != id || p.kind != kind {
			return
		}
		if err != nil {
			p.set(widgets.Broken(p.host.Text().T("subj.broken"), ui.Explain(err, p.host.Text()), p.host.Text().T("act.repeat"),
				func() { p.Open(kind, id) }))
			return
		}
		p.record, p.recent = record, page.Items
		if p.form == nil {
			p.draw()
		}
	})
}

func contractAbout(c client.Contract, word string) string {
	parts := []string{word + " № " + c.Number}
	for _, part := range []string{c.Category, c.Group} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// Follow reads the record anew when it, or its feed, changed.
func (p *Panel) Follow(kind client.SubjectKind, id string) {
	if p.id != "" && p.kind == kind && p.id == id {
		p.Open(kind, id)
	}
}

// Opened tells which record is shown.
func (p *Panel) Opened() (client.SubjectKind, string) { return p.kind, p.id }

func (p *Panel) set(object fyne.CanvasObject) {
	p.box.Objects = []fyne.CanvasObject{object}
	p.box.Refresh()
}

func (p *Panel) draw() {
	text, r := p.host.Text(), p.record
	about := r.About
	if r.Kind == client.KindClient {
		about = model.SubjectDetail(client.Subject{Kind: r.Kind, Detail: r.About}, text)
	}
	head := widgets.TopRow(12, []float32{48, widgets.Wide, 0},
		widgets.NewAvatar(model.Initials(r.Name), theme.ToneAccent, 48),
		widgets.Column(2, bold(r.Name, inner-48-12-32), widgets.NewParagraph(about, theme.Caption, inner-48-12-32, 2, widgets.InkMuted)),
		widgets.NewButton("×", widgets.Link, p.Close))
	subject := &client.Subject{Kind: r.Kind, ID: r.ID, Name: r.Name, Detail: r.About}
	call := widgets.NewButton(text.T("act.call"), widgets.Call, nil)
	call.SetEnabled(len(r.Phones) > 0)
	if len(r.Phones) > 0 {
		call.OnTap = func() { p.host.Dial(r.Phones[0], subject) }
	}
	buttons := widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, call,
		widgets.NewButton(text.T("act.edit"), widgets.Quiet, p.Edit))
	parts := []fyne.CanvasObject{head, widgets.Pad(10, 0, 0, 0, buttons)}
	if elsewhere := model.CRMLink(p.host.Model().School().CRMLink, r.Kind, r.Elsewhere); elsewhere != "" {
		parts = append(parts, widgets.Pad(theme.Gap, 0, 0, 0, widgets.NewButton(text.T("num.crm"), widgets.Quiet, func() { p.host.OpenURL(elsewhere) })))
	}
	var phones []fyne.CanvasObject
	for _, number := range r.Phones {
		phones = append(phones, widgets.Row(2, []float32{widgets.Wide, 0},
			widgets.NewLabel(model.PrettyPhone(number, text), theme.Body, widgets.InkNormal),
			numbermenu.Beside(p.host, number, subject)))
	}
	if len(phones) == 0 {
		phones = append(phones, widgets.NewLabel(text.T("reg.no_phone"), theme.Body, widgets.InkMuted))
	}
	parts = append(parts, p.field("subj.phones", phones...))
	if r.Email != "" {
		parts = append(parts, p.field("subj.email", widgets.NewLabel(r.Email, theme.Body, widgets.InkNormal)))
	}
	if r.Responsible != nil {
		parts = append(parts, p.field("subj.responsible", widgets.NewLabel(r.Responsible.Name, theme.Body, widgets.InkNormal)))
	}
	if r.Note != "" {
		parts = append(parts, p.field("subj.note", widgets.NewParagraph(r.Note, theme.Body, inner, 6, widgets.InkNormal)))
	}
	parts = append(parts, p.field("subj.last", p.last()...), widgets.Pad(12, 0, 0, 0, p.noteLine()))
	p.set(container.NewVScroll(widgets.Pad(18, 18, 18, 18, widgets.Column(0, parts...))))
}

func bold(text string, width float32) fyne.CanvasObject {
	name := widgets.NewParagraph(text, theme.Heading, width, 3, widgets.InkNormal)
	name.Bold = true
	name.Refresh()
	return name
}

func (p *Panel) field(key string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	label := widgets.NewLabel(p.host.Text().T(key), theme.Caption, widgets.InkMuted)
	return widgets.Pad(14, 0, 0, 0, widgets.Column(2, append([]fyne.CanvasObject{label}, objects...)...))
}

func (p *Panel) last() []fyne.CanvasObject {
	text, now := p.host.Text(), p.host.Now()
	var out []fyne.CanvasObject
	for n, entry := range p.recent {
		row := model.RowOf(entry, text, now)
		words := text.Short(entry.At, now) + " — " + row.What
		if row.WhatAbout != "" {
			words += ", " + row.WhatAbout
		}
		ink := widgets.InkMuted
		if n == 0 {
			ink = widgets.InkNormal
		}
		out = append(out, widgets.NewParagraph(words, theme.Body, inner, 2, ink))
	}
	if len(out) == 0 {
		out = append(out, widgets.NewLabel(text.T("subj.nothing_yet"), theme.Body, widgets.InkMuted))
	}
	return out
}

func (p *Panel) noteLine() fyne.CanvasObject {
	text := p.host.Text()
	kept := ""
	if p.note != nil {
		kept = p.note.Text // a redraw must not eat what is being typed
	}
	p.note = widgets.NewEntry(text.T("card.note_hint"))
	p.note.SetText(kept)
	p.note.OnSubmitted = func(words string) {
		if strings.TrimSpace(words) == "" {
			return
		}
		kind, id := p.kind, p.id
		p.host.Work(func(ctx context.Context, api *client.API) error {
			_, err := api.AddNote(ctx, client.NewNote{Subject: client.SubjectRef{Kind: kind, ID: id}, Text: words})
			return err
		}, func(err error) {
			if err != nil {
				p.host.Tell(ui.Explain(err, p.host.Text()))
				return
			}
			p.note.SetText("")
			p.Open(kind, id)
		})
	}
	return widgets.SoftField(p.note)
}

// Close puts the panel away.
func (p *Panel) Close() {
	p.kind, p.id, p.form, p.note = "", "", nil, nil
	p.closed()
}
