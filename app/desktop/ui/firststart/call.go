package firststart

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// lookEvery is how often the server is asked whether a call came.
	lookEvery = 2 * time.Second
	// patience is how long a call is waited for before the page tells where it may be stuck.
	patience = time.Minute
	// copiedStay is how long the button says that the address was copied.
	copiedStay = 2 * time.Second
)

// firstCall is the third step: a call to the school, followed from the PBX to this screen.
type firstCall struct {
	v      *View
	copy   *widgets.Button
	asking bool // the server is being asked
	asked  time.Time
	stuck  bool // what the check says was asked for
}

func newFirstCall(v *View) *firstCall {
	c := &firstCall{v: v}
	c.copy = widgets.NewButton(v.host.Text().T("act.copy"), widgets.Quiet, c.copyAddress)
	return c
}

// wait begins to wait, or goes on.
func (c *firstCall) wait() {
	if c.v.state.since.IsZero() {
		c.v.state.since, c.v.state.mark = c.v.host.Now(), c.v.host.Model().Mark()
	}
}

func (c *firstCall) title() string { return c.v.host.Text().T("first.call") }

func (c *firstCall) ahead() string { return c.v.host.Text().T("first.call_ahead") }

func (c *firstCall) done() (fyne.CanvasObject, *widgets.Button) { return widgets.Space(0, 0), nil }

func (c *firstCall) copyAddress() {
	text := c.v.host.Text()
	c.v.host.Copy(c.v.state.made.HookURL)
	c.copy.SetLabel(text.T("set.copied"))
	c.v.host.After(copiedStay, func() { c.copy.SetLabel(text.T("act.copy")) })
}

// pastes tells that the cabinet of this PBX wants our address.
func (c *firstCall) pastes() bool {
	at := slices.IndexFunc(c.v.state.kinds, func(k client.PBXKind) bool { return k.Kind == c.v.state.made.Kind })
	return c.v.state.made.HookURL != "" && (at < 0 || slices.Contains(c.v.state.kinds[at].Capabilities, client.CapPasteAddress))
}

func (c *firstCall) open() fyne.CanvasObject {
	text, s := c.v.host.Text(), c.v.state
	var rows []fyne.CanvasObject
	if c.pastes() {
		address := widgets.Shown(widgets.NewMono(s.made.HookURL, theme.Body, widgets.InkNormal))
		rows = append(rows, widgets.NewParagraph(text.T("first.paste"), theme.Body, inner, 0, widgets.InkMuted),
			widgets.Row(8, []float32{widgets.Wide, 0}, address, c.copy))
	}
	rows = append(rows, widgets.NewParagraph(text.T("first.call_ahead"), theme.Body, inner, 0, widgets.InkMuted))
	for _, stage := range []struct {
		key  string
		came bool
	}{{"first.stage_event", s.event}, {"first.stage_call", s.call}, {"first.stage_screen", s.seen}} {
		tone := theme.ToneMuted
		if stage.came {
			tone = theme.ToneRing
		}
		rows = append(rows, panel.Signed(tone, text.T(stage.key), inner))
	}
	if !s.seen && c.late() {
		rows = append(rows, c.stuckRows()...)
	}
	label, kind := text.T("first.skip_call"), widgets.Quiet
	if s.seen {
		label, kind = text.T("first.to_work"), widgets.Primary
	}
	return widgets.Column(12, append(rows, widgets.Row(8, nil, widgets.NewButton(label, kind, c.v.host.Finish)))...)
}

// stuckRows tell where a call that does not come may be stuck.
func (c *firstCall) stuckRows() []fyne.CanvasObject {
	text := c.v.host.Text()
	rows := panel.Warning(text.T("first.stuck")).Row(inner)
	for _, one := range c.v.state.checks {
		words := text.Either(one.Name, one.NameEN) + ": " + text.Either(one.Text, one.TextEN)
		switch one.State {
		case client.CheckFailed:
			rows = append(rows, panel.Fault(words).Row(inner)...)
		case client.CheckWarning:
			rows = append(rows, panel.Warning(words).Row(inner)...)
		}
	}
	return rows
}

func (c *firstCall) late() bool { return c.v.host.Now().Sub(c.v.state.since) >= patience }

// tick asks the server now and then whether a call came, and looks whether it stood on this screen.
func (c *firstCall) tick() {
	s := c.v.state
	if s.step != stepCall || s.seen {
		return
	}
	if c.v.host.Model().Mark() > s.mark {
		s.event, s.call, s.seen = true, true, true
		c.v.draw()
		return
	}
	if now := c.v.host.Now(); !c.asking && now.Sub(c.asked) >= lookEvery {
		c.asked = now
		c.look()
	}
}

// look reads what the server knows since the wait began.
func (c *firstCall) look() {
	s := c.v.state
	c.asking = true
	id, check := s.made.ID, c.late() && !c.stuck
	var it client.Integration
	var calls []client.Call
	var checks []client.Check
	c.v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if it, err = api.Integration(ctx, id); err != nil {
			return err
		}
		if calls, err = api.ActiveCalls(ctx); err == nil && check {
			checks, err = api.CheckIntegration(ctx, id)
		}
		return err
	}, func(err error) {
		c.asking = false
		if err != nil {
			return // the banner of the program tells of a lost connection; the next look may do better
		}
		before := *s
		s.event = s.event || it.LastEvent != nil && (s.made.LastEvent == nil || it.LastEvent.After(*s.made.LastEvent))
		s.call = s.call || len(calls) > 0
		if check {
			c.stuck, s.checks = true, checks
		}
		if check || s.event != before.event || s.call != before.call {
			c.v.draw()
		}
	})
}
