package popup

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/widgets"
)

const (
	// unfoldsAfter is how long the pointer rests on words that are cut before they are shown whole.
	unfoldsAfter = 500 * time.Millisecond
	// unfolded is how many lines they may have then.
	unfolded = 4
)

// unfold lies over words of a card and shows them whole, in more lines, while the pointer rests on them: the card's
// window is cut to the card, so nothing can lie over it. It outlasts the card's drawing, or Fyne would tell of the
// pointer's leaving what was drawn before.
type unfold struct {
	widget.BaseWidget
	v      *View
	labels []*widgets.Label // as they are drawn now; none while they are whole
	more   bool             // there are more words than the lines have
	whole  bool
	away   bool // the pointer has left the window, which Fyne does not tell
	turn   int  // who waits for an earlier one gives up
	// pressed lights up under it as ever; nil: nothing does.
	pressed desktop.Hoverable
}

var (
	_ desktop.Hoverable  = (*unfold)(nil)
	_ desktop.Cursorable = (*unfold)(nil)
)

// unfolding is what shows words of this card whole, by a name of no language.
func (v *View) unfolding(name string) *unfold {
	u := v.unfolds[name]
	if u == nil {
		u = &unfold{v: v}
		u.ExtendBaseWidget(u)
		if v.unfolds == nil {
			v.unfolds = map[string]*unfold{}
		}
		v.unfolds[name] = u
	}
	u.labels, u.more, u.pressed = nil, false, nil
	return u
}

// foldAll shows no words whole any more: it is another card.
func (v *View) foldAll() {
	for _, u := range v.unfolds {
		u.turn++
	}
	v.unfolds = nil
}

// line is a line of the words, or all of them in lines of a width.
func (u *unfold) line(words string, em float32, ink widgets.Ink, bold bool, wide float32) fyne.CanvasObject {
	if u.whole {
		p := widgets.NewParagraph(words, em, wide, unfolded, ink)
		p.Bold = bold
		return p
	}
	label := widgets.NewLabel(words, em, ink)
	label.Bold = bold
	u.labels = append(u.labels, label)
	return label
}

// over is a block of such lines, with what notices the pointer.
func (u *unfold) over(block fyne.CanvasObject) fyne.CanvasObject { return widgets.Stack(block, u) }

// CreateRenderer is Fyne's.
func (u *unfold) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widgets.Space(0, 0))
}

// Cursor is the card's, which is opened by a click.
func (u *unfold) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn is Fyne's.
func (u *unfold) MouseIn(e *desktop.MouseEvent) {
	if u.pressed != nil {
		u.pressed.MouseIn(e)
	}
	u.turn++
	turn := u.turn
	u.v.intents.After(unfoldsAfter, func() {
		if turn == u.turn {
			u.show()
		}
	})
}

// MouseMoved is Fyne's; the pointer may have come back into the window.
func (u *unfold) MouseMoved(e *desktop.MouseEvent) {
	if u.away {
		u.away = false
		u.MouseIn(e)
	}
}

// MouseOut is Fyne's.
func (u *unfold) MouseOut() {
	if u.pressed != nil {
		u.pressed.MouseOut()
	}
	u.fold()
}

func (u *unfold) fold() {
	u.turn++
	if u.whole {
		u.whole = false
		u.v.rebuild(time.Now())
	}
}

// pointedAt folds what a card shows whole once the pointer is on it no more.
func (v *View) pointedAt(on func() bool) {
	for _, u := range v.unfolds {
		if u.whole && !on() {
			u.away = true
			u.fold()
		}
	}
}

// show shows the words whole, if any of them is cut.
func (u *unfold) show() {
	if u.more || slices.ContainsFunc(u.labels, (*widgets.Label).Cut) {
		u.whole = true
		u.v.rebuild(time.Now())
	}
}
