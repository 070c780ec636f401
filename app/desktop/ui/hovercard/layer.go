// Package hovercard shows the words of a row whole that the row has no room for, under it, while the pointer rests
// on the row or the keyboard is at it.
package hovercard

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Sizes of the design.
const (
	width float32 = 404
	inner         = width - 2*theme.Inset
	// beside is how far from the row's left end the card stands: over the name.
	beside float32 = 52
	// below is the gap between the row and the card.
	below float32 = 4
)

const (
	// restsAfter is how long one must be at a row before its card is shown.
	restsAfter = 500 * time.Millisecond
	// goesOn is how long after a card the next one is shown at once.
	goesOn = 300 * time.Millisecond
)

// Layer lies over the content of a window, and shows one card. The pointer reaches what is under it. All methods
// belong on Fyne's goroutine.
type Layer struct {
	widget.BaseWidget
	// After runs something on Fyne's goroutine when a while has passed; nil: it never does, and no card comes.
	After func(wait time.Duration, do func())
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	stage  *fyne.Container
	turn   int // who waits for an earlier one gives up
	at     place
	typed  *place // the row that the keyboard came to last; nil: none
	rested bool   // one has been at the row for long enough
	shown  bool
	away   bool      // the pointer has left the window
	left   time.Time // when the last card went
}

// place is the row that one is at.
type place struct {
	row     fyne.CanvasObject // whose words are read
	top     float32           // of the part of it that counts
	spot    fyne.Position     // where that stands in the window
	height  float32           // of that
	opened  bool              // something stands open under that, which a card would cover
	detail  string
	pointed bool // by the pointer; else the keyboard is at it

	of    *Rows // nil: it is none of several
	key   string
	inner float32 // how far below its row's top it begins
}

// same tells whether two places are one row, which may be drawn anew.
func (p place) same(other place) bool {
	if p.of == nil || p.key == "" {
		return p.row == other.row
	}
	return p.of == other.of && p.key == other.key && p.pointed == other.pointed
}

// New is a layer without a card.
func New() *Layer {
	l := &Layer{stage: container.NewWithoutLayout()}
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer is Fyne's.
func (l *Layer) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.stage) }

// MinSize is nothing: it takes what the content has.
func (l *Layer) MinSize() fyne.Size { return fyne.Size{} }

// rest is asked for when one comes to a row, and again when the row has changed.
func (l *Layer) rest(at place) {
	same := l.at.same(at)
	l.at, l.rested = at, same && l.rested
	switch {
	case l.shown || l.rested || l.now().Sub(l.left) < goesOn:
		l.turn++
		l.show()
	case !same && l.After != nil:
		l.turn++
		turn := l.turn
		l.After(restsAfter, func() {
			if turn == l.turn {
				l.show()
			}
		})
	}
}

// Away takes the pointer's card away once the pointer has left the window, which Fyne does not tell.
func Away(content fyne.CanvasObject, outside func() bool) {
	if l := layerOf(content); l != nil && l.shown && l.at.pointed && outside() {
		l.Leave()
		l.away = true
	}
}

// Leave takes the card away.
func (l *Layer) Leave() {
	l.away = false
	l.turn++
	l.at, l.rested = place{}, false
	l.conceal()
}

// conceal takes the card away while one stays where one is.
func (l *Layer) conceal() {
	if l.shown {
		l.left = l.now()
		l.draw(nil)
	}
}

func (l *Layer) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

func (l *Layer) draw(card fyne.CanvasObject) {
	l.shown, l.stage.Objects = card != nil, nil
	if card != nil {
		l.stage.Objects = []fyne.CanvasObject{card}
	}
	l.stage.Refresh()
}

// show draws the card of the row that one is at, if it has words that were cut.
func (l *Layer) show() {
	over := fyne.CurrentApp().Driver().CanvasForObject(l)
	if l.at.row == nil || over == nil || over.Overlays().Top() != nil && layerOf(l.at.row) != l {
		return
	}
	l.rested = true
	title, more, cut := read(l.at.row, l.at.top)
	if !cut {
		l.conceal()
		return
	}
	card := drawn(title, more, l.at.detail)
	size := card.MinSize()
	card.Resize(size)
	card.Move(l.spot(size, over.Size()))
	l.draw(card)
}

// spot is under the row; above it where there is no room under it.
func (l *Layer) spot(size, room fyne.Size) fyne.Position {
	at := l.at.spot
	x := max(0, min(at.X+beside, room.Width-size.Width-theme.Gap))
	y := at.Y + l.at.height + below
	if l.at.opened && at.Y-below-size.Height >= 0 || y+size.Height > room.Height {
		y = max(0, at.Y-below-size.Height)
	}
	return fyne.NewPos(x, y).Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(l))
}

func drawn(title string, more []string, detail string) fyne.CanvasObject {
	name := widgets.NewParagraph(title, theme.Heading, inner, 3, widgets.InkNormal)
	name.Bold = true
	parts := []fyne.CanvasObject{name}
	for _, words := range more {
		parts = append(parts, widgets.NewParagraph(words, theme.Body, inner, 4, widgets.InkNormal))
	}
	if detail != "" {
		parts = append(parts, widgets.NewParagraph(detail, theme.Caption, inner, 2, widgets.InkMuted))
	}
	return widgets.Stack(widgets.NewBox(widgets.Raised, theme.RadiusCard).Outlined(widgets.Line),
		widgets.Pad(12, theme.Inset, 12, theme.Inset, widgets.Column(4, parts...)))
}
