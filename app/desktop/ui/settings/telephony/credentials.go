package telephony

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// credentials is the first step: what is copied out of the PBX's cabinet, field by field as the kind
// tells them, and where the PBX is.
type credentials struct {
	p       *page
	box     *fyne.Container
	fields  map[string]*panel.Field // by name; a secret's kept value is always empty: it is never sent back
	address *panel.Field
	steps   *widgets.Button
	dirty   bool // as last drawn
	told    panel.Told
}

// dots stand for a secret that the server keeps.
const dots = 20

func newCredentials(p *page) *credentials {
	c := &credentials{p: p, box: widgets.Stack(), fields: map[string]*panel.Field{}}
	c.address = c.field(widgets.NewCode(""), &p.state.address)
	c.steps = widgets.NewButton("", widgets.Bare, c.toggleSteps)
	return c
}

func (c *credentials) field(entry *widgets.Entry, draft *panel.Draft) *panel.Field {
	f := panel.NewField(entry, draft)
	f.OnEdit = c.typed
	f.OnSubmitted = func(string) { c.save() }
	return f
}

// of is the field of a credential.
func (c *credentials) of(cred client.CredentialField) *panel.Field {
	if f := c.fields[cred.Name]; f != nil {
		return f
	}
	entry := widgets.NewCode("")
	if cred.Secret {
		entry = widgets.NewPassword("")
		entry.TextStyle.Monospace = true
	}
	f := c.field(entry, c.p.state.field(cred.Name))
	if cred.Secret {
		f.OnEscape = func() { c.replace(cred, false) }
	}
	c.fields[cred.Name] = f
	return f
}

// update shows what the server holds.
func (c *credentials) update() {
	for _, cred := range c.p.kind().Credentials {
		if !cred.Secret {
			c.of(cred).Update(value(c.p.it, cred.Name))
		}
	}
	c.address.Update(c.p.it.APIURL)
}

func (c *credentials) changed() bool {
	for _, cred := range c.p.kind().Credentials {
		if c.of(cred).Changed() {
			return true
		}
	}
	return c.address.Changed() || c.p.isNew()
}

// typed draws the panel when the way to save must come or go, not with every letter.
func (c *credentials) typed() {
	if c.changed() != c.dirty || c.told.Words != "" {
		c.told = panel.Told{}
		c.p.redraw()
	}
}

// replace lets a secret be typed anew, or goes back to the kept one.
func (c *credentials) replace(cred client.CredentialField, on bool) {
	f := c.of(cred)
	c.p.state.replacing[cred.Name] = on
	f.SetText("")
	c.p.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(f); on && over != nil {
		over.Focus(f)
	}
}

// focus puts the keyboard into the first field.
func (c *credentials) focus() {
	first := c.address
	if all := c.p.kind().Credentials; len(all) > 0 && !c.ownAddress() {
		first = c.of(all[0])
	}
	if over := fyne.CurrentApp().Driver().CanvasForObject(first); over != nil {
		over.Focus(first)
	}
}

func (c *credentials) reset() {
	if c.p.isNew() {
		c.p.v.giveUp()
		return
	}
	for _, cred := range c.p.kind().Credentials {
		c.of(cred).Reset()
		c.p.state.replacing[cred.Name] = false
	}
	c.address.Reset()
	c.p.state.addressOpen, c.told = false, panel.Told{}
	c.p.redraw()
}

func (c *credentials) toggleSteps() {
	c.p.state.stepsOpen = !c.p.state.stepsOpen
	c.p.redraw()
}

