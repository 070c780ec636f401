package telephony

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/settings/telephony/standing"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// renewPatience is how long a renewal is waited for before it may be asked for again.
	renewPatience = time.Minute
)

// subscription is the step that nobody has to do: how long the PBX sends its events, and when we see
// to that again.
type subscription struct {
	p     *page
	box   *fyne.Container
	renew *widgets.Button
	asked bool
	told  panel.Told
	drawn time.Time // the minute that was drawn
}

func newSubscription(p *page) *subscription {
	s := &subscription{p: p, box: widgets.Stack()}
	s.renew = widgets.NewButton(p.v.host.Text().T("tel.renew"), widgets.Quiet, s.ask)
	return s
}

func (s *subscription) ask() {
	s.asked, s.told = true, panel.Told{}
	s.p.redraw()
	id := s.p.it.ID
	s.p.v.host.Work(func(ctx context.Context, api *client.API) error {
		return api.RenewSubscription(ctx, id)
	}, func(err error) {
		if err != nil {
			s.asked, s.told = false, panel.Fault(ui.Explain(err, s.p.v.host.Text()))
		}
		s.p.redraw()
	})
	s.p.v.host.After(renewPatience, func() {
		s.asked = false
		s.p.redraw()
	})
}

// update ends the waiting when the server tells of another subscription, or why there is none.
func (s *subscription) update(before client.Integration) {
	was, is := before.Subscription, s.p.it.Subscription
	if was == nil || is == nil || !sameMoment(was.Until, is.Until) || !sameMoment(was.Began, is.Began) || was.Error != is.Error {
		s.asked = false
	}
}

func sameMoment(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}

// tick moves the line on once a minute.
func (s *subscription) tick() {
	if s.p.it.Subscription != nil && !s.p.v.host.Now().Truncate(time.Minute).Equal(s.drawn) {
		s.p.redraw()
	}
}

// ended tells that no events come until somebody sees to it.
func (s *subscription) ended() bool {
	sub := s.p.it.Subscription
	return sub != nil && !standing.Begins(*sub) && standing.Now(*sub, s.p.v.host.Now()) == client.SubscriptionEnded
}

func (s *subscription) fill(number string) {
	text, now, width := s.p.v.host.Text(), s.p.v.host.Now(), s.p.v.inner()
	s.drawn = now.Truncate(time.Minute)
	sub := *s.p.it.Subscription
	state := standing.Now(sub, now)
	s.renew.SetEnabled(!s.asked)
	s.renew.SetKind(s.p.kindOf(actRenew))
	side := []fyne.CanvasObject{s.renew}
	if state == client.SubscriptionOff {
		side = nil
	}
	tone, words := standing.SubscriptionWords(sub, state, text, now)
	rows := []fyne.CanvasObject{widgets.TopRow(theme.Gap, []float32{panel.SignColumn, widgets.Wide},
		widgets.NewBold(panel.Signs[tone], theme.Body, widgets.ToneInk(tone)),
		panel.Wrapped(words, theme.Body, width-panel.SignColumn-theme.Gap, widgets.InkNormal))}
	if line := standing.Line(sub, state, text, now); line != nil {
		rows = append(rows, line)
	}
	if s.asked {
		rows = append(rows, panel.Wrapped(text.T("tel.renewing"), theme.Caption, width, widgets.InkMuted))
	}
	if why := text.Either(sub.Error, sub.ErrorEN); why != "" && state != client.SubscriptionOff {
		rows = append(rows, panel.Fault(text.T("tel.renew_failed", "why", why)).Row(width)...)
	}
	if words := standing.LostWords(sub, text, now); words != "" {
		rows = append(rows, panel.Wrapped(words, theme.Caption, width, widgets.InkMuted))
	}
	section := panel.NewSection(number+text.T("tel.subscription"), "", side...)
	section.Set(append(rows, s.told.Row(width)...))
	s.box.Objects = []fyne.CanvasObject{section.Box}
}
