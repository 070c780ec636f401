package telephony

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
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
	panel.Section
	p      *page
	button *widgets.Button
	asked  bool
	told   panel.Told
}

func newLink(p *page) *link {
	text := p.t.host.Text()
	l := &link{p: p}
	l.button = widgets.NewButton(text.T("set.compare"), widgets.Quiet, l.compare)
	l.Section = panel.NewSection(text.T("set.link_title"), "", l.button)
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
	l.p.t.host.Work(func(ctx context.Context, api *client.API) error {
		return api.Reconcile(ctx, id)
	}, func(err error) {
		if err != nil {
			l.asked = false
			l.told = panel.Fault(ui.Explain(err, l.p.t.host.Text()))
		}
		l.p.redraw()
	})
	l.p.t.host.After(reconcilePatience, func() {
		l.asked = false
		l.p.redraw()
	})
}

func (l *link) fill() {
	text, width := l.p.t.host.Text(), l.p.t.page.Inner()
	l.button.SetEnabled(!l.asked)
	rows := []fyne.CanvasObject{l.health(width), l.compared(width)}
	if last := l.p.it.LastEvent; last != nil {
		words := text.T("set.last_event", "when", text.Ago(*last, l.p.t.host.Now()))
		rows = append(rows, panel.Signed(theme.ToneRing, words, width))
	} else {
		rows = append(rows, panel.Signed(theme.ToneMuted, text.T("set.no_event"), width))
	}
	l.Set(append(rows, l.told.Row(width)...))
}

func (l *link) health(width float32) fyne.CanvasObject {
	text, health := l.p.t.host.Text(), l.p.it.Health
	words := model.HealthWords(health, text, l.p.t.host.Now())
	if words == "" {
		words = text.T("set.takes")
	}
	return panel.Signed(healthTone(health.State), words, width)
}

func (l *link) compared(width float32) fyne.CanvasObject {
	text, r := l.p.t.host.Text(), l.p.it.Reconciled
	switch {
	case l.asked:
		return panel.Signed(theme.ToneMuted, text.T("set.comparing"), width)
	case r == nil:
		return panel.Signed(theme.ToneMuted, text.T("set.never_compared"), width)
	case r.Error != "":
		return panel.Signed(theme.ToneMiss, text.T("set.compare_failed", "why", text.Either(r.Error, r.ErrorEN)), width)
	}
	words := text.T("set.compared", "until", text.Short(r.Until, l.p.t.host.Now()),
		"calls", text.N("set.calls", r.Calls), "restored", text.N("set.restored", r.Restored))
	return panel.Signed(theme.ToneRing, words, width)
}