func (c *credentials) fill(number string) {
	text, width, k := c.p.v.host.Text(), c.p.v.inner(), c.p.kind()
	c.dirty = c.changed()
	title, hint, alone := text.T("tel.data"), "", len(k.Credentials) == 1 && !c.ownAddress()
	if len(k.Credentials) > 0 {
		hint = text.Either(k.Credentials[0].Hint, k.Credentials[0].HintEN)
	}
	first := hint // the next ones may repeat it
	if alone {    // its label is the panel's title
		title = text.Either(k.Credentials[0].Label, k.Credentials[0].LabelEN)
	}
	var rows []fyne.CanvasObject
	side := c.stepsButton()
	if len(side) > 0 && hint != "" { // beside the button it would be cut
		rows, hint = append(rows, panel.Wrapped(hint, theme.Caption, width, widgets.InkMuted)), ""
	}
	if c.p.state.stepsOpen {
		rows = append(rows, c.stepRows(width)...)
	}
	if c.ownAddress() {
		rows = append(rows, c.addressRow())
	}
	rows = append(rows, c.fieldRows(k.Credentials, first, alone)...)
	if !c.ownAddress() {
		rows = append(rows, c.addressRow())
	}
	rows = append(rows, c.told.Row(width)...)
	if c.dirty {
		rows = append(rows, panel.Unsaved(text, !c.p.isNew(), c.p.kindOf(actCredentials), c.reset, c.save))
	}
	section := panel.NewSection(number+title, hint, side...)
	section.Set(rows)
	c.box.Objects = []fyne.CanvasObject{section.Box}
}

// fieldRows are the fields with their hints, but for the panel's own; those that may stay empty, and do,
// wait behind a button.
func (c *credentials) fieldRows(fields []client.CredentialField, hint string, alone bool) []fyne.CanvasObject {
	text := c.p.v.host.Text()
	var rows []fyne.CanvasObject
	folded := false
	for n, cred := range fields {
		label := text.Either(cred.Label, cred.LabelEN)
		if alone {
			label = ""
		}
		if cred.Optional && !c.p.state.moreOpen && c.of(cred).Value() == "" && !c.of(cred).Changed() && !holds(c.p.it, cred.Name) {
			folded = true
			continue
		}
		rows = append(rows, c.row(cred, label))
		if words := text.Either(cred.Hint, cred.HintEN); n > 0 && words != "" && words != hint {
			inner := c.p.v.inner() - labelWidth - 12
			rows = append(rows, line("", panel.Wrapped(words, theme.Caption, inner, widgets.InkMuted)))
		}
	}
	if folded {
		more := widgets.NewButton(text.T("tel.more"), widgets.Bare, func() {
			c.p.state.moreOpen = true
			c.p.redraw()
		})
		rows = append(rows, widgets.Pad(0, 0, 0, -6, widgets.Row(0, nil, more)))
	}
	return rows
}

// ownAddress tells that every customer of this PBX has an address of their own.
func (c *credentials) ownAddress() bool {
	k := c.p.kind()
	return k.described && k.DefaultURL == ""
}

// stepsButton shows or hides what is to be done in the cabinet, where the kind tells it.
func (c *credentials) stepsButton() []fyne.CanvasObject {
	if len(c.p.kind().Steps) == 0 {
		return nil
	}
	key := "tel.steps"
	if c.p.state.stepsOpen {
		key = "tel.steps_hide"
	}
	c.steps.SetLabel(c.p.v.host.Text().T(key))
	return []fyne.CanvasObject{c.steps}
}

func (c *credentials) stepRows(width float32) []fyne.CanvasObject {
	text := c.p.v.host.Text()
	var out []fyne.CanvasObject
	for n, step := range c.p.kind().Steps {
		out = append(out, widgets.TopRow(theme.Gap, []float32{panel.SignColumn, widgets.Wide},
			widgets.NewLabel(strconv.Itoa(n+1)+".", theme.Body, widgets.InkMuted),
			panel.Wrapped(text.Either(step.Text, step.TextEN), theme.Body, width-panel.SignColumn-theme.Gap, widgets.InkMuted)))
	}
	if len(out) == 0 {
		return nil
	}
	return []fyne.CanvasObject{widgets.Column(4, out...)}
}

