package popup

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// leastAbout is the room in which what is known of somebody says more than a letter or two.
const leastAbout float32 = 64

// talking is the slim call bar.
func (v *View) talking() []fyne.CanvasObject {
	v.timer.Em, v.timer.Ink, v.timer.Bold = theme.Body, widgets.InkNormal, true
	about, _, _ := strings.Cut(v.card.Subtitle, " · ")
	// The bar is slim: family and first name are enough, the card has the whole.
	short := v.card.Title
	if words := strings.Fields(short); v.card.Known && len(words) > 2 {
		short = words[0] + " " + words[1]
	}
	dot := widgets.NewDot(tone(v.card), true)
	const gap = 6 // of four parts
	timer := max(v.timer.MinSize().Width, fyne.MeasureText("00:00", theme.Body, fyne.TextStyle{Bold: true}).Width)
	room := innerWidth + 4 - dot.MinSize().Width - timer - 3*gap
	name := min(room, fyne.MeasureText(short, theme.Body, fyne.TextStyle{Bold: true}).Width+1)
	switch {
	case v.card.State == model.CardHeld: // is said in any case
		about = v.card.Heading
		name = min(name, room-1-fyne.MeasureText(about, theme.Caption, fyne.TextStyle{}).Width)
	case room-name < leastAbout:
		about = ""
	}
	u := v.unfolding("talk")
	var line fyne.CanvasObject
	if u.whole {
		all := widgets.Column(0, u.line(v.card.Title, theme.Body, widgets.InkNormal, true, room))
		if v.card.Subtitle != "" {
			all.Add(u.line(v.card.Subtitle, theme.Caption, widgets.InkMuted, false, room))
		}
		line = widgets.TopRow(gap, []float32{0, widgets.Wide, 0}, dot, u.over(all), v.timed())
	} else {
		u.more = short != v.card.Title
		line = widgets.Row(gap, []float32{0, name, widgets.Wide, 0}, dot, u.over(u.line(short, theme.Body, widgets.InkNormal, true, room)),
			widgets.NewLabel(about, theme.Caption, widgets.InkMuted), v.timed())
	}
	parts := []fyne.CanvasObject{
		widgets.Pad(12, theme.Inset, 8, theme.Inset-4, line),
	}
	if v.card.Consulting != "" {
		parts = append(parts, v.consulting())
	}
	rows := []fyne.CanvasObject{v.acts(v.card.Acts)}
	if v.more && len(v.card.More) > 0 {
		rows = append(rows, v.acts(v.card.More))
	}
	parts = append(parts, inside(12, v.spot("write", v.field)))
	parts = append(parts, v.underWay()...)
	parts = append(parts, v.heard.parts()...)
	parts = append(parts, inside(14, widgets.Column(theme.Gap, rows...)))
	if v.more && v.card.Outcomes {
		parts = append(parts, v.outcomes())
	}
	if v.picking && (v.card.Blind || v.card.Consult) {
		parts = append(parts, v.colleagues()...)
	}
	return parts
}

// consulting names the colleague who is asked while the client waits.
func (v *View) consulting() fyne.CanvasObject {
	ink := widgets.ToneInk(theme.ToneAccent)
	words := widgets.Row(6, []float32{0, widgets.Wide}, widgets.NewDot(theme.ToneAccent, false), widgets.NewBold(v.card.Consulting, theme.Small, ink))
	return inside(8, widgets.Stack(widgets.NewBox(widgets.ToneSoft(theme.ToneAccent), theme.RadiusButton), widgets.Pad(6, 10, 6, 10, words)))
}

// ways lets the person choose how to hand the call over, where there is a choice.
func (v *View) ways() fyne.CanvasObject {
	way := func(key string, consult bool) fyne.CanvasObject {
		kind := widgets.Quiet
		if v.consult == consult {
			kind = widgets.Soft
		}
		return v.spot(key, widgets.NewButton(v.text.T(key), kind, func() {
			v.consult = consult
			v.rebuild(time.Now())
		}))
	}
	return inside(10, widgets.Row(theme.Gap, []float32{widgets.Wide, widgets.Wide}, way("card.at_once", false), way("card.ask_first", true)))
}

func (v *View) colleagues() []fyne.CanvasObject {
	var parts []fyne.CanvasObject
	v.first = nil
	if v.card.Blind && v.card.Consult {
		parts = append(parts, v.ways())
	}
	hint := "card.pick_colleague"
	if v.consult {
		hint = "card.pick_to_ask"
	}
	parts = append(parts, inside(6, widgets.NewLabel(v.text.T(hint), theme.Caption, widgets.InkMuted)))
	most := 5 // a taller card would not leave room for a second one
	for _, person := range v.intents.Colleagues() {
		if person.Extension == "" || most == 0 {
			continue
		}
		most--
		row := widgets.Row(10, []float32{28, widgets.Wide, 0},
			widgets.NewAvatar(present.Initials(person.Name), theme.ToneAccent, 28),
			widgets.NewLabel(present.ShortName(person.Name), theme.Body, widgets.InkNormal),
			widgets.NewChip(v.text.T("presence."+string(presence(person))), theme.ToneMuted))
		line := pick(row, func() {
			v.picking = false
			v.intents.Transfer(v.card.ID, person.Extension, v.consult)
		})
		if v.first == nil {
			v.first = focusableIn(line)
		}
		parts = append(parts, widgets.Rule(), v.spot(person.Extension, line))
	}
	if most == 5 {
		parts = append(parts, inside(8, widgets.NewLabel(v.text.T("card.nobody_free"), theme.Body, widgets.InkNormal)))
	}
	return append(parts, widgets.Space(0, 6))
}

func presence(person client.Employee) client.PresenceState {
	if person.Presence == "" {
		return client.PresenceOffline
	}
	return person.Presence
}
