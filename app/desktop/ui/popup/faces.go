package popup

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// innerWidth is what a card's text may take.
const innerWidth = theme.Card - 2*theme.Inset

func inside(bottom float32, object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Pad(0, theme.Inset, bottom, theme.Inset, object)
}

// tone of a card's state.
func tone(card present.Card) theme.Tone {
	switch card.State {
	case model.CardRinging, model.CardTalking:
		return theme.ToneRing
	case model.CardMissed:
		return theme.ToneMiss
	case model.CardHeld, model.CardFailed, model.CardOutage:
		return theme.ToneHold
	case model.CardDialling, model.CardReminder:
		return theme.ToneAccent
	}
	return theme.ToneMuted
}

// sign says the same as the tone, for those who do not see colours.
func sign(card present.Card) string {
	switch card.State {
	case model.CardMissed:
		return "↙"
	case model.CardFailed:
		return "↗"
	case model.CardOutage:
		return "!"
	case model.CardAnsweredByOther, model.CardEnded:
		return "✓"
	}
	return ""
}

func (v *View) top() fyne.CanvasObject {
	ink := widgets.ToneInk(tone(v.card))
	mark := fyne.CanvasObject(widgets.NewDot(tone(v.card), true))
	if s := sign(v.card); s != "" {
		mark = widgets.NewBold(s, theme.Caption, ink).Fixed()
	}
	v.timer.Em, v.timer.Ink, v.timer.Bold = theme.Caption, widgets.InkMuted, false
	objects := []fyne.CanvasObject{mark, widgets.NewBold(v.card.Heading, theme.Caption, ink), v.timed(), widgets.Space(crossWide, crossHigh)}
	return widgets.Pad(10, 12, 0, theme.Inset-4, widgets.Row(theme.Gap-2, []float32{0, widgets.Wide}, objects...))
}

// courseSpot is the name of what opens the course of a card's call.
const courseSpot = "course"

// timed is the duration, which opens the course of the call.
func (v *View) timed() fyne.CanvasObject {
	if v.card.Kind != model.CardOfCall || v.card.Test {
		return v.timer
	}
	return widgets.Stack(v.timer, v.spot(courseSpot, widgets.NewPick(func() { v.intents.Course(v.card) })))
}

// standing is every face but the call bar.
func (v *View) standing() []fyne.CanvasObject {
	parts := []fyne.CanvasObject{v.top(), v.who()}
	if len(v.card.Choices) > 0 {
		return append(parts, v.choices()...)
	}
	if v.card.Note != "" {
		words := widgets.NewParagraph(v.card.Note, theme.Caption, innerWidth-20, 2, widgets.InkMuted)
		parts = append(parts, inside(12, widgets.Stack(
			widgets.NewBox(widgets.Hover, theme.RadiusButton), widgets.Pad(8, 10, 8, 10, words))))
	}
	if v.card.Why != "" && v.card.State != model.CardDialling {
		parts = append(parts, inside(10, widgets.NewParagraph(v.card.Why, theme.Caption, innerWidth, 2, widgets.InkMuted)))
	}
	if v.card.State == model.CardDialling {
		return append(parts, v.steps())
	}
	// A note is often written right after the talk, and one that is being typed when the
	// talk ends must not vanish.
	if v.noting || v.card.State == model.CardEnded && !v.card.Test {
		parts = append(parts, inside(12, v.spot("write", v.field)))
		parts = append(parts, v.underWay()...)
		parts = append(parts, v.heard.parts()...)
	}
	if v.card.State == model.CardReminder {
		return append(parts, v.reminding()...)
	}
	if v.card.Outcomes {
		parts = append(parts, v.outcomes())
	}
	if v.card.State == model.CardMissed && len(v.card.More) > 0 {
		// Who will call back is said as readily as it is done: the second row always stands there.
		parts = append(parts, inside(theme.Gap, v.acts(v.card.Acts)), inside(14, v.acts(v.card.More)))
	} else if len(v.card.Acts) > 0 {
		parts = append(parts, inside(14, v.acts(v.card.Acts)))
	}
	if v.more && v.card.Phone != "" {
		parts = append(parts, inside(14, v.number()))
	}
	return parts
}

// number is what can be done with the caller's number. It stands on the card itself and is no menu:
// the card's window has no room for one, and must not take the keyboard for it.
func (v *View) number() fyne.CanvasObject {
	button := func(name, key string, tap func()) fyne.CanvasObject {
		return v.spot(name, widgets.NewButton(v.text.T(key), widgets.Quiet, tap))
	}
	buttons := []fyne.CanvasObject{
		button("copy", "num.copy", func() { v.intents.Copy(v.card.Phone) }),
		button("sms", "num.sms_short", func() { v.intents.SMS(v.card) }),
	}
	if v.card.Chat {
		buttons = append(buttons, button("chat", "num.whatsapp_short", func() { v.intents.Chat(v.card) }))
	}
	return widgets.Row(theme.Gap, []float32{widgets.Wide, widgets.Wide, widgets.Wide}, buttons...)
}

