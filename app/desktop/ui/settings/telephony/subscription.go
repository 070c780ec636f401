package telephony

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// renewSlack is how late a renewal may be before it is called late: the server's clock and
	// ours differ, and a request takes its time.
	renewSlack = 2 * time.Minute
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

// subscriptionNow is the state at a moment: a screen that was told long ago knows by the clock that the
// end has come.
func subscriptionNow(s client.Subscription, now time.Time) client.SubscriptionState {
	switch {
	case s.State == client.SubscriptionOff, s.State == client.SubscriptionEnded:
		return s.State
	case s.Until == nil || !now.Before(*s.Until):
		return client.SubscriptionEnded
	case s.State == client.SubscriptionOverdue, s.RenewAt != nil && now.After(s.RenewAt.Add(renewSlack)):
		return client.SubscriptionOverdue
	}
	return client.SubscriptionOK
}

// endedAt is since when no events come; zero if there never was a subscription.
func endedAt(s client.Subscription) time.Time {
	if s.LostAt != nil && (s.RestoredAt == nil || s.RestoredAt.Before(*s.LostAt)) {
		return *s.LostAt
	}
	if s.Until != nil {
		return *s.Until
	}
	return time.Time{}
}

// begins tells that the first subscription is on its way: there was none yet, and nothing has failed.
func begins(s client.Subscription) bool {
	return s.State == client.SubscriptionEnded && s.Until == nil && s.LostAt == nil && s.Error == ""
}

func endedWords(s client.Subscription, text *i18n.Text, now time.Time) string {
	if at := endedAt(s); !at.IsZero() {
		return text.T("tel.ended", "since", text.Short(at, now))
	}
	return text.T("tel.ended_never")
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
	return sub != nil && !begins(*sub) && subscriptionNow(*sub, s.p.v.host.Now()) == client.SubscriptionEnded
}

func (s *subscription) fill(number string) {
	text, now, width := s.p.v.host.Text(), s.p.v.host.Now(), s.p.v.inner()
	s.drawn = now.Truncate(time.Minute)
	sub := *s.p.it.Subscription
	state := subscriptionNow(sub, now)
	s.renew.SetEnabled(!s.asked)
	s.renew.SetKind(s.p.kindOf(actRenew))
	side := []fyne.CanvasObject{s.renew}
	if state == client.SubscriptionOff {
		side = nil
	}
	tone, words := subscriptionWords(sub, state, text, now)
	rows := []fyne.CanvasObject{widgets.TopRow(theme.Gap, []float32{panel.SignColumn, widgets.Wide},
		widgets.NewBold(panel.Signs[tone], theme.Body, widgets.ToneInk(tone)),
		panel.Wrapped(words, theme.Body, width-panel.SignColumn-theme.Gap, widgets.InkNormal))}
	if line := lifeOf(sub, state, text, now); line != nil {
		rows = append(rows, line)
	}
	if s.asked {
		rows = append(rows, panel.Wrapped(text.T("tel.renewing"), theme.Caption, width, widgets.InkMuted))
	}
	if why := text.Either(sub.Error, sub.ErrorEN); why != "" && state != client.SubscriptionOff {
		rows = append(rows, panel.Fault(text.T("tel.renew_failed", "why", why)).Row(width)...)
	}
	if words := lostWords(sub, text, now); words != "" {
		rows = append(rows, panel.Wrapped(words, theme.Caption, width, widgets.InkMuted))
	}
	section := panel.NewSection(number+text.T("tel.subscription"), "", side...)
	section.Set(append(rows, s.told.Row(width)...))
	s.box.Objects = []fyne.CanvasObject{section.Box}
}

// subscriptionWords say until when events come, and what happens then.
func subscriptionWords(s client.Subscription, state client.SubscriptionState, text *i18n.Text, now time.Time) (theme.Tone, string) {
	switch {
	case state == client.SubscriptionOff:
		return theme.ToneMuted, text.T("tel.sub_off")
	case begins(s):
		return theme.ToneMuted, text.T("tel.begins")
	case state == client.SubscriptionEnded:
		return theme.ToneMiss, endedWords(s, text, now)
	case state == client.SubscriptionOverdue:
		return theme.ToneHold, text.T("tel.sub_overdue", "until", text.Moment(*s.Until, now))
	case s.RenewAt == nil:
		return theme.ToneRing, text.T("tel.sub_ok", "until", text.Moment(*s.Until, now))
	}
	return theme.ToneRing, text.T("tel.sub_renewed", "until", text.Moment(*s.Until, now), "renew", text.Moment(*s.RenewAt, now))
}

// lostWords tell of the last time that a subscription ended before its time and came back.
func lostWords(s client.Subscription, text *i18n.Text, now time.Time) string {
	if s.LostAt == nil || s.RestoredAt == nil || s.RestoredAt.Before(*s.LostAt) {
		return ""
	}
	return text.T("tel.lost", "at", text.Moment(*s.LostAt, now), "took", text.Length(s.RestoredAt.Sub(*s.LostAt)))
}

// lifeOf is the line of a subscription's time with the mark of its renewal; nil without a beginning.
func lifeOf(s client.Subscription, state client.SubscriptionState, text *i18n.Text, now time.Time) fyne.CanvasObject {
	if s.Began == nil || s.Until == nil || !s.Until.After(*s.Began) || state == client.SubscriptionOff {
		return nil
	}
	part := func(at time.Time) float32 {
		return min(1, max(0, float32(at.Sub(*s.Began))/float32(s.Until.Sub(*s.Began))))
	}
	tone := map[client.SubscriptionState]theme.Tone{
		client.SubscriptionOK: theme.ToneRing, client.SubscriptionOverdue: theme.ToneHold, client.SubscriptionEnded: theme.ToneMiss,
	}[state]
	until := now
	if at := endedAt(s); state == client.SubscriptionEnded && at.Before(now) {
		until = at
	}
	span := widgets.Span{Done: part(until), Tone: tone, Begin: text.Moment(*s.Began, now), End: text.Moment(*s.Until, now)}
	if s.RenewAt != nil {
		span.Mark, span.MarkWords = part(*s.RenewAt), text.T("tel.renewal", "at", text.Moment(*s.RenewAt, now))
	}
	return widgets.NewSpan(span)
}
