package timeline

import (
	"image/color"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present/course"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// inkOf is a colour of a kind of bar: its ground, or its frame.
func inkOf(kind course.BarKind, frame int) widgets.Ink {
	return func(theme.Palette) color.NRGBA {
		ground, line, _ := looks(kind)
		if frame == 1 {
			return line
		}
		return ground
	}
}

// right is what the PBX sent, and what comparing came to.
func (s *Sheet) right() fyne.CanvasObject {
	text, c := s.host.Text(), s.course
	s.events = widgets.Column(0)
	for _, e := range c.Events {
		s.events.Add(s.event(e))
	}
	s.column = widgets.NewScroll(s.events, &s.eventsAt)
	head := widgets.Column(0, widgets.Sized(widgets.Pad(0, theme.Side, 0, 16, widgets.Row(theme.Gap, []float32{widgets.Wide, 0},
		widgets.NewBold(text.T("course.sent"), theme.Caption, widgets.InkNormal), widgets.NewLabel(text.T("course.took"), theme.Caption, widgets.InkMuted).Fixed())), 0, axisHigh))
	sign, tone := "✓", theme.ToneRing
	if !c.Agrees {
		sign, tone = "•", theme.ToneMuted
	}
	foot := widgets.Column(4, widgets.Row(theme.Gap, []float32{0, widgets.Wide},
		widgets.NewBold(sign, theme.Caption, widgets.ToneInk(tone)).Fixed(), widgets.NewLabel(c.Checked, theme.Caption, widgets.InkNormal)))
	if c.Clock != "" {
		foot.Add(widgets.NewParagraph(c.Clock, theme.Caption, rightWide-theme.Side-16, 0, widgets.InkMuted))
	}
	return widgets.Fill(head, s.column, widgets.Column(0, widgets.Rule(), widgets.Pad(12, theme.Side, 16, 16, foot)))
}

// event is one line of the right column; a click plays from it.
func (s *Sheet) event(e course.Event) fyne.CanvasObject {
	ground := widgets.NewBox(widgets.Nothing, 0)
	told := widgets.Column(0, widgets.NewLabel(e.What, theme.Body, widgets.InkNormal), widgets.NewLabel(e.Answer, theme.Caption, widgets.InkMuted))
	line := widgets.Row(theme.Gap, []float32{52, widgets.Wide, 56}, widgets.NewLabel(e.When, theme.Caption, widgets.InkMuted), told,
		widgets.NewBold(e.Took, theme.Caption, widgets.InkNormal).Aligned(fyne.TextAlignTrailing))
	area := widgets.NewArea(func() { s.play(e.At) })
	hovercard.Watch(area, told)
	return widgets.Column(0, widgets.Rule(), widgets.Stack(ground, widgets.Sized(widgets.Pad(0, theme.Side, 0, 16, line), 0, eventHigh-1), area))
}

// mark shows the event of the moment that is heard.
func (s *Sheet) mark() {
	now := -1
	if head, shown := s.head(); shown {
		now = s.course.EventAt(head)
	}
	if now == s.marked {
		return
	}
	paint := func(n int, ink widgets.Ink) {
		if n < 0 || n >= len(s.events.Objects) {
			return
		}
		ground := s.events.Objects[n].(*fyne.Container).Objects[1].(*fyne.Container).Objects[0].(*widgets.Box)
		ground.Fill = ink
		ground.Refresh()
	}
	paint(s.marked, widgets.Nothing)
	paint(now, widgets.ToneSoft(theme.ToneAccent))
	s.marked = now
	if now < 0 {
		return
	}
	// The line is brought into view, the rest stays where it is.
	top, shown := float32(now)*eventHigh, s.column.Size().Height
	switch {
	case top < s.column.Offset.Y:
		s.column.ScrollToOffset(fyne.NewPos(0, top))
	case shown > 0 && top+eventHigh > s.column.Offset.Y+shown:
		s.column.ScrollToOffset(fyne.NewPos(0, top+eventHigh-shown))
	}
}
