package feed

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

const (
	dayField  float32 = 128
	daysWidth float32 = 400
)

// openDays asks for the first and the last day of a period.
func openDays(f *filters) {
	text, now := f.view.host.Text(), f.view.host.Now()
	over := fyne.CurrentApp().Driver().CanvasForObject(f.period)
	if over == nil {
		return
	}
	first, last := widgets.NewEntry(text.T("rep.day_hint")), widgets.NewEntry(text.T("rep.day_hint"))
	first.SetText(now.AddDate(0, 0, -6).Format("02.01.2006"))
	last.SetText(now.Format("02.01.2006"))
	told := widgets.NewParagraph("", theme.Small, daysWidth-2*theme.Inset, 2, widgets.ToneInk(theme.ToneMiss))
	var pop *widget.PopUp
	show := func() {
		if words := f.useDays(first.Text, last.Text); words != "" {
			told.Set(words)
			pop.Refresh()
			return
		}
		pop.Hide()
	}
	first.OnSubmitted, last.OnSubmitted = func(string) { show() }, func(string) { show() }
	first.OnEscape, last.OnEscape = func() { pop.Hide() }, func() { pop.Hide() }
	word := func(key string) fyne.CanvasObject {
		return widgets.NewLabel(text.T(key), theme.Body, widgets.InkMuted).Fixed()
	}
	body := widgets.Column(12, widgets.NewBold(text.T("filter.days"), theme.Heading, widgets.InkNormal),
		widgets.Row(theme.Gap, []float32{0, dayField, 0, dayField},
			word("rep.from"), widgets.GroundField(first), word("rep.to"), widgets.GroundField(last)), told,
		widgets.SheetFoot(widgets.NewButton(text.T("act.cancel"), widgets.Quiet, func() { pop.Hide() }),
			widgets.NewButton(text.T("rep.show"), widgets.Primary, show)))
	pop = widgets.NewSheet(over, daysWidth, body, func() { pop.Hide() })
	pop.Show()
	over.Focus(first)
}

// useDays filters by the days, or says what is wrong with them.
func (f *filters) useDays(first, last string) string {
	from, to, wrong := present.ParseDays(first, last, f.view.host.Now(), f.view.host.Text())
	if wrong != "" {
		return wrong
	}
	f.view.state.asked.From, f.view.state.asked.To = from.Format(time.RFC3339), to.Format(time.RFC3339)
	f.changed()
	return ""
}
