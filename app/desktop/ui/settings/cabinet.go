package settings

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// cabinet is the first step: what is copied out of the PBX's cabinet.
type cabinet struct {
	section
	p         *page
	key, url  *field
	salt      *field // what the server holds is never sent back, so kept is always empty
	replacing bool   // a new salt is being typed instead of the kept one
	dirty     bool   // as last drawn
	told      told
}

// dots stand for a salt that the server keeps.
const dots = 20

func newCabinet(p *page) *cabinet {
	text := p.view.host.Text()
	c := &cabinet{section: newSection(text.T("set.data"), text.T("set.data_hint")), p: p}
	c.key, c.url = &field{Entry: widgets.NewCode("")}, &field{Entry: widgets.NewCode("")}
	c.salt = &field{Entry: widgets.NewPassword("")}
	c.salt.TextStyle.Monospace = true
	for _, f := range []*field{c.key, c.salt, c.url} {
		f.OnChanged = func(string) { c.typed() }
		f.OnSubmitted = func(string) { c.save() }
	}
	c.salt.OnEscape = func() { c.replace(false) }
	return c
}

// take takes in what the server holds.
func (c *cabinet) take() {
	c.key.take(c.p.it.APIKey)
	c.url.take(c.p.it.APIURL)
}

func (c *cabinet) changed() bool {
	return c.key.changed() || c.url.changed() || c.salt.changed() || c.p.isNew()
}

// typed draws the panel when the way to save must come or go, not with every letter.
func (c *cabinet) typed() {
	if c.changed() != c.dirty || c.told.words != "" {
		c.told = told{}
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
	c.key.reset()
	c.url.reset()
	c.replace(false)
}

func (c *cabinet) fill() {
	text := c.p.view.host.Text()
	c.dirty = c.changed()
	rows := []fyne.CanvasObject{
		line(text.T("set.key"), widgets.GroundField(c.key.Entry)),
		c.saltLine(), line(text.T("set.url"), widgets.GroundField(c.url.Entry)),
	}
	rows = append(rows, c.told.row(c.p.view.inner())...)
	if c.dirty {
		rows = append(rows, unsaved(text, !c.p.isNew(), c.reset, c.save))
	}
	c.set(rows)
}

func (c *cabinet) saltLine() fyne.CanvasObject {
	text := c.p.view.host.Text()
	if c.p.it.HasSalt && !c.replacing {
		kept := widgets.Shown(widgets.NewMono(strings.Repeat("•", dots), theme.Small, widgets.InkNormal))
		return line(text.T("set.salt"), kept, widgets.NewButton(text.T("set.replace"), widgets.Quiet, func() { c.replace(true) }))
	}
	if !c.p.it.HasSalt {
		return line(text.T("set.salt"), widgets.GroundField(c.salt.Entry))
	}
	return line(text.T("set.salt"), widgets.GroundField(c.salt.Entry),
		widgets.NewButton(text.T("set.keep"), widgets.Quiet, func() { c.replace(false) }))
}

func (c *cabinet) save() {
	text := c.p.view.host.Text()
	key, url, salt := c.key.value(), c.url.value(), c.salt.value()
	if key == "" || salt == "" && !c.p.it.HasSalt {
		c.told = told{text.T("set.need_data"), theme.ToneMiss}
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
			c.told = told{ui.Explain(err, text), theme.ToneMiss}
			return
		}
		c.salt.SetText("")
		c.replacing = false
		c.told = told{text.T("set.saved"), theme.ToneRing}
	})
}
