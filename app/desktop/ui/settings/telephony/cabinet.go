package telephony

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// cabinet is the first step: what is copied out of the PBX's cabinet.
type cabinet struct {
	panel.Section
	p         *page
	key, url  *panel.Field
	salt      *panel.Field // what the server holds is never sent back, so kept is always empty
	replacing bool         // a new salt is being typed instead of the kept one
	dirty     bool         // as last drawn
	told      panel.Told
}

// dots stand for a salt that the server keeps.
const dots = 20

func newCabinet(p *page) *cabinet {
	text := p.t.host.Text()
	c := &cabinet{Section: panel.NewSection(text.T("set.data"), text.T("set.data_hint")), p: p}
	c.key, c.url = panel.NewField(widgets.NewCode(""), &panel.Draft{}), panel.NewField(widgets.NewCode(""), &panel.Draft{})
	c.salt = panel.NewField(widgets.NewPassword(""), &panel.Draft{})
	c.salt.TextStyle.Monospace = true
	for _, f := range []*panel.Field{c.key, c.salt, c.url} {
		f.OnEdit = c.typed
		f.OnSubmitted = func(string) { c.save() }
	}
	c.salt.OnEscape = func() { c.replace(false) }
	return c
}

// update shows what the server holds.
func (c *cabinet) update() {
	c.key.Update(c.p.it.APIKey)
	c.url.Update(c.p.it.APIURL)
}

func (c *cabinet) changed() bool {
	return c.key.Changed() || c.url.Changed() || c.salt.Changed() || c.p.isNew()
}

// typed draws the panel when the way to save must come or go, not with every letter.
func (c *cabinet) typed() {
	if c.changed() != c.dirty || c.told.Words != "" {
		c.told = panel.Told{}
		c.p.redraw()
	}
}

func (c *cabinet) replace(on bool) {
	c.replacing = on
	c.salt.SetText("")
	c.p.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(c.salt); on && over != nil {
		over.Focus(c.salt)
	}
}

func (c *cabinet) reset() {
	if c.p.isNew() {
		c.p.t.giveUp()
		return
	}
	c.key.Reset()
	c.url.Reset()
	c.replace(false)
}

func (c *cabinet) fill() {
	text := c.p.t.host.Text()
	c.dirty = c.changed()
	rows := []fyne.CanvasObject{
		panel.Line(text.T("set.key"), widgets.GroundField(c.key.Entry)),
		c.saltLine(), panel.Line(text.T("set.url"), widgets.GroundField(c.url.Entry)),
	}
	rows = append(rows, c.told.Row(c.p.t.page.Inner())...)
	if c.dirty {
		rows = append(rows, panel.Unsaved(text, !c.p.isNew(), c.reset, c.save))
	}
	c.Set(rows)
}

func (c *cabinet) saltLine() fyne.CanvasObject {
	text := c.p.t.host.Text()
	if c.p.it.HasSalt && !c.replacing {
		kept := widgets.Shown(widgets.NewMono(strings.Repeat("•", dots), theme.Small, widgets.InkNormal))
		return panel.Line(text.T("set.salt"), kept, widgets.NewButton(text.T("set.replace"), widgets.Quiet, func() { c.replace(true) }))
	}
	if !c.p.it.HasSalt {
		return panel.Line(text.T("set.salt"), widgets.GroundField(c.salt.Entry))
	}
	return panel.Line(text.T("set.salt"), widgets.GroundField(c.salt.Entry),
		widgets.NewButton(text.T("set.keep"), widgets.Quiet, func() { c.replace(false) }))
}

func (c *cabinet) save() {
	text := c.p.t.host.Text()
	key, url, salt := c.key.Value(), c.url.Value(), c.salt.Value()
	if key == "" || salt == "" && !c.p.it.HasSalt {
		c.told = panel.Fault(text.T("set.need_data"))
		c.p.redraw()
		return
	}
	in := client.IntegrationInput{APIKey: &key, APIURL: &url}
	if salt != "" {
		in.APISalt = &salt
	}
	if c.p.isNew() {
		in.Active = &c.p.it.Active
	}
	c.p.save(in, func(err error) {
		if err != nil {
			c.told = panel.Fault(ui.Explain(err, text))
			return
		}
		c.salt.SetText("")
		c.replacing = false
		c.told = panel.Done(text.T("set.saved"))
	})
}
