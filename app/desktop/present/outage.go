package present

import (
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
)

// ofOutage tells of a connection that is back: how long it was away, and what came meanwhile.
func (c cards) ofOutage(of model.Card) Card {
	o, text := of.Outage, c.text
	card := Card{Kind: of.Kind, ID: of.ID, State: of.State, At: o.To, Known: true}
	card.Heading = text.T("outage.back", "clock", text.Clock(o.To.In(c.now.Location())))
	card.Title = text.T("outage.for", "time", Span(o.To.Sub(o.From), text), "from", text.From(o.From, c.now), "to", text.Clock(o.To.In(c.now.Location())))
	switch {
	case !o.Counted:
		card.Subtitle = text.T("outage.unknown")
		card.Acts = []Act{ActShowFeed}
	case o.Missed == 0:
		card.Subtitle = text.T("outage.none")
	default:
		card.Subtitle = text.T("outage.missed", "missed", o.Missed, "calls", text.N("outage.of", o.Calls), "waiting", People(o.Waiting, "outage.waits", text))
		card.Acts = []Act{ActShowMissed, ActShowFeed}
	}
	return card
}

// Span is a long time in words: 52 минуты, 2 часа.
func Span(d time.Duration, text *i18n.Text) string {
	if d < 2*time.Hour {
		return text.N("span.minutes", int(d.Round(time.Minute)/time.Minute))
	}
	if d < 48*time.Hour {
		return text.N("span.hours", int(d.Round(time.Hour)/time.Hour))
	}
	return text.N("span.days", int(d.Round(24*time.Hour)/(24*time.Hour)))
}

// People counts people as one says it: «двое ещё ждут». Words for key.0 to key.4 come before the plural forms.
func People(n int, key string, text *i18n.Text) string {
	if few := key + "." + string(rune('0'+min(n, 9))); n < 5 && text.Has(few) {
		return text.T(few)
	}
	return text.N(key, n)
}
