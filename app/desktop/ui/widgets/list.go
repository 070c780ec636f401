package widgets

import (
	"slices"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// List shows many rows directly under each other, each of a height of its own, and has widgets only
// for those in sight. Fyne's list keeps its rows apart by the theme's padding; without it a list needs
// a theme of its own, and Fyne parses all fonts again for each theme and never lets them go.
//
// The keyboard goes from row to row where a row can be opened, and scrolls where rows are only read.
type List struct {
	focusable
	// OnEnter opens or closes a row, on Enter; nil: rows are only read.
	OnEnter func(n int)
	// OnOpen, OnMenu and OnCopy are what else can be done with a row; nil: nothing of the kind.
	OnOpen, OnMenu, OnCopy func(n int)
	// Key tells a row from the others while rows come and go above it; nil: its place does.
	Key func(n int) string
	// Kept is where a list made anew begins, and where it is kept how far it is scrolled; nil: nowhere.
	Kept *float32
	// OnRow is told of the row that is outlined, as often as it changes, moves, is scrolled or drawn anew, and which
	// part of it counts; nil: none is. OnDrawn is told that the rows in sight were drawn anew.
	OnRow   func(row fyne.CanvasObject, top, height float32)
	OnDrawn func()
	// Main is the part of a row that is outlined, from its top on; nil: all of it.
	Main func(n int) (top, height float32)

	length func() int
	height func(n int) float32
	create func() fyne.CanvasObject
	update func(n int, row fyne.CanvasObject)

	scroll  *container.Scroll
	rows    *fyne.Container
	least   fyne.Size // of a row
	tops    []float32 // where the rows begin; one more tells where the last one ends
	shown   map[int]fyne.CanvasObject
	spare   []fyne.CanvasObject
	resumed bool // it stands where it was kept

	stale bool // the rows in sight are to be filled anew
	busy  bool // the rows are being filled

	at      int    // the row that the keyboard is at; below zero: none yet
	atKey   string // its key
	outline *canvas.Rectangle
	told    bool // OnRow knows of a row
	acted   bool // something was done with the row: what came of it stands where OnRow would show more
}

// NewList is a list of length rows, each of its height. Rows are made by create and filled by update, as
// often as one comes into sight.
func NewList(length func() int, height func(n int) float32, create func() fyne.CanvasObject, update func(n int, row fyne.CanvasObject)) *List {
	l := &List{length: length, height: height, create: create, update: update, shown: map[int]fyne.CanvasObject{}, at: -1, outline: newOutline()}
	l.ExtendBaseWidget(l)
	first := create()
	l.least, l.spare = first.MinSize(), append(l.spare, first)
	l.rows = &fyne.Container{Layout: listLayout{l}}
	l.scroll = container.NewVScroll(l.rows)
	l.scroll.OnScrolled = func(fyne.Position) { l.moved() }
	l.measure()
	l.redraw = l.outlineNow
	return l
}

// CreateRenderer is Fyne's.
func (l *List) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.scroll) }

// MinSize is that of one row.
func (l *List) MinSize() fyne.Size {
	l.ExtendBaseWidget(l)
	return l.scroll.MinSize().Max(l.least)
}

// Resize is Fyne's.
func (l *List) Resize(size fyne.Size) {
	l.BaseWidget.Resize(size)
	if l.Kept != nil && !l.resumed && size.Height > 0 {
		l.resumed = true
		l.ScrollToOffset(*l.Kept)
		return
	}
	l.arrange()
}

// Refresh counts and measures the rows anew, and fills those in sight.
func (l *List) Refresh() {
	l.measure()
	l.find()
	l.stale = true
	l.scroll.Refresh()
	l.arrange()
}

// ScrollOffset is how far the list is scrolled.
func (l *List) ScrollOffset() float32 { return l.scroll.Offset.Y }

// ScrollToOffset scrolls so far, at most to the end.
func (l *List) ScrollToOffset(offset float32) {
	l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, offset)))
	l.moved()
}

// moved fills what has come into sight.
func (l *List) moved() {
	if l.Kept != nil && l.resumed {
		*l.Kept = l.scroll.Offset.Y
	}
	l.tellRow(nil, 0, 0)
	l.arrange()
}

// ScrollTo scrolls no further than a row needs to be seen whole.
func (l *List) ScrollTo(n int) {
	if n < 0 || n+1 >= len(l.tops) {
		return
	}
	at, room := l.scroll.Offset.Y, l.scroll.Size().Height
	switch top, bottom := l.tops[n], l.tops[n+1]; {
	case top < at:
		l.ScrollToOffset(top)
	case bottom > at+room:
		l.ScrollToOffset(bottom - room)
	}
}

func (l *List) measure() {
	count := l.length()
	l.tops = slices.Grow(l.tops[:0], count+1)
	top := float32(0)
	for n := range count {
		l.tops = append(l.tops, top)
		top += l.height(n)
	}
	l.tops = append(l.tops, top)
}

// arrange puts rows where the list is looked at, and fills those that came into sight. What fills a
// row may change the list: then it is looked at again.
func (l *List) arrange() {
	if l.busy {
		return
	}
	l.busy = true
	defer func() { l.busy = false }()
	drawn := false
	for again := true; again; again = l.stale {
		drawn = drawn || l.stale
		for _, n := range l.place() {
			if row := l.shown[n]; row != nil {
				l.update(n, row)
			}
		}
	}
	l.outlineNow() // OnRow reads what stands in the row
	if drawn && l.OnDrawn != nil {
		l.OnDrawn()
	}
}

// place gives each row in sight a widget and tells which of them are to be filled.
func (l *List) place() (fill []int) {
	first, last := l.inSight()
	for n, row := range l.shown {
		if n < first || n >= last {
			delete(l.shown, n)
			l.spare = append(l.spare, row)
		}
	}
	all := l.stale
	l.stale = false
	objects := make([]fyne.CanvasObject, 0, last-first)
	for n := first; n < last; n++ {
		row, known := l.shown[n]
		if !known {
			row = l.dequeue()
			l.shown[n] = row
		}
		l.reach(n, row)
		row.Move(fyne.NewPos(0, l.tops[n]))
		row.Resize(fyne.NewSize(l.scroll.Size().Width, l.tops[n+1]-l.tops[n]))
		objects = append(objects, row)
		if all || !known {
			fill = append(fill, n)
		}
	}
	l.rows.Objects = append(objects, l.outline)
	return fill
}

// inSight is the first row that is seen, and the one behind the last.
func (l *List) inSight() (first, last int) {
	top, bottom := l.scroll.Offset.Y, l.scroll.Offset.Y+l.scroll.Size().Height
	count := len(l.tops) - 1
	first = sort.Search(count, func(n int) bool { return l.tops[n+1] > top })
	for last = first; last < count && l.tops[last] < bottom; last++ {
	}
	return first, last
}

// dequeue is a row that went out of sight, in today's colours, or a new one.
func (l *List) dequeue() fyne.CanvasObject {
	if n := len(l.spare); n > 0 {
		row := l.spare[n-1]
		l.spare = l.spare[:n-1]
		row.Refresh()
		return row
	}
	return l.create()
}

// listLayout gives the rows' container the height of the whole list.
type listLayout struct{ l *List }

func (y listLayout) Layout([]fyne.CanvasObject, fyne.Size) { y.l.arrange() }

func (y listLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(y.l.least.Width, y.l.tops[len(y.l.tops)-1])
}
