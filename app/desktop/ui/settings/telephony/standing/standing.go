// Package standing puts in words how a connected PBX stands: whether it was heard, until when its
// subscription lasts, and how far its rules and its address book agree with ours. It keeps nothing.
package standing

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// silenceTold is how long after its last event a PBX is said to be silent, not how long ago that was.
const silenceTold = time.Hour

// Words tells in a few words how an integration is: what is worst of it, or when the PBX was heard
// last.
func Words(it client.Integration, text *i18n.Text, now time.Time) (theme.Tone, string) {
	s := it.Subscription
	switch {
	case !it.Active:
		return theme.ToneMuted, text.T("tel.off")
	case it.Health.State == client.HealthBlocked && it.Health.Until != nil:
		return theme.ToneMiss, text.T("tel.blocked_until", "until", text.Short(*it.Health.Until, now))
	case it.Health.State == client.HealthBlocked:
		why := text.Either(it.Health.Text, it.Health.TextEN)
		if why == "" {
			why = text.T("set.health_blocked")
		}
		return theme.ToneMiss, i18n.Lowered(why)
	case s != nil && Begins(*s):
		return theme.ToneMuted, i18n.Lowered(text.T("tel.begins"))
	case s != nil && Now(*s, now) == client.SubscriptionEnded:
		return theme.ToneMiss, i18n.Lowered(EndedWords(*s, text, now))
	case s != nil && Now(*s, now) == client.SubscriptionOverdue:
		return theme.ToneHold, text.T("tel.overdue")
	case it.Health.State == client.HealthCareful:
		return theme.ToneHold, text.T("set.health_careful")
	case it.LastEvent == nil:
		return theme.ToneMuted, text.T("tel.no_event")
	case now.Sub(*it.LastEvent) > silenceTold:
		return theme.ToneMuted, text.T("tel.silent", "since", text.Since(*it.LastEvent, now))
	}
	return theme.ToneRing, text.T("tel.heard", "ago", text.AgoShort(*it.LastEvent, now))
}

// RulesWords say how the PBX's rules stand: ours, others', what is on its way, and when they were compared.
func RulesWords(r client.RouteRules, on bool, text *i18n.Text, now time.Time) string {
	if r.Error != "" {
		return text.T("tel.rules_failed", "why", text.Either(r.Error, r.ErrorEN))
	}
	var out []string
	if on || r.Ours > 0 {
		out = append(out, text.N("tel.rules_ours", r.Ours))
	}
	if r.Foreign > 0 {
		out = append(out, text.N("tel.rules_foreign", r.Foreign))
	}
	if r.Waiting > 0 {
		out = append(out, text.N("tel.rules_waiting", r.Waiting))
	}
	if r.Refused > 0 {
		out = append(out, text.N("tel.rules_refused", r.Refused))
	}
	words := ""
	if len(out) > 0 {
		words = text.T("tel.rules", "what", strings.Join(out, ", "))
	}
	if r.At != nil {
		words = strings.TrimSpace(words + " " + text.T("tel.rules_at", "when", text.At(*r.At, now)))
	}
	if words == "" {
		return text.T("tel.rules_none")
	}
	return words
}

// PlanWords says what would change, leaving out what would not.
func PlanWords(text *i18n.Text, plan client.BookPlan) string {
	var out []string
	for _, one := range []struct {
		words string
		n     int
	}{
		{text.N("book.create", plan.Create), plan.Create},
		{text.N("book.update", plan.Update), plan.Update},
		{text.N("book.delete", plan.Delete), plan.Delete},
	} {
		if one.n > 0 {
			out = append(out, one.words)
		}
	}
	if len(out) == 0 {
		return text.T("book.same")
	}
	return strings.Join(out, ", ") + "."
}
