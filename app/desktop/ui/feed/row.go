package feed

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/courselink"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// rowView is one line of the list; the list reuses it for many entries.
type rowView struct {
	widget.BaseWidget
	view     *View
	entry    client.FeedEntry
	practice bool // it is none of the school's

	day, name, about, what, whatAbout, who, when *widgets.Label
	icon                                         *widgets.Avatar
	ground                                       *widgets.Box
	dayBox                                       fyne.CanvasObject
	course                                       *courselink.Link // whatAbout
	extra                                        *fyne.Container
	line, content                                *fyne.Container
}

// Widths of the columns, as designed; name and description share what is left.
const (
	iconColumn float32 = 28
	whoColumn  float32 = 104
	whenColumn float32 = 44
)

func newRow(view *View) *rowView {
	r := &rowView{view: view}
	r.ExtendBaseWidget(r)
	r.day = widgets.NewBold("", theme.Caption, widgets.InkMuted)
	r.name = widgets.NewBold("", theme.Body, widgets.InkNormal)
	r.about = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	r.what = widgets.NewLabel("", theme.Body, widgets.InkNormal)
	r.whatAbout = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	r.who = widgets.NewLabel("", theme.Body, widgets.InkMuted)
	r.when = widgets.NewLabel("", theme.Body, widgets.InkMuted).Aligned(fyne.TextAlignTrailing)
	r.icon = widgets.NewAvatar("", theme.ToneRing, iconColumn)
	r.icon.Sign = true
	r.ground = widgets.NewBox(widgets.Surface, 0)
	area := widgets.NewArea(func() { view.pressed(r.entry) })
	area.OnHover = func(in bool) {
		r.ground.Fill = r.rest()
		if in {
			r.ground.Fill = widgets.Hover
		}
		r.ground.Refresh()
	}
	r.course = courselink.Over(r.whatAbout, func() { view.course(r.entry) }, func(in bool) { area.OnHover(in) })
	r.line = widgets.Row(12, []float32{iconColumn, widgets.Wide, widgets.Wide, whoColumn, whenColumn},
		r.icon, widgets.Column(0, r.name, r.about), widgets.Column(0, r.what, r.course.Words), r.who, r.when)
	r.dayBox = widgets.Stack(widgets.NewBox(widgets.Ground, 0),
		widgets.Sized(widgets.Pad(14, theme.Side, 6, theme.Side, r.day), 0, theme.DayRow))
	r.extra = container.NewStack()
	row := widgets.Stack(r.ground, area, widgets.Sized(widgets.Pad(0, theme.Side, 0, theme.Side, r.line), 0, theme.Row))
	view.hover.WatchRow(area, r)
	r.content = widgets.Fill(widgets.Column(0, r.dayBox, row), widgets.Stack(widgets.NewBox(widgets.Surface, 0), r.extra), widgets.Rule())
	return r
}

// CreateRenderer is Fyne's.
func (r *rowView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }

// MinSize is the plain row's: the list takes it for all lines without a height of their own.
func (r *rowView) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	return fyne.NewSize(400, theme.Row+1)
}

// Row is what hovercard reads: the line without its heading. Of an expanded row it is none: its card would cover the player.
func (r *rowView) Row() (content fyne.CanvasObject, detail string) {
	if r.expanded() {
		return nil, ""
	}
	return r.line, r.detail()
}

// Key is the entry's.
func (r *rowView) Key() string { return r.entry.ID }

func (r *rowView) expanded() bool {
	return r.entry.ID == r.view.state.open && r.view.extra != nil
}

// detail is what the line has no room for: the number beside a name, and the employee's whole name.
func (r *rowView) detail() string {
	var out []string
	if r.entry.Subject != nil && r.entry.Phone != "" {
		out = append(out, present.PrettyPhone(r.entry.Phone, r.view.host.Text()))
	}
	if r.entry.Employee != nil {
		out = append(out, r.entry.Employee.Name)
	}
	return strings.Join(out, " · ")
}

// rest is the ground of a row without the pointer.
func (r *rowView) rest() widgets.Ink {
	if r.practice {
		return widgets.ToneSoft(theme.ToneHold)
	}
	return widgets.Surface
}

func toneOf(row present.Row) theme.Tone {
	switch row.Tone {
	case "ring":
		return theme.ToneRing
	case "miss":
		return theme.ToneMiss
	case "hold":
		return theme.ToneHold
	}
	return theme.ToneAccent
}

func (r *rowView) show(it item) {
	r.entry = it.row.Entry
	r.day.Set(it.heading)
	if it.heading == "" {
		r.dayBox.Hide()
	} else {
		r.dayBox.Show()
	}
	r.name.Set(it.row.Name)
	r.about.Set(it.row.About)
	r.what.Set(it.row.What)
	r.course.Set(it.row.WhatAbout, it.row.Course)
	r.who.Set(it.row.Who)
	r.when.Set(it.row.When)
	r.icon.Set(it.row.Symbol, toneOf(it.row))
	r.practice = it.row.Entry.Practice
	r.ground.Fill = r.rest()
	var extra []fyne.CanvasObject
	if r.expanded() {
		extra = []fyne.CanvasObject{r.view.extra}
	}
	if len(extra) > 0 || len(r.extra.Objects) > 0 {
		r.extra.Objects = extra
		r.extra.Refresh()
	}
	r.content.Refresh()
}