// row is a credential's field; without a label it takes the whole width.
func (c *credentials) row(cred client.CredentialField, label string) fyne.CanvasObject {
	text, f, kept := c.p.v.host.Text(), c.of(cred), holds(c.p.it, cred.Name)
	put := func(objects ...fyne.CanvasObject) fyne.CanvasObject {
		if label == "" {
			return widgets.Row(12, []float32{widgets.Wide}, objects...)
		}
		return line(label, objects...)
	}
	switch {
	case !cred.Secret || !kept:
		return put(widgets.GroundField(f.Entry))
	case c.p.state.replacing[cred.Name]:
		return put(widgets.GroundField(f.Entry), widgets.NewButton(text.T("set.keep"), widgets.Quiet, func() { c.replace(cred, false) }))
	}
	shown := widgets.Shown(widgets.NewMono(strings.Repeat("•", dots), theme.Body, widgets.InkNormal))
	return put(shown, widgets.NewButton(text.T("set.replace"), widgets.Quiet, func() { c.replace(cred, true) }))
}

// addressRow is where the PBX takes commands: a field where every customer has an address of their own
// or somebody has written another one, else one line with a way to change it.
func (c *credentials) addressRow() fyne.CanvasObject {
	text, k := c.p.v.host.Text(), c.p.kind()
	if c.ownAddress() || c.p.state.addressOpen || c.address.Value() != k.DefaultURL || k.DefaultURL == "" {
		c.address.SetPlaceHolder(c.example())
		return line(text.T("set.url"), widgets.GroundField(c.address.Entry))
	}
	open := func() {
		c.p.state.addressOpen = true
		c.p.redraw()
	}
	words := widgets.NewLabel(text.T("tel.at", "address", k.DefaultURL), theme.Caption, widgets.InkMuted)
	return widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, words, widgets.NewButton(text.T("tel.other_address"), widgets.Bare, open))
}

// example is what a customer's own address looks like.
func (c *credentials) example() string {
	for _, brand := range c.p.kind().Brands {
		if brand.Title == c.p.it.Name || c.p.it.Name == "" {
			return brand.Address
		}
	}
	return "https://"
}

// lacking names the fields that must be filled in before saving.
func (c *credentials) lacking() []string {
	text := c.p.v.host.Text()
	var out []string
	if c.ownAddress() && c.address.Value() == "" {
		out = append(out, text.T("set.url"))
	}
	for _, cred := range c.p.kind().Credentials {
		if !cred.Optional && c.of(cred).Value() == "" && !(cred.Secret && holds(c.p.it, cred.Name)) {
			out = append(out, text.Either(cred.Label, cred.LabelEN))
		}
	}
	return out
}

func (c *credentials) save() {
	text := c.p.v.host.Text()
	if lacking := c.lacking(); len(lacking) > 0 {
		c.told = panel.Fault(text.T("tel.lacking", "fields", strings.Join(lacking, ", ")))
		c.p.redraw()
		return
	}
	in := client.IntegrationInput{Credentials: map[string]string{}}
	for _, cred := range c.p.kind().Credentials {
		if f := c.of(cred); f.Changed() {
			in.Credentials[cred.Name] = f.Value()
		}
	}
	if address := c.address.Value(); c.address.Changed() || c.p.isNew() {
		in.APIURL = &address
	}
	if c.p.isNew() {
		in.Active = &c.p.it.Active
		if c.p.it.Name != "" {
			in.Name = &c.p.it.Name
		}
	}
	c.p.save(in, func(err error) {
		if err != nil {
			c.told = panel.Fault(ui.Explain(err, text))
			return
		}
		for _, cred := range c.p.kind().Credentials {
			if cred.Secret {
				c.of(cred).SetText("")
			}
		}
		clear(c.p.state.replacing)
		c.p.state.addressOpen, c.told = false, panel.Done(text.T("set.saved"))
	})
}
