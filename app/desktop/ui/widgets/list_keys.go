package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/theme"
)

// Reached is a row with controls of its own; Tab comes to them only in the row that people are at.
type Reached interface{ Reach(on bool) }

// listKeys are what keys do in a list whose rows can be opened; do gets which of the strokes it was.
var listKeys = []struct {
	words   string
	strokes []keys.Stroke
	also    []keys.Stroke // do what the first does
	do      func(l *List, n int) bool
}{
	{"keys.rows", []keys.Stroke{keys.On(fyne.KeyUp), keys.On(fyne.KeyDown)}, nil, func(l *List, n int) bool { return l.step(2*n - 1) }},
	{"keys.ends", []keys.Stroke{keys.On(fyne.KeyHome), keys.On(fyne.KeyEnd)}, nil, func(l *List, n int) bool { return l.stepTo(n * (l.count() - 1)) }},
	{"keys.screens", []keys.Stroke{keys.On(fyne.KeyPageUp), keys.On(fyne.KeyPageDown)}, nil, func(l *List, n int) bool { return l.screen(2*n - 1) }},
	{
		"keys.expand",
		[]keys.Stroke{keys.On(fyne.KeyReturn)},
		[]keys.Stroke{keys.On(fyne.KeyEnter)},
		func(l *List, _ int) bool { return l.with(l.OnEnter) },
	},
	{
		"keys.open",
		[]keys.Stroke{keys.With(keys.Main, fyne.KeyReturn)},
		[]keys.Stroke{keys.With(keys.Main, fyne.KeyEnter)},
		func(l *List, _ int) bool { return l.with(l.OnOpen) },
	},
	{
		"keys.menu",
		[]keys.Stroke{keys.With(fyne.KeyModifierShift, fyne.KeyF10)},
		[]keys.Stroke{keys.On(desktop.KeyMenu)},
		func(l *List, _ int) bool { return l.with(l.OnMenu) },
	},
	{"keys.copy", []keys.Stroke{keys.With(keys.Main, fyne.KeyC)}, nil, func(l *List, _ int) bool { return l.with(l.OnCopy) }},
}

// ListKeys are what every list hears, for the page of all keys.
func ListKeys() []keys.Binding {
	out := make([]keys.Binding, len(listKeys))
	for n, k := range listKeys {
		out[n] = keys.Binding{Group: keys.Lists, Words: k.words, Strokes: k.strokes, Also: k.also}
	}
	return out
}

// Press does what a stroke is for in this list.
func (l *List) Press(s keys.Stroke) bool {
	for _, k := range listKeys {
		n := slices.Index(k.strokes, s)
		if slices.Contains(k.also, s) {
			n = 0
		}
		if n >= 0 && k.do(l, n) {
			l.typed()
			return true
		}
	}
	return false
}

// At is the row that the keyboard is at; below zero: none.
func (l *List) At() int { return l.at }

// Point goes to the row of a key because it was clicked: the arrow keys go on from there.
func (l *List) Point(key string) {
	for n := range l.count() {
		if l.keyOf(n) != key {
			continue
		}
		l.turn(n)
		if over := fyne.CurrentApp().Driver().CanvasForObject(l); over != nil && !l.focused {
			over.Focus(l)
			point()
		}
		return
	}
}

// FocusGained is Fyne's.
func (l *List) FocusGained() {
	l.focusable.FocusGained()
	l.begin()
}

// begin comes to the first row that is seen whole where one is at none yet.
func (l *List) begin() {
	if !l.focused || l.OnEnter == nil || l.at >= 0 || l.count() < 1 {
		return
	}
	first, _ := l.inSight()
	if first+1 < l.count() && l.tops[first] < l.scroll.Offset.Y {
		first++
	}
	l.turn(min(first, l.count()-1))
}

// TypedKey goes from row to row, or scrolls; what it has no use for is the window's.
func (l *List) TypedKey(key *fyne.KeyEvent) {
	if l.OnEnter != nil {
		if !l.Press(keys.Of(key)) {
			l.leave(l, key)
		}
		return
	}
	at, room := l.scroll.Offset.Y, l.scroll.Size().Height
	switch key.Name {
	case fyne.KeyDown:
		l.ScrollToOffset(at + l.least.Height)
	case fyne.KeyUp:
		l.ScrollToOffset(at - l.least.Height)
	case fyne.KeyPageDown, fyne.KeySpace:
		l.ScrollToOffset(at + room)
	case fyne.KeyPageUp:
		l.ScrollToOffset(at - room)
	case fyne.KeyHome:
		l.ScrollToOffset(0)
	case fyne.KeyEnd:
		l.ScrollToOffset(l.tops[len(l.tops)-1])
	default:
		l.leave(l, key)
	}
}

