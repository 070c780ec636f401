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

// testPatience is how long after the server's answer the event may still come to this screen.
const testPatience = 10 * time.Second

// connectivityTest rings the own telephone and shows each stage of that call on its way here. The server
// tells of all stages but the last, the own screen, which only this program can see.
type connectivityTest struct {
	check     *check
	button    *widgets.Button
	pressedAt time.Time
	answerAt  time.Time
	running   bool
	run       *client.BellTest
	screen    client.Check
	told      panel.Told
}

// stageNames are the stages in their order, for showing the way before the first answer.
var stageNames = []string{"command", "webhook", "signature", "journal"}

func newConnectivityTest(check *check) *connectivityTest {
	t := &connectivityTest{check: check}
	t.button = widgets.NewButton(check.p.v.host.Text().T("bell.ring"), widgets.Quiet, t.ring)
	return t
}

func (t *connectivityTest) ring() {
	host := t.check.p.v.host
	t.running, t.run, t.told, t.pressedAt = true, nil, panel.Told{}, host.Now()
	t.screen = client.Check{ID: "screen", State: client.CheckUnknown}
	t.button.SetEnabled(false)
	t.check.p.redraw()
	id := t.check.p.it.ID
	var run client.BellTest
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		run, err = api.BellTest(ctx, id)
		return err
	}, func(err error) {
		t.running = false
		t.button.SetEnabled(true)
		if err != nil {
			t.told = panel.Fault(ui.Explain(err, host.Text()))
			t.check.p.redraw()
			return
		}
		t.run, t.answerAt = &run, host.Now()
		t.look()
		t.check.p.redraw()
	})
}

// look looks whether the event of the test's call has come; it may come before the answer.
func (t *connectivityTest) look() {
	if t.run == nil || t.screen.State == client.CheckOK {
		return
	}
	at, seen := t.check.p.v.host.Model().FirstSeen(t.run.CallID)
	if !seen {
		return
	}
	ms := float64(at.Sub(t.pressedAt)) / float64(time.Millisecond)
	t.screen.State, t.screen.MS = client.CheckOK, &ms
	t.check.p.redraw()
}

// tick gives the event up after a while.
func (t *connectivityTest) tick() {
	if t.run == nil || t.screen.State != client.CheckUnknown {
		return
	}
	if t.check.p.v.host.Now().Sub(t.answerAt) >= testPatience {
		t.screen.State = client.CheckFailed
		t.check.p.redraw()
	}
}

func (t *connectivityTest) rows(width float32) []fyne.CanvasObject {
	text := t.check.p.v.host.Text()
	about := widgets.Column(2, widgets.NewLabel(text.T("bell.title"), theme.Body, widgets.InkNormal),
		panel.Wrapped(text.T("bell.hint"), theme.Caption, width-12-t.button.MinSize().Width, widgets.InkMuted))
	out := []fyne.CanvasObject{widgets.Rule(), widgets.Row(12, []float32{widgets.Wide, 0}, about, t.button)}
	for _, stage := range t.stages() {
		out = append(out, t.check.row(t.timed(stage), width))
	}
	return append(out, t.told.Row(width)...)
}

// stages is the way so far: the server's stages and the own screen.
func (t *connectivityTest) stages() []client.Check {
	text := t.check.p.v.host.Text()
	var out []client.Check
	switch {
	case t.run != nil:
		out = append(out, t.run.Hops...)
	case t.running:
		for _, name := range stageNames {
			words := text.T("bell." + name)
			out = append(out, client.Check{ID: name, Name: words, NameEN: words, State: client.CheckUnknown})
		}
	default:
		return nil
	}
	screen := t.screen
	screen.Name = text.T("bell.screen")
	screen.Text = text.T("bell.screen_wait")
	if screen.State == client.CheckFailed {
		screen.Text = text.T("bell.screen_lost")
	}
	screen.NameEN, screen.TextEN = screen.Name, screen.Text
	return append(out, screen)
}

// timed says of a stage that went well only how long it took.
func (t *connectivityTest) timed(stage client.Check) client.Check {
	if stage.State == client.CheckOK && stage.MS != nil {
		stage.Text = t.check.p.v.host.Text().Milliseconds(*stage.MS)
		stage.TextEN = stage.Text
	}
	return stage
}
