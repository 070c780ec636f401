package reports

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	panelGap  float32 = 14
	panelSide float32 = 18
	tileSide  float32 = 14
	// tall is the height of the first chart, low of the ones beside each other, barRow of a bar with a name.
	tall   float32 = 240
	low    float32 = 180
	barRow float32 = 28
	// axisHigh is what the labels under a chart of rows take.
	axisHigh float32 = 28
	weekHigh float32 = 230
	// beside is from which width on two charts stand beside each other.
	beside float32 = 720
	// mostBars bounds the charts of people and lines; the busiest come first.
	mostBars = 15
)

// draw fills the page from what was found.
func (v *View) draw() {
	text := v.host.Text()
	if v.found.time.Total.Calls == 0 {
		v.set(v.lined(widgets.Empty(text.T("rep.empty"), text.T("rep.empty_hint"))))
		return
	}
	parts := []fyne.CanvasObject{v.tiles()}
	if doubts := v.doubts(); doubts != nil {
		parts = append(parts, doubts)
	}
	parts = append(parts, v.calls(),
		v.pair(v.overTime("rep.missed_share", present.MeasureMissed, nil), v.overTime("rep.answer_time", present.MeasureAnswer, []legend{
			{present.ToneRing, "rep.legend_median"}, {present.TonePale, "rep.legend_p90"},
		})),
		v.pair(v.overTime("rep.talk_time", present.MeasureTalk, nil), v.callBacks()),
		v.pair(
			v.named("rep.by_employee", v.found.people, &v.state.people, ofPeople...),
			v.named("rep.by_line", v.found.lines, &v.state.lines, ofLines...)),
		v.weekMap())
	// Choosing a measure must not jump to the top.
	v.set(widgets.NewScroll(container.New(patient{}, widgets.Pad(0, theme.Side, theme.Side, theme.Side, widgets.Column(panelGap, parts...))), &v.state.scroll))
}

// patient asks for no width of its own: the charts take what there is.
type patient struct{}

func (patient) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

func (patient) MinSize(objects []fyne.CanvasObject) fyne.Size {
	high := float32(0)
	for _, o := range objects {
		high = max(high, o.MinSize().Height)
	}
	return fyne.NewSize(0, high)
}

// lined is an empty page that still says what may be missing from it.
func (v *View) lined(object fyne.CanvasObject) fyne.CanvasObject {
	if doubts := v.doubts(); doubts != nil {
		return widgets.Fill(widgets.Pad(0, theme.Side, 0, theme.Side, doubts), object, nil)
	}
	return object
}

// width is the room for panels.
func (v *View) width() float32 { return v.Size().Width - 2*theme.Side }

func panel(side float32, object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(14, side, 14, side, object))
}

// pair puts two panels beside each other, or under each other in a narrow window.
func (v *View) pair(a, b fyne.CanvasObject) fyne.CanvasObject {
	if v.width() < beside {
		return widgets.Column(panelGap, a, b)
	}
	return widgets.Columns(panelGap, []float32{widgets.Wide, widgets.Wide}, a, b)
}

func (v *View) tiles() fyne.CanvasObject {
	tiles := present.Tiles(v.found.time.Total, v.host.Text())
	var out []fyne.CanvasObject
	var widths []float32
	for _, t := range tiles {
		out = append(out, panel(tileSide, widgets.Column(2,
			widgets.NewLabel(t.Title, theme.Caption, widgets.InkMuted),
			widgets.NewBold(t.Value, theme.Title, widgets.InkNormal),
			widgets.NewLabel(t.Hint, theme.Caption, widgets.InkMuted))))
		widths = append(widths, widgets.Wide)
	}
	if v.width() >= beside {
		return widgets.Columns(panelGap, widths, out...)
	}
	return widgets.Column(panelGap, widgets.Columns(panelGap, widths[:2], out[:2]...), widgets.Columns(panelGap, widths[2:], out[2:]...))
}

// doubts says what the figures may lack, in the colour of warnings; nil when nothing is known of.
func (v *View) doubts() fyne.CanvasObject {
	words := present.Doubts(v.found.time, v.host.Text(), v.host.Now())
	if len(words) == 0 {
		return nil
	}
	ink := widgets.ToneInk(theme.ToneHold)
	line := widgets.TopRow(theme.Gap, []float32{0, widgets.Wide}, widgets.NewBold("!", theme.Small, ink).Fixed(),
		widgets.NewParagraph(strings.Join(words, " · "), theme.Small, v.width()-2*panelSide-16, 0, ink))
	return widgets.Stack(widgets.NewBox(widgets.ToneSoft(theme.ToneHold), theme.RadiusButton), widgets.Pad(8, panelSide, 8, panelSide, line))
}

// legend is a colour and what it stands for.
type legend struct {
	tone present.Tone
	key  string
}

var legendOfCalls = []legend{
	{present.ToneRing, "rep.legend_in"}, {present.ToneAccent, "rep.legend_out"}, {present.ToneMiss, "rep.legend_missed"},
}

// swatch is the size of a legend's colour.
const swatch float32 = 10

func (v *View) legend(of []legend) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, l := range of {
		out = append(out, widgets.Row(6, []float32{swatch, 0},
			widgets.Sized(widgets.NewBox(func(p theme.Palette) color.NRGBA { return inkOf(l.tone, p) }, 3), swatch, swatch),
			widgets.NewLabel(v.host.Text().T(l.key), theme.Caption, widgets.InkMuted).Fixed()))
	}
	return out
}

