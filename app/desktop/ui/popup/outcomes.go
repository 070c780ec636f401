package popup

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// outcomes are what a call came to. A call-back asks when, and becomes a reminder; words in the
// note line go along.
func (v *View) outcomes() fyne.CanvasObject {
	var chips []widgets.Pressed
	for _, outcome := range model.Outcomes {
		chip := widgets.NewFilter(v.text.T("outcome."+outcome), func() { v.settle(outcome, nil) })
		if outcome == model.OutcomeCallBack {
			chip = widgets.NewFilter(v.text.T("outcome.call_back_when"), func() { v.dating = !v.dating; v.rebuild(time.Now()) })
			if v.dating {
				chip.Set(chip.Label, theme.ToneAccent)
			}
		}
		v.spot("outcome-"+outcome, chip)
		chips = append(chips, chip)
	}
	rows := []fyne.CanvasObject{
		widgets.NewLabel(v.text.T("card.came_to"), theme.Caption, widgets.InkMuted), v.bar("outcomes", chips...),
	}
	if v.dating {
		rows = append(rows, v.moments(present.Moments(v.text, time.Now()), func(at time.Time) { v.settle(model.OutcomeCallBack, &at) },
			func() { v.dating = false; v.intents.Task(v.card) }))
	}
	return inside(12, widgets.Column(6, rows...))
}

// settle tells the outcome with what stands in the note line.
func (v *View) settle(outcome string, at *time.Time) {
	words := v.note.Text
	v.note.SetText("")
	v.dating, v.more = false, false
	v.intents.Outcome(v.card, outcome, words, at)
	v.rebuild(time.Now())
}

// moments offers times, and with other one's own.
func (v *View) moments(offered []present.Moment, choose func(time.Time), other func()) fyne.CanvasObject {
	var chips []widgets.Pressed
	add := func(name, words string, do func()) {
		chip := widgets.NewFilter(words, do)
		v.spot(name, chip)
		chips = append(chips, chip)
	}
	for n, m := range offered {
		add("at-"+strconv.Itoa(n), m.Words, func() { choose(m.At) })
	}
	if other != nil {
		add("at-other", v.text.T("when.other"), other)
	}
	return v.bar("moments", chips...)
}

// reminding is what stands under the words of a reminder: the recording of its call, and the times
// to which it can be put off.
func (v *View) reminding() []fyne.CanvasObject {
	var parts []fyne.CanvasObject
	if v.card.Playable {
		listen := widgets.NewButton(v.text.T("task.listen"), widgets.Quiet, func() { v.intents.Listen(v.card) })
		parts = append(parts, inside(8, v.spot("listen", listen)))
	}
	parts = append(parts, inside(14, v.acts(v.card.Acts)))
	if v.more {
		parts = append(parts, inside(14, v.moments(present.Putoffs(v.text, time.Now()), func(at time.Time) { v.intents.Snooze(v.card, at) }, nil)))
	}
	return parts
}
