package card

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/phone"
	"dozvon/client"
)

// form makes a new lead, or changes a contract or client.
type form struct {
	panel                     *Panel
	name, phones, email, note *widgets.Entry
	problem                   *widgets.Paragraph
	save                      *widgets.Button
	fresh                     bool
	busy                      bool
}

// NewLead opens an empty form with the number filled in.
func (p *Panel) NewLead(number string) {
	p.kind, p.id, p.record = client.KindClient, "", Record{Kind: client.KindClient, Phones: nonEmpty(number)}
	p.openForm(true)
}

// Edit opens the form of the record shown.
func (p *Panel) Edit() { p.openForm(false) }

// SaveAs fills the name of an open form in and saves it.
func (p *Panel) SaveAs(name string) {
	if p.form != nil {
		p.form.name.SetText(name)
		p.form.submit()
	}
}

func nonEmpty(number string) []string {
	if number == "" {
		return nil
	}
	return []string{number}
}

func (p *Panel) openForm(fresh bool) {
	text := p.host.Text()
	f := &form{panel: p, fresh: fresh}
	p.form = f
	f.name, f.phones = widgets.NewEntry(""), widgets.NewEntry(text.T("form.phones_hint"))
	f.email, f.note = widgets.NewEntry(""), widgets.NewMultiline("", 3)
	f.name.SetText(p.record.Name)
	f.phones.SetText(strings.Join(p.record.Phones, ", "))
	f.email.SetText(p.record.Email)
	f.note.SetText(p.record.Note)
	f.problem = widgets.NewParagraph("", theme.Small, inner, 4, widgets.ToneInk(theme.ToneMiss))
	f.save = widgets.NewButton(text.T("act.save"), widgets.Primary, f.submit)
	f.name.OnSubmitted = func(string) { f.submit() }
	f.name.OnEscape = f.cancel
	title := "form.edit"
	if fresh {
		title = "form.new"
	}
	parts := []fyne.CanvasObject{
		widgets.NewBold(text.T(title), theme.Heading, widgets.InkNormal),
		f.field("form.name", widgets.Field(f.name)), f.field("form.phones", widgets.Field(f.phones)),
	}
	if p.kind == client.KindClient {
		parts = append(parts, f.field("form.email", widgets.Field(f.email)))
	}
	note := widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line), f.note)
	parts = append(parts, f.field("form.note", note), f.problem,
		widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, f.save,
			widgets.NewButton(text.T("act.cancel"), widgets.Quiet, f.cancel)))
	p.set(widgets.Fill(widgets.Pad(18, 18, 18, 18, widgets.Column(12, parts...)), widgets.Space(0, 0), nil))
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(p); canvas != nil {
		canvas.Focus(f.name)
	}
}

func (f *form) field(key string, object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Column(4, widgets.NewLabel(f.panel.host.Text().T(key), theme.Caption, widgets.InkMuted), object)
}

func (f *form) cancel() {
	f.panel.form = nil
	if f.fresh {
		f.panel.Close()
		return
	}
	f.panel.draw()
}

func (f *form) submit() {
	text := f.panel.host.Text()
	name := strings.TrimSpace(f.name.Text)
	if name == "" {
		f.problem.Set(text.T("form.need_name"))
		return
	}
	phones := []string{}
	for _, part := range strings.Split(f.phones.Text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		number, err := phone.Parse(part)
		if err != nil {
			f.problem.Set(text.T("form.bad_phone", "phone", part))
			return
		}
		phones = append(phones, string(number))
	}
	if f.busy {
		return // a second Enter must not make a second lead
	}
	f.busy = true
	f.save.SetEnabled(false)
	email, note, lead := f.email.Text, f.note.Text, "lead"
	kind, id := f.panel.kind, f.panel.id
	f.panel.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		switch {
		case f.fresh:
			var made client.Client
			made, err = api.CreateClient(ctx, client.ClientInput{Kind: &lead, Name: &name, Phones: &phones, Email: &email, Note: &note})
			id = made.ID
		case kind == client.KindClient:
			_, err = api.UpdateClient(ctx, id, client.ClientInput{Name: &name, Phones: &phones, Email: &email, Note: &note})
		default:
			_, err = api.UpdateContract(ctx, id, client.ContractInput{Name: &name, Phones: &phones, Note: &note})
		}
		return err
	}, func(err error) {
		f.busy = false
		f.save.SetEnabled(true)
		if err != nil {
			f.problem.Set(ui.Explain(err, text))
			return
		}
		f.panel.form = nil
		f.panel.host.OpenSubject(kind, id)
	})
}
