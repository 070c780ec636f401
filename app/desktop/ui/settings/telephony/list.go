package telephony

import (
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// list shows the integrations with how each is, in words; a click opens one's page.
func (v *View) list() fyne.CanvasObject {
	v.states = map[*page]*widgets.Label{}
	var rows []fyne.CanvasObject
	for _, p := range v.pages {
		rows = append(rows, v.listRow(p))
	}
	if v.fresh != nil {
		rows = append(rows, v.listRow(v.fresh))
	}
	add := widgets.NewButton("+ "+v.host.Text().T("act.add"), widgets.Soft, v.choose)
	rows = append(rows, widgets.Pad(8, 0, 0, 0, add))
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(8, 8, 8, 8, widgets.Column(0, rows...)))
}

func (v *View) listRow(p *page) fyne.CanvasObject {
	ground, square, ink := widgets.NewBox(widgets.Nothing, theme.RadiusButton), widgets.Hover, widgets.InkMuted
	if p == v.open {
		ground.Fill, square, ink = widgets.ToneSoft(theme.ToneAccent), widgets.Surface, widgets.InkAccent
	}
	words := widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	v.states[p] = words
	v.tellState(p)
	row := widgets.Row(12, []float32{markSize, widgets.Wide}, signOf(mark(p.name()), square, ink),
		widgets.Column(0, widgets.NewBold(p.name(), theme.Body, widgets.InkNormal), words))
	open := widgets.NewPick(func() {
		v.show(p)
		v.surface.Draw()
	})
	return widgets.Stack(ground, widgets.Sized(widgets.Pad(0, 12, 0, 12, row), 0, theme.Row), open)
}

// tickList moves the words of the list on.
func (v *View) tickList() {
	for p := range v.states {
		v.tellState(p)
	}
}

func (v *View) tellState(p *page) {
	text, now := v.host.Text(), v.host.Now()
	tone, words := theme.ToneMuted, text.T("tel.fill_in")
	if p != v.fresh {
		tone, words = standing(p.it, text, now)
	}
	label := v.states[p]
	label.Ink = widgets.ToneInk(tone)
	label.Set(words)
}

// silenceTold is how long after its last event a PBX is said to be silent, not how long ago that was.
const silenceTold = time.Hour

// standing tells in a few words how an integration is: what is worst of it, or when the PBX was heard
// last.
func standing(it client.Integration, text *i18n.Text, now time.Time) (theme.Tone, string) {
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
		return theme.ToneMiss, lowered(why)
	case s != nil && begins(*s):
		return theme.ToneMuted, lowered(text.T("tel.begins"))
	case s != nil && subscriptionNow(*s, now) == client.SubscriptionEnded:
		return theme.ToneMiss, lowered(endedWords(*s, text, now))
	case s != nil && subscriptionNow(*s, now) == client.SubscriptionOverdue:
		return theme.ToneHold, text.T("tel.overdue")
	case it.Health.State == client.HealthCareful:
		return theme.ToneHold, text.T("set.health_careful")
	case it.LastEvent == nil:
		return theme.ToneMuted, text.T("tel.no_event")
	case now.Sub(*it.LastEvent) > silenceTold:
		return theme.ToneMuted, text.T("tel.silent", "since", text.Short(*it.LastEvent, now))
	}
	return theme.ToneRing, text.T("tel.heard", "ago", text.AgoShort(*it.LastEvent, now))
}

// dotColumn is the width of a dot before words.
const dotColumn float32 = 10

func healthTone(state client.HealthState) theme.Tone {
	switch state {
	case client.HealthCareful:
		return theme.ToneHold
	case client.HealthBlocked:
		return theme.ToneMiss
	}
	return theme.ToneRing
}