// titled is a panel with a head, and something at its right.
func (v *View) titled(key string, side []fyne.CanvasObject, object fyne.CanvasObject) fyne.CanvasObject {
	title := widgets.NewBold(v.host.Text().T(key), theme.Body, widgets.InkNormal)
	head := widgets.Row(14, []float32{widgets.Wide}, append([]fyne.CanvasObject{title}, side...)...)
	return panel(panelSide, widgets.Fill(widgets.Pad(0, 0, 10, 0, widgets.Sized(head, 0, 24)), object, nil))
}

func (v *View) chart(f figure, high float32) fyne.CanvasObject {
	return newChart(v.pen, v.host.Text(), f, high, func(bar, part int, _ fyne.Position) {
		q := f.bars[bar].Query
		if part >= 0 {
			q = f.bars[bar].Parts[part].Query
		}
		v.feed.Open(q)
	})
}

func (v *View) calls() fyne.CanvasObject {
	key := "rep.by_day"
	if v.found.time.Group == client.ByHour {
		key = "rep.by_hour"
	}
	bars := present.Bars(v.found.time, present.MeasureCalls, v.host.Text(), v.host.Now())
	return v.titled(key, v.legend(legendOfCalls), v.chart(figure{columns, bars, present.UnitCalls}, tall))
}

func (v *View) overTime(key string, m present.Measure, of []legend) fyne.CanvasObject {
	bars := present.Bars(v.found.time, m, v.host.Text(), v.host.Now())
	return v.titled(key, v.legend(of), v.chart(figure{columns, bars, m.Unit()}, low))
}

// named is a chart of people or lines, by the measure that is chosen in its head.
func (v *View) named(key string, r client.Report, chosen *present.Measure, offered ...present.Measure) fyne.CanvasObject {
	text := v.host.Text()
	var side []fyne.CanvasObject
	for _, m := range offered {
		kind := widgets.Bare
		if m == *chosen {
			kind = widgets.Link
		}
		side = append(side, widgets.NewButton(text.T("rep.m_"+string(m)), kind, func() {
			*chosen = m
			v.draw()
		}))
	}
	bars := present.Bars(r, *chosen, text, v.host.Now())
	bars = bars[:min(len(bars), mostBars)]
	if len(bars) == 0 {
		return v.titled(key, nil, nothing(text.T("rep.none_here")))
	}
	return v.titled(key, []fyne.CanvasObject{widgets.Row(0, nil, side...)},
		v.chart(figure{rows, bars, chosen.Unit()}, float32(len(bars))*barRow+axisHigh))
}

func nothing(words string) fyne.CanvasObject {
	return widgets.Sized(widgets.Middle(widgets.NewLabel(words, theme.Body, widgets.InkMuted).Fixed()), 0, low/2)
}

func (v *View) callBacks() fyne.CanvasObject {
	text := v.host.Text()
	bars := present.CallBackBars(v.found.time, text)
	if len(bars) == 0 {
		return v.titled("rep.back_title", nil, nothing(text.T("rep.all_answered")))
	}
	of := []legend{{present.ToneRing, "rep.legend_reached"}, {present.TonePale, "rep.legend_tried"}}
	return v.titled("rep.back_title", v.legend(of), v.chart(figure{rows, bars, present.UnitCalls}, low))
}

func (v *View) weekMap() fyne.CanvasObject {
	text := v.host.Text()
	cells := present.Cells(v.found.week, text)
	scale := []fyne.CanvasObject{widgets.NewLabel(text.T("rep.few"), theme.Caption, widgets.InkMuted).Fixed()}
	for n := range 5 {
		scale = append(scale, widgets.Sized(widgets.NewBox(func(p theme.Palette) color.NRGBA { return heat(float64(n), 4, p) }, 3), swatch, swatch))
	}
	scale = append(scale, widgets.NewLabel(text.T("rep.much"), theme.Caption, widgets.InkMuted).Fixed())
	var c *chart
	c = newChart(v.pen, text, figure{week, cells, present.UnitCalls}, weekHigh, func(bar, _ int, at fyne.Position) {
		v.openCell(c, cells[bar].Hours, at)
	})
	return v.titled("rep.week_map", []fyne.CanvasObject{widgets.Row(3, nil, scale...)}, c)
}

// openCell leads to the calls of a cell. A period of several weeks has several such hours: then
// the person says which, as the feed shows one stretch of time.
func (v *View) openCell(c *chart, hours []client.ReportHour, at fyne.Position) {
	switch len(hours) {
	case 0:
		return
	case 1:
		v.feed.Open(present.HourQuery(v.found.week, hours[0]))
		return
	}
	over := fyne.CurrentApp().Driver().CanvasForObject(c)
	if over == nil {
		return
	}
	widget.ShowPopUpMenuAtRelativePosition(v.hoursMenu(hours), over, at, c)
}

// mostHours is how many hours of a cell stand in its menu, the latest first.
const mostHours = 15

func (v *View) hoursMenu(hours []client.ReportHour) *fyne.Menu {
	text, now := v.host.Text(), v.host.Now()
	menu := fyne.NewMenu("")
	for n := len(hours) - 1; n >= 0 && len(menu.Items) < mostHours; n-- {
		h := hours[n]
		from := h.From.In(now.Location())
		words := from.Format("02.01") + ", " + text.Clock(from) + " · " + text.N("rep.calls_n", h.Calls)
		menu.Items = append(menu.Items, fyne.NewMenuItem(words, func() { v.feed.Open(present.HourQuery(v.found.week, h)) }))
	}
	return menu
}