func (v *View) who() fyne.CanvasObject {
	u, wide := v.unfolding("who"), innerWidth-faceWide-faceGap
	if len(v.card.Choices) > 0 {
		wide = innerWidth
	}
	lines := []fyne.CanvasObject{u.line(v.card.Title, theme.Name, widgets.InkNormal, true, wide)}
	em, second := theme.Body, widgets.InkNormal
	if len(v.card.Choices) > 0 || v.card.State == model.CardDialling {
		em, second = theme.Caption, widgets.InkMuted
	}
	if v.card.Subtitle != "" {
		lines = append(lines, u.line(v.card.Subtitle, em, second, false, wide))
	}
	if v.card.Detail != "" {
		lines = append(lines, widgets.Pad(2, 0, 0, 0, u.line(v.card.Detail, theme.Caption, widgets.InkMuted, false, wide)))
	}
	block := u.over(widgets.Column(0, lines...))
	if len(v.card.Choices) > 0 {
		return widgets.Pad(8, theme.Inset, 10, theme.Inset, block)
	}
	ink := theme.ToneAccent
	switch {
	case v.card.State == model.CardMissed:
		ink = theme.ToneMiss
	case !v.card.Known:
		ink = theme.ToneHold
	}
	face := widgets.NewAvatar(v.card.Initials, ink, faceWide)
	return widgets.Pad(8, theme.Inset, 12, theme.Inset, widgets.TopRow(faceGap, []float32{faceWide, widgets.Wide}, face, block))
}

// The face of who calls, and the gap beside it.
const faceWide, faceGap float32 = 40, 12

func (v *View) choices() []fyne.CanvasObject {
	var parts []fyne.CanvasObject
	for _, choice := range v.card.Choices {
		name, kind := "choose-"+choice.Subject.ID, widgets.NewChip(choice.Kind, theme.ToneMuted)
		u, wide := v.unfolding(name), innerWidth-32-20-kind.MinSize().Width
		text := widgets.Column(0,
			u.line(choice.Name, theme.Body, widgets.InkNormal, true, wide),
			u.line(choice.About, theme.Caption, widgets.InkMuted, false, wide))
		row := widgets.Row(10, []float32{32, widgets.Wide, 0}, widgets.NewAvatar(choice.Initials, theme.ToneAccent, 32), text, kind)
		pressed := widgets.NewPick(func() { v.intents.Choose(v.card, choice.Subject) })
		u.pressed = pressed
		parts = append(parts, widgets.Rule(), u.over(v.spot(name, padded(row, pressed))))
	}
	return append(parts, widgets.Space(0, 6))
}

// pick is a row that can be pressed as a whole.
func pick(row fyne.CanvasObject, tap func()) fyne.CanvasObject {
	return padded(row, widgets.NewPick(tap))
}

func padded(row, over fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(widgets.Pad(8, theme.Inset, 8, theme.Inset, row), over)
}

func (v *View) steps() fyne.CanvasObject {
	var bars []fyne.CanvasObject
	for n := 1; n <= 3; n++ {
		fill := widgets.ToneSoft(theme.ToneAccent)
		if n <= v.card.Step {
			fill = widgets.InkAccent
		}
		bars = append(bars, widgets.Sized(widgets.NewBox(fill, 2), 0, 4))
	}
	words := widgets.NewLabel(v.card.StepText, theme.Body, widgets.InkNormal)
	cancel := v.spot("cancel", widgets.NewButton(v.text.T("act.cancel"), widgets.Danger, func() { v.act(present.ActHangup) }))
	return inside(14, widgets.Column(theme.Gap,
		widgets.Row(4, []float32{widgets.Wide, widgets.Wide, widgets.Wide}, bars...),
		widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, words, cancel)))
}

func (v *View) acts(acts []present.Act) fyne.CanvasObject {
	var buttons []fyne.CanvasObject
	for n, act := range acts {
		kind := widgets.Quiet
		switch {
		case act == present.ActHangup:
			kind = widgets.Danger
		case act == present.ActCallBack:
			kind = widgets.Call
		case act == present.ActConnect, act == present.ActResume && n == 0:
			kind = widgets.Primary
		case n == 0 && v.card.State == model.CardRinging:
			kind = widgets.Primary
		}
		buttons = append(buttons, v.spot(string(act), widgets.NewButton(v.word(act, n), kind, func() { v.act(act) })))
	}
	return widgets.Row(theme.Gap, []float32{widgets.Wide}, buttons...)
}

func (v *View) word(act present.Act, place int) string {
	switch act {
	case present.ActOpen:
		if place > 0 || v.card.State == model.CardMissed || v.card.State == model.CardTalking || v.card.State == model.CardHeld {
			return v.text.T("act.card")
		}
		if v.card.Subject != nil && v.card.Subject.Kind == client.KindClient {
			return v.text.T("act.open_client")
		}
		return v.text.T("act.open_contract")
	case present.ActNewLead:
		if v.card.State == model.CardTalking || v.card.State == model.CardHeld {
			return v.text.T("act.new_lead_short") // the bar has four buttons
		}
		return v.text.T("act.new_lead")
	case present.ActNote:
		return v.text.T("act.note")
	case present.ActMore:
		return "⋯"
	case present.ActEndPractice:
		return v.text.T("practice.end")
	case present.ActTransfer:
		return v.text.T("act.transfer")
	case present.ActHangup:
		return v.text.T("act.hangup")
	case present.ActHold, present.ActResume, present.ActConnect, present.ActReturn, present.ActRecord, present.ActSnooze, present.ActDone, present.ActTake:
		return v.text.T("act." + string(act))
	case present.ActCallBack:
		if v.card.State == model.CardFailed {
			return v.text.T("act.repeat")
		}
		return v.text.T("act.call_back")
	}
	return string(act)
}
