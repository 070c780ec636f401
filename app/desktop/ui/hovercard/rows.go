package hovercard

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"dozvon/app/desktop/ui/widgets"
)

// Rows are those of a list, or of what else is drawn anew as a whole while the pointer rests on it. A card stays while
// its row does, and tells what stands there now.
type Rows struct {
	list *widgets.List // nil: they stand in none
	says map[string]reading
}

// reading is what a card tells of a row: where its words are, and what else there is to know of it. Without content it
// has no card.
type reading func() (content fyne.CanvasObject, detail string)

// NewRows are rows in no list, unless In tells of one: each of them stands where it was as long as it has its key.
func NewRows() *Rows { return &Rows{says: map[string]reading{}} }

// List are the rows of a list.
func List(list *widgets.List) *Rows {
	r := NewRows()
	r.In(list)
	return r
}

// In says that they are a list's, and shows the card of the one that the keyboard is at too.
func (r *Rows) In(list *widgets.List) {
	r.list = list
	list.OnRow, list.OnDrawn = r.keyed, r.drawn
}

// Watch is the package's, for a row that is drawn anew as a whole.
func (r *Rows) Watch(key string, area *widgets.Area, content fyne.CanvasObject) {
	watch(area, r.of(key, content))
}

// WatchRow is the package's, for the rows of a list that uses them for others.
func (r *Rows) WatchRow(area *widgets.Area, row KeyedRow) {
	watch(area, &source{read: row.Row, rows: r, key: row.Key})
}

// Over is the package's, for a row that is drawn anew as a whole.
func (r *Rows) Over(key string, content fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(content, r.Pick(key, content, nil))
}

// Pick is the package's, for a row that is drawn anew as a whole.
func (r *Rows) Pick(key string, content fyne.CanvasObject, pressed desktop.Hoverable) fyne.CanvasObject {
	return newSpot(r.of(key, content), pressed)
}

func (r *Rows) of(key string, content fyne.CanvasObject) *source {
	r.says[key] = func() (fyne.CanvasObject, string) { return content, "" }
	return &source{read: r.says[key], rows: r, key: func() string { return key }}
}

// Gone is told that something else stands in the place of them all.
func (r *Rows) Gone() {
	if l := r.layer(); l != nil && l.at.of == r {
		l.typed = nil
		l.Leave()
	}
}

// layer is that of the list's window.
func (r *Rows) layer() *Layer {
	if r.list == nil {
		return nil
	}
	return layerOf(r.list)
}

// Draw draws rows in no list anew, somewhere in a window.
func (r *Rows) Draw(where fyne.CanvasObject, draw func()) {
	clear(r.says)
	draw()
	r.follow(layerOf(where))
}

// openedLeast is how much more a row has that stands open: a rule is nothing.
const openedLeast float32 = 8

// keyed shows the card of the row that the keyboard is at.
func (r *Rows) keyed(object fyne.CanvasObject, top, height float32) {
	l := r.layer()
	if l == nil {
		return
	}
	var content fyne.CanvasObject
	at := place{row: object, top: top, height: height, of: r, key: r.atKey()}
	if row, ok := object.(Row); ok {
		content, at.detail = row.Row()
	}
	if content == nil {
		l.typed = nil
		l.Leave()
		return
	}
	if l.at.pointed && l.typed != nil && l.typed.same(at) {
		return // it is drawn anew, and one has gone elsewhere by the pointer since
	}
	if content.Size().Height < top+height-1 {
		at.top = 0 // the words begin where the part begins that counts
	}
	at.opened = object.Size().Height > top+height+openedLeast
	at.spot = fyne.CurrentApp().Driver().AbsolutePositionForObject(r.list).AddXY(0, r.list.Under().Y-height)
	l.typed = &at
	l.rest(at)
}

func (r *Rows) atKey() string {
	if at := r.list.At(); r.list.Key != nil && at >= 0 {
		return r.list.Key(at)
	}
	return ""
}

// drawn is told that the list's rows in sight were drawn anew.
func (r *Rows) drawn() {
	for key := range r.says {
		if row, _ := r.list.Stand(key); row == nil {
			delete(r.says, key)
		}
	}
	r.follow(r.layer())
}

// follow keeps the pointer's card at its row, wherever that stands now; with the row it goes.
func (r *Rows) follow(l *Layer) {
	if l == nil || l.at.of != r || !l.at.pointed {
		return
	}
	at, there := r.again(l.at)
	if !there {
		l.Leave()
		return
	}
	if l.at = at; l.rested {
		l.show()
	}
}

// again is a place as it is now; false: it is no more, or something was opened there.
func (r *Rows) again(at place) (place, bool) {
	read := r.says[at.key]
	if r.list != nil {
		object, top := r.list.Stand(at.key)
		if row, ok := object.(Row); ok && read == nil {
			read = row.Row
		}
		at.spot.Y = fyne.CurrentApp().Driver().AbsolutePositionForObject(r.list).Y + top + at.inner
	}
	if read == nil {
		return at, false
	}
	at.row, at.detail = read()
	return at, at.row != nil
}

// source is what a card tells that the pointer brings up.
type source struct {
	read reading
	// rows are those it is one of, by its key; nil: of none.
	rows *Rows
	key  func() string

	layer *Layer // that the pointer has come to; what is drawn anew is in no window any more
}

// moved is told that the pointer moves over the words. It may have come back into the window. Where a row is used for others, the card of the one that it was
// used for before may have gone elsewhere with that.
func (s *source) moved(where fyne.CanvasObject) {
	l := s.layer
	if l == nil {
		return
	}
	another := s.rows != nil && l.at.of == s.rows && l.at.pointed && l.at.key != s.key()
	if another || l.away {
		s.come(where, true)
	}
}

// come is told that the pointer has come to a place over the words, or has left it.
func (s *source) come(where fyne.CanvasObject, in bool) {
	l := s.layer
	if in || l == nil {
		l = layerOf(where)
	}
	if s.layer = l; l == nil {
		return
	}
	l.away = false
	content, detail := s.read()
	if !in || content == nil {
		l.Leave()
		return
	}
	at := place{row: content, spot: fyne.CurrentApp().Driver().AbsolutePositionForObject(content), height: content.Size().Height, detail: detail, pointed: true}
	if s.rows != nil {
		at.of, at.key = s.rows, s.key()
		if list := s.rows.list; list != nil {
			_, top := list.Stand(at.key)
			at.inner = at.spot.Y - fyne.CurrentApp().Driver().AbsolutePositionForObject(list).Y - top
		}
	}
	l.rest(at)
}
