package hovercard

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/widgets"
)

// Layered is a window's content with a layer.
type Layered interface{ HoverLayer() *Layer }

// Row is a row that says where its words are, and what else there is to know of it. Without content it has no card:
// what was opened from it stands in the card's place.
type Row interface {
	fyne.CanvasObject
	Row() (content fyne.CanvasObject, detail string)
}

// layerOf is the layer of the window in which an object stands, or of the sheet that lies over it; nil: it has none, or
// the object stands nowhere.
func layerOf(object fyne.CanvasObject) *Layer {
	over := fyne.CurrentApp().Driver().CanvasForObject(object)
	if over == nil {
		return nil
	}
	content, ok := over.Content().(Layered)
	switch above := widgets.Above(over); {
	case !ok:
		return nil
	case above == nil:
		return content.HoverLayer()
	case len(above.Objects) == 0:
		l := New()
		l.After, l.Now = content.HoverLayer().After, content.HoverLayer().Now
		above.Add(l)
		return l
	default:
		l, _ := above.Objects[0].(*Layer)
		return l
	}
}

// Watch shows the card of content while the pointer rests on an area; detail is asked for then, nil: none.
func Watch(area *widgets.Area, content fyne.CanvasObject, detail func() string) {
	watch(area, func() (fyne.CanvasObject, string) {
		if detail == nil {
			return content, ""
		}
		return content, detail()
	})
}

// WatchRow is Watch for a row.
func WatchRow(area *widgets.Area, row Row) { watch(area, row.Row) }

func watch(area *widgets.Area, row func() (content fyne.CanvasObject, detail string)) {
	hover, tap := area.OnHover, area.Tap
	area.OnHover = func(in bool) {
		if hover != nil {
			hover(in)
		}
		come(area, in, row)
	}
	area.Tap = func() {
		come(area, false, row)
		if tap != nil {
			tap()
		}
	}
}

// Over shows the card of content while the pointer rests on it, where nothing can be pressed.
func Over(content fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(content, Pick(content, nil))
}

// Pick lies over what can be pressed, and shows the card of content while the pointer rests on it; what is pressed lights
// up as ever.
func Pick(content fyne.CanvasObject, pressed desktop.Hoverable) fyne.CanvasObject {
	s := &spot{content: content, pressed: pressed}
	s.ExtendBaseWidget(s)
	return s
}

// come is told that the pointer has come to a place over a row's content, or has left it.
func come(where fyne.CanvasObject, in bool, row func() (content fyne.CanvasObject, detail string)) {
	l := layerOf(where)
	if l == nil {
		return
	}
	content, detail := row()
	if !in || content == nil {
		l.Leave()
		return
	}
	l.rest(place{row: content, height: content.Size().Height, detail: detail})
}

// openedLeast is how much more a row has that stands open: a rule is nothing.
const openedLeast float32 = 8

// List shows the card of the row that the keyboard is at.
func List(list *widgets.List) {
	list.OnRow = func(object fyne.CanvasObject, top, height float32) {
		l := layerOf(list)
		if l == nil {
			return
		}
		if row, ok := object.(Row); ok {
			if content, detail := row.Row(); content != nil {
				l.rest(place{row: object, top: top, height: height, detail: detail, opened: object.Size().Height > top+height+openedLeast})
				return
			}
		}
		l.Leave()
	}
}

// read are the words of a row: its title, what belongs to it, and whether any of them was cut.
func read(object fyne.CanvasObject) (title string, more []string, cut bool) {
	if row, ok := object.(Row); ok {
		object, _ = row.Row()
	}
	labels := labelsIn(object, nil)
	under := false // the line under the title belongs to it
	for _, label := range labels {
		cut = cut || label.Cut()
		switch {
		case title == "" && label.Bold:
			title, under = label.Text, true
			continue
		case under || label.Cut():
			more = append(more, label.Text)
		}
		under = false
	}
	if title == "" && len(more) > 0 {
		title, more = more[0], more[1:]
	}
	return title, more, cut
}

// labelsIn are the lines of text of an object that are shown.
func labelsIn(object fyne.CanvasObject, out []*widgets.Label) []*widgets.Label {
	if !object.Visible() {
		return out
	}
	switch o := object.(type) {
	case *widgets.Label:
		if o.Text != "" {
			out = append(out, o)
		}
	case *fyne.Container:
		for _, part := range o.Objects {
			out = labelsIn(part, out)
		}
	}
	return out
}

// spot is what notices the pointer.
type spot struct {
	widget.BaseWidget
	content fyne.CanvasObject
	pressed desktop.Hoverable // under it; nil: nothing is
}

var _ desktop.Hoverable = (*spot)(nil)

// CreateRenderer is Fyne's.
func (s *spot) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widgets.Space(0, 0))
}

// MouseIn is Fyne's.
func (s *spot) MouseIn(e *desktop.MouseEvent) {
	if s.pressed != nil {
		s.pressed.MouseIn(e)
	}
	come(s, true, s.row)
}

// MouseMoved is Fyne's.
func (s *spot) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's.
func (s *spot) MouseOut() {
	if s.pressed != nil {
		s.pressed.MouseOut()
	}
	come(s, false, s.row)
}

func (s *spot) row() (content fyne.CanvasObject, detail string) { return s.content, "" }
