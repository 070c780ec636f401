package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// pbx is the part of the page about the connected PBX.
type pbx struct {
	view       *View
	it         client.Integration // empty id: none is connected yet
	key, salt  *widgets.Entry
	url        *widgets.Entry
	active     bool
	forwarding bool
	extensions map[string]*widgets.Entry
	checks     []client.Check
	checking   bool
	told       string
}

func newPBX(view *View, found []client.Integration) *pbx {
	p := &pbx{view: view, active: true, extensions: map[string]*widgets.Entry{}}
	if len(found) > 0 {
		p.it, p.active, p.forwarding = found[0], found[0].Active, found[0].Forwarding
	}
	text := view.host.Text()
	p.key, p.salt, p.url = widgets.NewEntry(""), widgets.NewPassword(""), widgets.NewEntry("https://app.mango-office.ru/vpbx/")
	p.key.SetText(p.it.APIKey)
	p.url.SetText(p.it.APIURL)
	if p.it.HasSalt {
		p.salt.SetPlaceHolder(text.T("set.salt_kept"))
	}
	for _, person := range view.host.Model().People() {
		entry := widgets.NewEntry("")
		entry.SetText(person.Extension)
		p.extensions[person.ID] = entry
	}
	return p
}

func (p *pbx) boxes() []fyne.CanvasObject {
	text := p.view.host.Text()
	active := widgets.Switch(text.T("set.active"), p.active, func(on bool) { p.active = on })
	title := widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, widgets.NewBold(text.T("set.pbx"), theme.Title, widgets.InkNormal), active)
	save := widgets.NewButton(text.T("act.save"), widgets.Primary, p.save)
	rows := []fyne.CanvasObject{
		line(text.T("set.key"), widgets.Field(p.key)),
		line(text.T("set.salt"), widgets.Field(p.salt)), line(text.T("set.url"), widgets.Field(p.url)),
	}
	if p.it.ID == "" {
		rows = append(rows, widgets.NewLabel(text.T("set.none"), theme.Body, widgets.InkMuted))
	}
	if p.told != "" {
		rows = append(rows, widgets.NewParagraph(p.told, theme.Body, 560, 3, widgets.ToneInk(theme.ToneHold)))
	}
	out := []fyne.CanvasObject{title, panel(text.T("set.data"), save, rows...)}
	if p.it.ID == "" {
		return out
	}
	copyHook := widgets.NewButton(text.T("act.copy"), widgets.Quiet, func() { p.view.host.Copy(p.it.HookURL) })
	hook := widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Sized(widgets.Pad(7, 10, 7, 10, widgets.NewLabel(p.it.HookURL, theme.Body, widgets.InkNormal)), 0, theme.Field))
	out = append(out, panel(text.T("set.hook"), nil, widgets.Row(12, []float32{widgets.Wide, 0}, hook, copyHook)))
	return append(out, p.extensionBox(), p.checkBox())
}

func (p *pbx) extensionBox() fyne.CanvasObject {
	text := p.view.host.Text()
	var rows []fyne.CanvasObject
	for _, person := range p.view.host.Model().People() {
		if entry := p.extensions[person.ID]; entry != nil {
			rows = append(rows, widgets.Row(12, []float32{widgets.Wide, 140},
				widgets.NewLabel(person.Name, theme.Body, widgets.InkNormal), widgets.Field(entry)))
		}
	}
	rows = append(rows, widgets.Row(0, nil, widgets.Switch(text.T("set.forward"), p.forwarding, func(on bool) { p.forwarding = on })))
	return panel(text.T("set.ext"), widgets.NewButton(text.T("act.save"), widgets.Quiet, p.save), rows...)
}

func (p *pbx) checkBox() fyne.CanvasObject {
	text := p.view.host.Text()
	var rows []fyne.CanvasObject
	for _, check := range p.checks {
		sign, tone := "✓", theme.ToneRing
		switch check.State {
		case "warning":
			sign, tone = "!", theme.ToneHold
		case "failed":
			sign, tone = "×", theme.ToneMiss
		}
		rows = append(rows, widgets.TopRow(12, []float32{16, 220, widgets.Wide},
			widgets.NewBold(sign, theme.Body, widgets.ToneInk(tone)),
			widgets.NewLabel(check.Name, theme.Body, widgets.InkNormal),
			widgets.NewParagraph(check.Text, theme.Body, 480, 4, widgets.InkMuted)))
	}
	button := widgets.NewButton(text.T("act.check"), widgets.Quiet, p.check)
	button.SetEnabled(!p.checking)
	return panel(text.T("set.check"), button, rows...)
}

func (p *pbx) check() {
	p.checking = true
	p.view.draw()
	p.view.host.Work(func(ctx context.Context, api *client.API) error {
		checks, err := api.CheckIntegration(ctx, p.it.ID)
		p.checks = checks
		return err
	}, func(err error) {
		p.checking = false
		if err != nil {
			p.view.host.Tell(ui.Explain(err, p.view.host.Text()))
		}
		p.view.draw()
	})
}

func (p *pbx) save() {
	kind, key, url := "mango", strings.TrimSpace(p.key.Text), strings.TrimSpace(p.url.Text)
	in := client.IntegrationInput{APIKey: &key, Active: &p.active, Forwarding: &p.forwarding}
	if url != "" {
		in.APIURL = &url
	}
	// An empty field keeps the salt: the server never sends it back.
	if salt := strings.TrimSpace(p.salt.Text); salt != "" {
		in.APISalt = &salt
	}
	id := p.it.ID
	rows := []client.ExtensionRow{}
	for employee, entry := range p.extensions {
		if extension := strings.TrimSpace(entry.Text); extension != "" {
			rows = append(rows, client.ExtensionRow{EmployeeID: employee, Extension: extension})
		}
	}
	var saved client.Integration
	p.view.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if id == "" {
			in.Kind = &kind
			saved, err = api.CreateIntegration(ctx, in)
			return err
		}
		if saved, err = api.UpdateIntegration(ctx, id, in); err != nil {
			return err
		}
		_, err = api.SetExtensions(ctx, id, rows)
		return err
	}, func(err error) {
		text := p.view.host.Text()
		if err != nil {
			p.told = ui.Explain(err, text)
		} else {
			p.it, p.told = saved, text.T("set.saved")
			p.salt.SetText("")
			if saved.HasSalt {
				p.salt.SetPlaceHolder(text.T("set.salt_kept"))
			}
		}
		p.view.draw()
	})
}