// TypedShortcut does what is for the row, and leaves the rest to the window.
func (l *List) TypedShortcut(shortcut fyne.Shortcut) {
	if s, known := keys.OfShortcut(shortcut); !known || l.OnEnter == nil || !l.Press(s) {
		keys.LeaveShortcut(l, shortcut)
	}
}

// Under is where a menu of the row opens that the keyboard is at, seen from the list.
func (l *List) Under() fyne.Position {
	if l.at < 0 || l.at >= l.count() {
		return fyne.Position{}
	}
	top, height := l.main(l.at)
	return fyne.NewPos(theme.Side, l.tops[l.at]+top+height-l.scroll.Offset.Y)
}

// Stand is the row of a key as it is drawn now, and how far below the list's top the part of it begins that counts;
// nil: it is not in sight.
func (l *List) Stand(key string) (row fyne.CanvasObject, top float32) {
	for n, row := range l.shown {
		if l.keyOf(n) == key {
			top, _ := l.main(n)
			return row, l.tops[n] + top - l.scroll.Offset.Y
		}
	}
	return nil, 0
}

// main is the part of a row that counts, from the row's top on.
func (l *List) main(n int) (top, height float32) {
	if l.Main != nil {
		return l.Main(n)
	}
	return 0, l.tops[n+1] - l.tops[n]
}

func (l *List) count() int { return len(l.tops) - 1 }

func (l *List) keyOf(n int) string {
	if l.Key == nil || n < 0 || n >= l.count() {
		return ""
	}
	return l.Key(n)
}

// find looks where the row that the keyboard was at stands now; of one that is gone, the one in its place.
func (l *List) find() {
	if l.at < 0 {
		l.begin()
		return
	}
	if l.Key != nil && l.keyOf(l.at) != l.atKey {
		for n := range l.count() {
			if l.Key(n) == l.atKey {
				l.at = n
				return
			}
		}
	}
	l.at = min(l.at, l.count()-1)
	l.atKey = l.keyOf(l.at)
}

// turn makes a row the one that the keyboard is at.
func (l *List) turn(n int) {
	l.acted = l.acted && n == l.at
	l.at, l.atKey = n, l.keyOf(n)
	for other, row := range l.shown {
		l.reach(other, row)
	}
	l.outlineNow()
}

func (l *List) step(by int) bool { return l.stepTo(max(0, l.at) + by) }

// stepTo goes to a row, or the last one before it, and scrolls until it is seen whole.
func (l *List) stepTo(n int) bool {
	if l.count() < 1 {
		return false
	}
	l.turn(max(0, min(n, l.count()-1)))
	l.ScrollTo(l.at)
	return true
}

// screen goes as many rows on as are seen at once.
func (l *List) screen(by int) bool {
	first, last := l.inSight()
	return l.step(by * max(1, last-first-2))
}

func (l *List) with(do func(int)) bool {
	if do == nil || l.at < 0 || l.at >= l.count() {
		return false
	}
	l.acted = true
	l.tellRow(nil, 0, 0)
	do(l.at)
	return true
}

func (l *List) reach(n int, row fyne.CanvasObject) {
	if r, ok := row.(Reached); ok {
		r.Reach(n == l.at)
	}
}

// The outline inside a row: from its top, its sides and its bottom.
const (
	outlineTop    float32 = 3
	outlineSide   float32 = 8
	outlineBottom float32 = 4
)

// outlineNow puts the outline into the row that the keyboard is at, or round what is seen of rows that are only
// read.
func (l *List) outlineNow() {
	on := l.outlined()
	var row fyne.CanvasObject
	top, height := float32(0), float32(0)
	switch {
	case !on:
	case l.OnEnter == nil:
		l.outline.Move(fyne.NewPos(0, l.scroll.Offset.Y))
		l.outline.Resize(l.scroll.Size())
	case l.at < 0 || l.at >= l.count():
		on = false
	default:
		row = l.shown[l.at]
		top, height = l.main(l.at)
		l.outline.Move(fyne.NewPos(outlineSide, l.tops[l.at]+top+outlineTop))
		l.outline.Resize(fyne.NewSize(l.scroll.Size().Width-2*outlineSide, height-outlineTop-outlineBottom))
	}
	l.outline.CornerRadius = theme.RadiusButton
	showOutline(l.outline, on)
	if on != l.told || on && !l.acted {
		l.tellRow(row, top, height)
	}
	l.told = on
}

func (l *List) tellRow(row fyne.CanvasObject, top, height float32) {
	if l.OnRow != nil {
		l.OnRow(row, top, height)
	}
}
