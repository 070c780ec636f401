package telephony

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// check tells in words what works and what does not, and holds the connectivity test.
type check struct {
	panel.Section
	p       *page
	checks  []client.Check
	at      time.Time // when they were run; zero: not yet
	running bool
	button  *widgets.Button
	when    *widgets.Label
	told    panel.Told
	test    *connectivityTest
}

func newCheck(p *page) *check {
	text := p.v.host.Text()
	c := &check{p: p, when: widgets.NewLabel("", theme.Caption, widgets.InkMuted).Fixed()}
	c.button = widgets.NewButton(text.T("act.check"), widgets.Quiet, c.run)
	c.Section = panel.NewSection(text.T("set.check"), "", c.when, c.button)
	c.test = newConnectivityTest(c)
	return c
}

func (c *check) run() {
	c.running, c.told = true, panel.Told{}
	c.button.SetEnabled(false)
	c.p.redraw()
	id := c.p.it.ID
	var checks []client.Check
	c.p.v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		checks, err = api.CheckIntegration(ctx, id)
		return err
	}, func(err error) {
		c.running = false
		c.button.SetEnabled(true)
		if err != nil {
			c.told = panel.Fault(ui.Explain(err, c.p.v.host.Text()))
		} else {
			c.checks, c.at = checks, c.p.v.host.Now()
			c.p.v.Load() // the last event and the health stand in other panels
		}
		c.p.redraw()
		scrolling.Reveal(c.Box) // the button may stand at the lower edge
	})
}

// tick moves the words about the last run on.
func (c *check) tick() {
	c.when.Set(c.whenWords())
	c.test.tick()
}

func (c *check) whenWords() string {
	text := c.p.v.host.Text()
	switch {
	case c.running:
		return text.T("set.checking")
	case c.at.IsZero():
		return ""
	}
	return text.Ago(c.at, c.p.v.host.Now())
}

func (c *check) fill() {
	text, width := c.p.v.host.Text(), c.p.v.inner()
	c.when.Set(c.whenWords())
	c.button.SetKind(c.p.kindOf(actCheck))
	var rows []fyne.CanvasObject
	if len(c.checks) == 0 && c.told.Words == "" {
		rows = append(rows, panel.Wrapped(text.T("set.check_hint"), theme.Body, width, widgets.InkMuted))
	}
	for _, one := range c.checks {
		rows = append(rows, c.row(one, width))
	}
	rows = append(rows, c.told.Row(width)...)
	if c.p.kind().can(client.CapDial) {
		rows = append(rows, c.test.rows(width)...)
	}
	c.Set(rows)
}

// checkName is the width of the column of names, as designed.
const checkName float32 = 176

func checkTone(state client.CheckState) theme.Tone {
	switch state {
	case client.CheckOK:
		return theme.ToneRing
	case client.CheckWarning:
		return theme.ToneHold
	case client.CheckFailed:
		return theme.ToneMiss
	}
	return theme.ToneMuted
}

// row is sign, name and words.
func (c *check) row(one client.Check, width float32) fyne.CanvasObject {
	text := c.p.v.host.Text()
	tone := checkTone(one.State)
	ink := widgets.InkNormal
	if tone == theme.ToneRing || tone == theme.ToneMuted {
		ink = widgets.InkMuted
	}
	return widgets.TopRow(theme.Gap, []float32{panel.SignColumn, checkName, widgets.Wide},
		widgets.NewBold(panel.Signs[tone], theme.Body, widgets.ToneInk(tone)),
		panel.Wrapped(text.Either(one.Name, one.NameEN), theme.Body, checkName, widgets.InkNormal),
		widgets.NewParagraph(text.Either(one.Text, one.TextEN), theme.Body, width-panel.SignColumn-checkName-2*theme.Gap, 0, ink))
}
