package telephony

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// reconcilePatience is how long a comparison is waited for before it may be asked for again.
const reconcilePatience = 2 * time.Minute

// link tells whether the PBX takes our commands, and how our calls compare with its own
// statistics.
type link struct {
	p      *page
	box    *fyne.Container
	button *widgets.Button
	asked  bool
	told   panel.Told
}

func newLink(p *page) *link {
	text := p.v.host.Text()
	l := &link{p: p, box: widgets.Stack()}
	l.button = widgets.NewButton(text.T("set.compare"), widgets.Quiet, l.compare)
	return l
}

// update ends the waiting when the comparison has run.
func (l *link) update(before client.Integration) {
	if now := l.p.it.Reconciled; now != nil && (before.Reconciled == nil || !now.At.Equal(before.Reconciled.At)) {
		l.asked = false
	}
}

func (l *link) compare() {
	l.asked, l.told = true, panel.Told{}
	l.p.redraw()
	id := l.p.it.ID
	l.p.v.host.Work(func(ctx context.Context, api *client.API) error {
		return api.Reconcile(ctx, id)
	}, func(err error) {
		if err != nil {
			l.asked = false
			l.told = panel.Fault(ui.Explain(err, l.p.v.host.Text()))
		}
		l.p.redraw()
	})
	l.p.v.host.After(reconcilePatience, func() {
		l.asked = false
		l.p.redraw()
	})
}

func (l *link) fill() {
	text, width := l.p.v.host.Text(), l.p.v.inner()
	l.button.SetEnabled(!l.asked)
	rows, side := []fyne.CanvasObject{l.health(width)}, []fyne.CanvasObject(nil)
	if l.p.kind().can(client.CapHistory) {
		rows, side = append(rows, l.compared(width)), append(side, l.button)
	}
	if last := l.p.it.LastEvent; last != nil {
		words := text.T("set.last_event", "when", text.Ago(*last, l.p.v.host.Now()))
		rows = append(rows, panel.Signed(theme.ToneRing, words, width))
	} else {
		rows = append(rows, panel.Signed(theme.ToneMuted, text.T("set.no_event"), width))
	}
	section := panel.NewSection(text.T("set.link_title"), "", side...)
	section.Set(append(rows, l.told.Row(width)...))
	l.box.Objects = []fyne.CanvasObject{section.Box}
}

func (l *link) health(width float32) fyne.CanvasObject {
	text, health := l.p.v.host.Text(), l.p.it.Health
	words := present.HealthWords(health, text, l.p.v.host.Now())
	if words == "" {
		words = text.T("set.takes")
	}
	return panel.Signed(healthTone(health.State), words, width)
}

func (l *link) compared(width float32) fyne.CanvasObject {
	text, r := l.p.v.host.Text(), l.p.it.Reconciled
	switch {
	case l.asked:
		return panel.Signed(theme.ToneMuted, text.T("set.comparing"), width)
	case r == nil:
		return panel.Signed(theme.ToneMuted, text.T("set.never_compared"), width)
	case r.Error != "":
		return panel.Signed(theme.ToneMiss, text.T("set.compare_failed", "why", text.Either(r.Error, r.ErrorEN)), width)
	}
	words := text.T("set.compared", "until", text.Short(r.Until, l.p.v.host.Now()),
		"calls", text.N("set.calls", r.Calls), "restored", text.N("set.restored", r.Restored))
	return panel.Signed(theme.ToneRing, words, width)
}
