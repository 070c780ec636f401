package standing

import (
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// renewSlack is how late a renewal may be before it is called late: the server's clock and
// ours differ, and a request takes its time.
const renewSlack = 2 * time.Minute

// Now is the state at a moment: a screen that was told long ago knows by the clock that the
// end has come.
func Now(s client.Subscription, now time.Time) client.SubscriptionState {
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

// Begins tells that the first subscription is on its way: there was none yet, and nothing has failed.
func Begins(s client.Subscription) bool {
	return s.State == client.SubscriptionEnded && s.Until == nil && s.LostAt == nil && s.Error == ""
}

func EndedWords(s client.Subscription, text *i18n.Text, now time.Time) string {
	if at := endedAt(s); !at.IsZero() {
		return text.T("tel.ended", "since", text.Since(at, now))
	}
	return text.T("tel.ended_never")
}

// SubscriptionWords say until when events come, and what happens then.
func SubscriptionWords(s client.Subscription, state client.SubscriptionState, text *i18n.Text, now time.Time) (theme.Tone, string) {
	switch {
	case state == client.SubscriptionOff:
		return theme.ToneMuted, text.T("tel.sub_off")
	case Begins(s):
		return theme.ToneMuted, text.T("tel.begins")
	case state == client.SubscriptionEnded:
		return theme.ToneMiss, EndedWords(s, text, now)
	case state == client.SubscriptionOverdue:
		return theme.ToneHold, text.T("tel.sub_overdue", "until", text.Moment(*s.Until, now))
	case s.RenewAt == nil:
		return theme.ToneRing, text.T("tel.sub_ok", "until", text.Moment(*s.Until, now))
	}
	return theme.ToneRing, text.T("tel.sub_renewed", "until", text.Moment(*s.Until, now), "renew", text.At(*s.RenewAt, now))
}

// LostWords tell of the last time that a subscription ended before its time and came back.
func LostWords(s client.Subscription, text *i18n.Text, now time.Time) string {
	if s.LostAt == nil || s.RestoredAt == nil || s.RestoredAt.Before(*s.LostAt) {
		return ""
	}
	return text.T("tel.lost", "at", text.At(*s.LostAt, now), "took", text.Length(s.RestoredAt.Sub(*s.LostAt)))
}

// Line is the line of a subscription's time with the mark of its renewal; nil without a beginning.
func Line(s client.Subscription, state client.SubscriptionState, text *i18n.Text, now time.Time) fyne.CanvasObject {
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
	line := span{Done: part(until), Tone: tone, Begin: text.Moment(*s.Began, now), End: text.Moment(*s.Until, now)}
	if s.RenewAt != nil {
		line.Mark, line.MarkWords = part(*s.RenewAt), text.T("tel.renewal", "at", text.Moment(*s.RenewAt, now))
	}
	return newSpan(line)
}
