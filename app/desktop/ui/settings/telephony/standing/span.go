package standing

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// span is a time that passes: how much of it has, and a moment in it that matters. Done and Mark are
// shares of the whole, from 0 to 1.
type span struct {
	Done       float32
	Tone       theme.Tone
	Begin, End string
	// Mark stands where MarkWords say; without words there is none.
	Mark      float32
	MarkWords string
}

// newSpan draws a span as a line with its words under it.
func newSpan(s span) fyne.CanvasObject {
	l := &spanLayout{
		span: s, track: widgets.NewBox(widgets.Hover, spanHigh/2), done: widgets.NewBox(widgets.ToneInk(s.Tone), spanHigh/2), mark: widgets.NewBox(widgets.InkMuted, 1),
		begin: widgets.NewLabel(s.Begin, theme.Caption, widgets.InkMuted).Fixed(), end: widgets.NewLabel(s.End, theme.Caption, widgets.InkMuted).Fixed(),
		words: widgets.NewLabel(s.MarkWords, theme.Caption, widgets.InkMuted).Fixed(),
	}
	objects := []fyne.CanvasObject{l.track, l.done, l.begin, l.end}
	if s.MarkWords != "" {
		objects = append(objects, l.mark, l.words)
	}
	return &fyne.Container{Layout: l, Objects: objects}
}

// Sizes of the line and its mark.
const (
	spanHigh float32 = 4
	markWide float32 = 2
	markHigh float32 = 12
	// spanGap is between words that stand beside each other.
	spanGap float32 = 12
)

type spanLayout struct {
	span              span
	track, done, mark *widgets.Box
	begin, end, words *widgets.Label
}

// Layout is Fyne's.
func (l *spanLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	line := (markHigh - spanHigh) / 2
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(l.track, 0, line, size.Width, spanHigh)
	put(l.done, 0, line, size.Width*l.span.Done, spanHigh)
	put(l.mark, size.Width*l.span.Mark-markWide/2, 0, markWide, markHigh)
	begin, end, words := l.begin.MinSize(), l.end.MinSize(), l.words.MinSize()
	top := markHigh + 4
	put(l.begin, 0, top, begin.Width, begin.Height)
	put(l.end, size.Width-end.Width, top, end.Width, end.Height)
	// The mark's words stand under it, as far as those of the ends let them.
	least, most := begin.Width+spanGap, size.Width-end.Width-spanGap-words.Width
	put(l.words, min(max(least, size.Width*l.span.Mark-words.Width/2), most), top, words.Width, words.Height)
	if most < least {
		l.words.Hide()
	} else {
		l.words.Show()
	}
}

// MinSize is Fyne's.
func (l *spanLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.begin.MinSize().Width+spanGap+l.end.MinSize().Width, markHigh+4+l.begin.MinSize().Height)
}
