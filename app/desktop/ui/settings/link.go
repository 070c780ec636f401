package settings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// reconcilePatience is how long a comparison is waited for before it may be asked for again.
const reconcilePatience = 2 * time.Minute

// link tells whether the PBX takes our commands, and how our calls compare with its own
// statistics.
type link struct {
	section
	p      *page
	button *widgets.Button
	asked  bool
	told   told
}

func newLink(p *page) *link {
	text := p.view.host.Text()
	l := &link{p: p}
	l.button = widgets.NewButton(text.T("set.compare"), widgets.Quiet, l.compare)
	l.section = newSection(text.T("set.link_title"), "", l.button)
	return l
}

// take ends the waiting when the comparison has run.
func (l *link) take(before client.Integration) {
	if now := l.p.it.Reconciled; now != nil && (before.Reconciled == nil || !now.At.Equal(before.Reconciled.At)) {
		l.asked = false
	}
}

func (l *link) compare() {
	l.asked, l.told = true, told{}
	l.p.redraw()
	id := l.p.it.ID
	l.p.view.host.Work(func(ctx context.Context, api *client.API) error {
		return api.Reconcile(ctx, id)
	}, func(err error) {
		if err != nil {
			l.asked = false
			l.told = told{ui.Explain(err, l.p.view.host.Text()), theme.ToneMiss}
		}
		l.p.redraw()
	})
	l.p.view.program.After(reconcilePatience, func() {
		l.asked = false
		l.p.redraw()
	})
}

func (l *link) fill() {
	text, width := l.p.view.host.Text(), l.p.view.inner()
	l.button.SetEnabled(!l.asked)
	rows := []fyne.CanvasObject{l.health(width), l.compared(width)}
	if last := l.p.it.LastEvent; last != nil {
		words := text.T("set.last_event", "when", text.Ago(*last, l.p.view.host.Now()))
		rows = append(rows, signed(theme.ToneRing, words, width))
	} else {
		rows = append(rows, signed(theme.ToneMuted, text.T("set.no_event"), width))
	}
	l.set(append(rows, l.told.row(width)...))
}

func (l *link) health(width float32) fyne.CanvasObject {
	text, health := l.p.view.host.Text(), l.p.it.Health
	words := model.HealthWords(health, text, l.p.view.host.Now())
	if words == "" {
		words = text.T("set.takes")
	}
	return signed(healthTone(health.State), words, width)
}

func (l *link) compared(width float32) fyne.CanvasObject {
	text, r := l.p.view.host.Text(), l.p.it.Reconciled
	switch {
	case l.asked:
		return signed(theme.ToneMuted, text.T("set.comparing"), width)
	case r == nil:
		return signed(theme.ToneMuted, text.T("set.never_compared"), width)
	case r.Error != "":
		return signed(theme.ToneMiss, text.T("set.compare_failed", "why", text.Either(r.Error, r.ErrorEN)), width)
	}
	words := text.T("set.compared", "until", text.Short(r.Until, l.p.view.host.Now()),
		"calls", text.N("set.calls", r.Calls), "restored", text.N("set.restored", r.Restored))
	return signed(theme.ToneRing, words, width)
}
