package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
)

// Pressed is one of the things in a Bar.
type Pressed interface {
	fyne.CanvasObject
	fyne.Tappable
}

// Bar is one stop of Tab for several things to press, such as chips: the arrow keys go from one to the next,
// Home and End to the ends, Enter and Space press. What is hidden is left out.
type Bar struct {
	focusable
	content fyne.CanvasObject
	items   []Pressed
	at      int
	down    bool
}

// NewBar makes the items, which stand somewhere in content, reached by the arrow keys.
func NewBar(content fyne.CanvasObject, items ...Pressed) *Bar {
	b := &Bar{content: content, items: items}
	b.ExtendBaseWidget(b)
	return b
}

// NewDownBar is a bar of things under each other: ↑ and ↓ go from one to the next.
func NewDownBar(content fyne.CanvasObject, items ...Pressed) *Bar {
	b := NewBar(content, items...)
	b.down = true
	return b
}

// NewPicks is a bar of rows that are pressed as a whole.
func NewPicks(content fyne.CanvasObject, picks ...*Pick) *Bar {
	items := make([]Pressed, len(picks))
	for n, pick := range picks {
		pick.Reach(false) // the bar has the keyboard
		items[n] = pick
	}
	return NewDownBar(content, items...)
}

// NewChips is a row of chips.
func NewChips(chips ...*Chip) *Bar {
	objects, items := make([]fyne.CanvasObject, len(chips)), make([]Pressed, len(chips))
	for n, chip := range chips {
		objects[n], items[n] = chip, chip
	}
	return NewBar(Row(theme.Gap, nil, objects...), items...)
}

// Turn makes an item the one at which the keyboard is.
func (b *Bar) Turn(n int) {
	if n >= 0 && n < len(b.items) {
		b.at = n
		b.Refresh()
	}
}

// FocusGained is Fyne's.
func (b *Bar) FocusGained() {
	b.settle()
	b.focusable.FocusGained()
}

// settle goes to an item that is shown.
func (b *Bar) settle() {
	if b.at < len(b.items) && b.items[b.at].Visible() {
		return
	}
	b.at = 0
	for n, item := range b.items {
		if item.Visible() {
			b.at = n
			return
		}
	}
}

// step goes to the next item that is shown, in a direction.
func (b *Bar) step(by int) {
	for n := b.at + by; n >= 0 && n < len(b.items); n += by {
		if b.items[n].Visible() {
			b.at = n
			return
		}
	}
}

// TypedKey goes from one to the next, and presses.
func (b *Bar) TypedKey(key *fyne.KeyEvent) {
	before, after := fyne.KeyLeft, fyne.KeyRight
	if b.down {
		before, after = fyne.KeyUp, fyne.KeyDown
	}
	switch {
	case key.Name == before:
		b.step(-1)
	case key.Name == after:
		b.step(1)
	case key.Name == fyne.KeyHome:
		b.at = -1
		b.step(1)
	case key.Name == fyne.KeyEnd:
		b.at = len(b.items)
		b.step(-1)
	case presses(key):
		b.typed()
		b.press()
		return
	default:
		b.leave(b, key)
		return
	}
	b.typed()
	b.Refresh()
	if b.at < len(b.items) {
		scrolling.Reveal(b.items[b.at])
	}
}

// Again draws a bar anew, with whatever it stands in; the one in its place gets the keyboard if this one had it.
func (b *Bar) Again(draw func() *Bar) {
	over := fyne.CurrentApp().Driver().CanvasForObject(b)
	had := over != nil && over.Focused() == fyne.Focusable(b)
	next := draw()
	if had && next != nil {
		next.at = b.at
		over.Focus(next)
	}
}

func (b *Bar) press() {
	b.settle()
	if b.at < len(b.items) && b.items[b.at].Visible() {
		b.items[b.at].Tapped(&fyne.PointEvent{})
	}
}

// Cursor is the usual one between the things.
func (b *Bar) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// CreateRenderer is Fyne's.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	return &barRenderer{b: b, outline: newOutline()}
}

type barRenderer struct {
	b       *Bar
	outline *canvas.Rectangle
}

func (r *barRenderer) Layout(size fyne.Size) {
	r.b.content.Resize(size)
	r.place()
}

func (r *barRenderer) MinSize() fyne.Size { return r.b.content.MinSize() }

// place puts the outline round the item that people are at.
func (r *barRenderer) place() {
	b := r.b
	if b.at >= len(b.items) {
		return
	}
	item := b.items[b.at]
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(item).Subtract(driver.AbsolutePositionForObject(b))
	if _, row := item.(*Pick); row { // it touches its neighbours: the outline is inside
		r.outline.Move(at)
		r.outline.Resize(item.Size())
		r.outline.CornerRadius = theme.RadiusButton
		return
	}
	outlineAround(r.outline, at, item.Size(), theme.RadiusButton)
}

func (r *barRenderer) Refresh() {
	r.b.content.Refresh()
	on := r.b.outlined()
	if on {
		r.b.settle()
		r.place()
	}
	showOutline(r.outline, on)
}

func (r *barRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.b.content, r.outline}
}
func (r *barRenderer) Destroy() {}
