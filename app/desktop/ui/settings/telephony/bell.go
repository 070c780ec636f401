package telephony

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// bellPatience is how long after the server's answer the event may still come to this screen.
const bellPatience = 10 * time.Second

// bell rings the own telephone and shows each hop of that call on its way here. The server
// tells of all hops but the last, the own screen, which only this program can see.
type bell struct {
	check     *check
	button    *widgets.Button
	pressedAt time.Time
	answerAt  time.Time
	running   bool
	test      *client.BellTest
	screen    client.Check
	told      panel.Told
}

// hopNames are the hops in their order, for showing the way before the first answer.
var hopNames = []string{"command", "webhook", "signature", "journal"}

func newBell(check *check) *bell {
	b := &bell{check: check}
	b.button = widgets.NewButton(check.p.t.host.Text().T("bell.ring"), widgets.Quiet, b.ring)
	return b
}

func (b *bell) ring() {
	host := b.check.p.t.host
	b.running, b.test, b.told, b.pressedAt = true, nil, panel.Told{}, host.Now()
	b.screen = client.Check{ID: "screen", State: client.CheckUnknown}
	b.button.SetEnabled(false)
	b.check.p.redraw()
	id := b.check.p.it.ID
	var test client.BellTest
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		test, err = api.BellTest(ctx, id)
		return err
	}, func(err error) {
		b.running = false
		b.button.SetEnabled(true)
		if err != nil {
			b.told = panel.Fault(ui.Explain(err, host.Text()))
			b.check.p.redraw()
			return
		}
		b.test, b.answerAt = &test, host.Now()
		b.heard()
		b.check.p.redraw()
	})
}

// heard looks whether the event of the test's call has come; it may come before the answer.
func (b *bell) heard() {
	if b.test == nil || b.screen.State == client.CheckOK {
		return
	}
	at, came := b.check.p.t.host.Model().FirstSeen(b.test.CallID)
	if !came {
		return
	}
	ms := float64(at.Sub(b.pressedAt)) / float64(time.Millisecond)
	b.screen.State, b.screen.MS = client.CheckOK, &ms
	b.check.p.redraw()
}

// tick gives the event up after a while.
func (b *bell) tick() {
	if b.test == nil || b.screen.State != client.CheckUnknown {
		return
	}
	if b.check.p.t.host.Now().Sub(b.answerAt) >= bellPatience {
		b.screen.State = client.CheckFailed
		b.check.p.redraw()
	}
}

func (b *bell) rows(width float32) []fyne.CanvasObject {
	text := b.check.p.t.host.Text()
	about := widgets.Column(2, widgets.NewLabel(text.T("bell.title"), theme.Body, widgets.InkNormal),
		widgets.NewLabel(text.T("bell.hint"), theme.Caption, widgets.InkMuted))
	out := []fyne.CanvasObject{widgets.Rule(), widgets.Row(12, []float32{widgets.Wide, 0}, about, b.button)}
	for _, hop := range b.hops() {
		out = append(out, b.check.row(b.timed(hop), width))
	}
	return append(out, b.told.Row(width)...)
}

// hops is the way so far: the server's hops and the own screen.
func (b *bell) hops() []client.Check {
	text := b.check.p.t.host.Text()
	var out []client.Check
	switch {
	case b.test != nil:
		out = append(out, b.test.Hops...)
	case b.running:
		for _, name := range hopNames {
			words := text.T("bell." + name)
			out = append(out, client.Check{ID: name, Name: words, NameEN: words, State: client.CheckUnknown})
		}
	default:
		return nil
	}
	screen := b.screen
	screen.Name = text.T("bell.screen")
	screen.Text = text.T("bell.screen_wait")
	if screen.State == client.CheckFailed {
		screen.Text = text.T("bell.screen_lost")
	}
	screen.NameEN, screen.TextEN = screen.Name, screen.Text
	return append(out, screen)
}

// timed says of a hop that went well only how long it took.
func (b *bell) timed(hop client.Check) client.Check {
	if hop.State == client.CheckOK && hop.MS != nil {
		hop.Text = b.check.p.t.host.Text().Milliseconds(*hop.MS)
		hop.TextEN = hop.Text
	}
	return hop
}
