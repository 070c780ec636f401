// Package subscription tells how the subscription to a PBX's events stands, by what is stored of it:
// to people, and to those who decide what is to be done. It changes nothing.
package subscription

import (
	"net"
	"net/url"
	"strings"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// overdueAfter is how long past its half-life a subscription may be before people are told.
const overdueAfter = 5 * time.Minute

// overdueFrom is when a subscription should have been renewed at the latest.
func overdueFrom(s store.Subscription) time.Time {
	slack := s.Until.Sub(s.Began) / 10
	return Half(s).Add(min(slack, overdueAfter))
}

// Half is when one is to be renewed.
func Half(s store.Subscription) time.Time {
	return pbx.Subscription{Began: s.Began, Until: s.Until}.Half()
}

// Current is the subscription that was made with this very account and address, by its fingerprint,
// and lives as far as we know.
func Current(i store.Integration, account string) (store.Subscription, bool) {
	for _, s := range i.Subscriptions {
		if s.State == store.SubscriptionCurrent && s.Account == account {
			return s, true
		}
	}
	return store.Subscription{}, false
}

// Reachable reports whether a PBX whose API is at apiURL can reach an address of ours: it names a host,
// and this machine's own only to a PBX that is on this machine, too.
func Reachable(hookURL, apiURL string) bool {
	ours, err := url.Parse(hookURL)
	if err != nil || ours.Hostname() == "" {
		return false
	}
	if ip := net.ParseIP(ours.Hostname()); ip != nil && ip.IsUnspecified() {
		return false
	}
	theirs, err := url.Parse(apiURL)
	return !isLoopback(ours.Hostname()) || err == nil && isLoopback(theirs.Hostname())
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Show tells how an integration's subscription stands; nil for kinds whose events come without one.
// account is the fingerprint of its account.
func Show(i store.Integration, kind pbx.Kind, account, hookURL string, now time.Time) *client.Subscription {
	if !subscribes(kind) {
		return nil
	}
	h := i.SubscriptionHealth
	out := &client.Subscription{State: client.SubscriptionEnded, LostAt: told(h.LostAt), RestoredAt: told(h.RestoredAt), Error: h.Error, ErrorEN: h.ErrorEN}
	if current, lives := Current(i, account); lives {
		out.Began, out.Until, out.Level = told(current.Began), told(current.Until), current.Level
		if !current.Until.IsZero() {
			out.RenewAt = told(Half(current))
		}
		switch {
		case !current.Until.IsZero() && !now.Before(current.Until):
		case !current.Until.IsZero() && !now.Before(overdueFrom(current)):
			out.State = client.SubscriptionOverdue
		default:
			out.State = client.SubscriptionOK
		}
	}
	switch {
	case !i.Active:
		out.State, out.Error, out.ErrorEN = client.SubscriptionOff, "", ""
	case !Reachable(hookURL, i.APIURL):
		w := texts.Of("subscription.no_address").Both()
		out.State, out.Error, out.ErrorEN = client.SubscriptionOff, w.RU, w.EN
	}
	return out
}

func subscribes(kind pbx.Kind) bool {
	for _, c := range kind.Capabilities {
		if c == pbx.CanBeSubscribed {
			return true
		}
	}
	return false
}

func told(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// Check is the line of a subscription among what is checked; false for kinds without one.
func Check(s *client.Subscription) (client.Check, bool) {
	if s == nil {
		return client.Check{}, false
	}
	state, message := checked(s)
	name, text := texts.Of("check.subscription").Both(), message.Both()
	if s.Error != "" {
		text = bilingual.Join([]bilingual.Text{text, {RU: s.Error, EN: s.ErrorEN}}, " ")
	}
	return client.Check{ID: "subscription", State: state, Name: name.RU, NameEN: name.EN, Text: text.RU, TextEN: text.EN}, true
}

func checked(s *client.Subscription) (client.CheckState, texts.Message) {
	at := func(t *time.Time) string { return t.Local().Format("02.01 15:04") }
	switch s.State {
	case client.SubscriptionOK:
		if s.Until == nil {
			return client.CheckOK, texts.Of("check.subscription_endless")
		}
		return client.CheckOK, texts.Of("check.subscription_ok", texts.Args{"until": at(s.Until), "renewed": at(s.RenewAt)})
	case client.SubscriptionOverdue:
		return client.CheckWarning, texts.Of("check.subscription_overdue", texts.Args{"until": at(s.Until)})
	case client.SubscriptionOff:
		if s.Error == "" {
			return client.CheckUnknown, texts.Of("check.subscription_off")
		}
		return client.CheckFailed, texts.Of("check.subscription_none")
	}
	return client.CheckFailed, texts.Of("check.subscription_ended")
}
