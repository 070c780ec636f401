package mainwin

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/widgets"
)

// searched is a page with a field that it is searched by; nil: it has none at the moment.
type searched interface{ Search() fyne.Focusable }

// listed is a page with rows for the arrow keys; nil: there are none at the moment. OnRows is told as they come.
type listed interface {
	List() fyne.Focusable
	OnRows(do func())
}

// closed is a card that can be put away.
type closed interface{ Close() }

// front is the page in front.
func (f *Frame) front() fyne.CanvasObject {
	for _, page := range f.pages {
		if page.Name == f.page {
			return page.Object
		}
	}
	return nil
}

// Search gives the keyboard to the field that the page is searched by; false: the page has none.
func (f *Frame) Search() bool {
	page, ok := f.front().(searched)
	return ok && f.give(page.Search())
}

// Rows gives the keyboard to the page's rows; false: the page has none. Those that come later get it then, if nothing
// else has it meanwhile.
func (f *Frame) Rows() bool {
	page, ok := f.front().(listed)
	given := ok && f.give(page.List())
	f.awaited = ""
	if ok && !given {
		f.awaited = f.page
	}
	return given
}

// leave takes the keyboard from the page in front: what has it would go on hearing keys unseen.
func (f *Frame) leave() {
	f.awaited = ""
	if over := fyne.CurrentApp().Driver().CanvasForObject(f); over != nil && over.Overlays().Top() == nil {
		over.Unfocus()
	}
}

// Begin gives the keyboard to the page's rows for a key of theirs that was typed while nothing had it, or a button of a
// row, which has no use for it; false: something else has it, or the page has none. The first step down comes to the
// first row.
func (f *Frame) Begin(s keys.Stroke) bool {
	over := fyne.CurrentApp().Driver().CanvasForObject(f)
	if over == nil {
		return false
	}
	inRow := f.inRows(over.Focused())
	if over.Focused() != nil && !inRow || !f.Rows() {
		return false
	}
	if list, ok := over.Focused().(*widgets.List); ok && (inRow || s != keys.On(fyne.KeyDown)) {
		list.Press(s)
	}
	return true
}

// inRows tells whether a control of a row of the page has the keyboard.
func (f *Frame) inRows(focused fyne.Focusable) bool {
	page, listed := f.front().(listed)
	at, control := focused.(widgets.Control)
	if !listed || !control {
		return false
	}
	list, there := page.List().(*widgets.List)
	button, drawn := at.(fyne.CanvasObject)
	if !there || list == nil || !drawn || at == widgets.Control(list) {
		return false
	}
	driver := fyne.CurrentApp().Driver()
	place, from := driver.AbsolutePositionForObject(button), driver.AbsolutePositionForObject(list)
	return place.X >= from.X && place.X < from.X+list.Size().Width && place.Y >= from.Y && place.Y < from.Y+list.Size().Height
}

// rowsCame gives the keyboard to the rows that it was sent to before they were there.
func (f *Frame) rowsCame() {
	over := fyne.CurrentApp().Driver().CanvasForObject(f)
	if f.awaited == "" || over == nil || over.Overlays().Top() != nil {
		return
	}
	if over.Focused() != nil || f.awaited != f.page {
		f.awaited = "" // one went on
		return
	}
	f.Rows()
}

func (f *Frame) give(to fyne.Focusable) bool {
	over := fyne.CurrentApp().Driver().CanvasForObject(f)
	if to == nil || over == nil {
		return false
	}
	over.Focus(to)
	return over.Focused() == to
}

// Place brings the page to the front that has this place in the rail, from 0 on.
func (f *Frame) Place(n int) bool { return n < len(f.pages) && f.Go(f.pages[n].Name) }

// Places is how many pages there are.
func (f *Frame) Places() int { return len(f.pages) }

// Side goes between the card at the right and the page's rows; false: no card is shown.
func (f *Frame) Side() bool {
	over := fyne.CurrentApp().Driver().CanvasForObject(f)
	if !f.side.Visible() || over == nil {
		return false
	}
	if f.inSide(over.Focused()) {
		return f.Rows()
	}
	// The rail comes behind the card in the order of Tab.
	before := over.Focused()
	first := before
	scrolling.Pause(func() {
		over.Focus(f.places)
		for range tabsMost {
			over.FocusPrevious()
			if !f.inSide(over.Focused()) {
				break
			}
			first = over.Focused()
		}
	})
	if first == nil {
		over.Unfocus()
		return false
	}
	over.Focus(first)
	return first != before
}

// tabsMost bounds a walk through what Tab comes to in a card.
const tabsMost = 200

func (f *Frame) inSide(focused fyne.Focusable) bool {
	object, ok := focused.(fyne.CanvasObject)
	if !ok || object == nil {
		return false
	}
	driver := fyne.CurrentApp().Driver()
	at, from := driver.AbsolutePositionForObject(object), driver.AbsolutePositionForObject(f.side)
	return at.X >= from.X && at.X < from.X+f.side.Size().Width
}

// Back puts away what came last: the sentence at the foot, the card at the right; a field gives the keyboard to
// the rows. False: there is nothing.
func (f *Frame) Back() bool {
	over := fyne.CurrentApp().Driver().CanvasForObject(f)
	if over == nil {
		return false
	}
	if _, typing := over.Focused().(*widgets.Entry); typing && !f.inSide(over.Focused()) {
		if !f.Rows() {
			over.Unfocus()
		}
		return true
	}
	if f.offered == nil && len(f.toldAt.Objects) > 0 {
		f.Tell("")
		return true
	}
	if f.uncover() {
		return true
	}
	if !f.side.Visible() {
		return false
	}
	card, ok := f.side.Objects[len(f.side.Objects)-1].(closed)
	if !ok {
		return false
	}
	card.Close()
	f.Rows()
	return true
}
