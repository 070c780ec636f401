package reports

import (
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// dayField is the width of a field for a date.
const dayField float32 = 120

// longestOwn is the longest period the server counts.
const longestOwn = 366 * 24 * time.Hour

// own is a period of the person's own days; the zero value was not chosen yet.
type own struct{ from, to time.Time }

// ownForm asks for two days.
func (v *View) ownForm() fyne.CanvasObject {
	text := v.host.Text()
	first, last := widgets.NewEntry(text.T("rep.day_hint")), widgets.NewEntry(text.T("rep.day_hint"))
	from, to := present.PeriodMonth.Bounds(v.host.Now())
	if !v.state.own.from.IsZero() {
		from, to = v.state.own.from, v.state.own.to
	}
	first.SetText(from.Format("02.01.2006"))
	last.SetText(to.AddDate(0, 0, -1).Format("02.01.2006"))
	told := widgets.NewLabel("", theme.Small, widgets.ToneInk(theme.ToneMiss))
	show := func() { told.Set(v.useOwn(first.Text, last.Text)) }
	first.OnSubmitted = func(string) { show() }
	last.OnSubmitted = func(string) { show() }
	word := func(key string) fyne.CanvasObject {
		return widgets.NewLabel(text.T(key), theme.Body, widgets.InkMuted).Fixed()
	}
	row := widgets.Row(theme.Gap, []float32{0, dayField, 0, dayField, 0, widgets.Wide},
		word("rep.from"), widgets.Field(first), word("rep.to"), widgets.Field(last),
		widgets.NewButton(text.T("rep.show"), widgets.Primary, show), told)
	return widgets.Pad(0, theme.Side, 12, theme.Side, row)
}

// useOwn shows the days, or says what is wrong with them.
func (v *View) useOwn(first, last string) string {
	text := v.host.Text()
	from, to, wrong := present.ParseDays(first, last, v.host.Now(), text)
	if wrong != "" {
		return wrong
	}
	if to.Sub(from) > longestOwn {
		return text.T("rep.too_long")
	}
	v.state.own = own{from, to}
	v.Reload()
	return ""
}
