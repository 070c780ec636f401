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

// KeyedRow is a Row of a list that uses it for others, and tells which it is now, as the list's Key does.
type KeyedRow interface {
	Row
	Key() string
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

// Watch shows the card of content while the pointer rests on an area.
func Watch(area *widgets.Area, content fyne.CanvasObject) { watch(area, of(content)) }

func of(content fyne.CanvasObject) *source {
	return &source{read: func() (fyne.CanvasObject, string) { return content, "" }}
}

func watch(area *widgets.Area, s *source) {
	hover, tap := area.OnHover, area.Tap
	area.OnHover = func(in bool) {
		hover(in)
		s.come(area, in)
	}
	area.OnMove = func() { s.moved(area) }
	area.Tap = func() {
		s.come(area, false)
		if tap != nil {
			tap()
		}
	}
}

// Leave takes the card away of what gives way to something else in a window.
func Leave(where fyne.CanvasObject) {
	if l := layerOf(where); l != nil {
		l.Leave()
	}
}

// Over shows the card of content while the pointer rests on it, where nothing can be pressed.
func Over(content fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(content, Pick(content, nil))
}

// Pick lies over what can be pressed, and shows the card of content while the pointer rests on it; what is pressed lights
// up as ever.
func Pick(content fyne.CanvasObject, pressed desktop.Hoverable) fyne.CanvasObject {
	return newSpot(of(content), pressed)
}

// read are the words of a row from some way below its top on: its title, what belongs to it, and whether any of them was
// cut.
func read(object fyne.CanvasObject, from float32) (title string, more []string, cut bool) {
	if row, ok := object.(Row); ok {
		object, _ = row.Row()
	}
	labels := labelsIn(object, -from, nil)
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

// labelsIn are the lines of text of an object that are shown, but for those above 0, where the object begins at top.
func labelsIn(object fyne.CanvasObject, top float32, out []*widgets.Label) []*widgets.Label {
	if !object.Visible() {
		return out
	}
	switch o := object.(type) {
	case *widgets.Label:
		if o.Text != "" && top >= 0 {
			out = append(out, o)
		}
	case *fyne.Container:
		for _, part := range o.Objects {
			out = labelsIn(part, top+part.Position().Y, out)
		}
	}
	return out
}

// spot is what notices the pointer.
type spot struct {
	widget.BaseWidget
	source  *source
	pressed desktop.Hoverable // under it; nil: nothing is
}

var _ desktop.Hoverable = (*spot)(nil)

func newSpot(of *source, pressed desktop.Hoverable) *spot {
	s := &spot{source: of, pressed: pressed}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is Fyne's.
func (s *spot) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widgets.Space(0, 0))
}

// MouseIn is Fyne's.
func (s *spot) MouseIn(e *desktop.MouseEvent) {
	if s.pressed != nil {
		s.pressed.MouseIn(e)
	}
	s.source.come(s, true)
}

// MouseMoved is Fyne's.
func (s *spot) MouseMoved(*desktop.MouseEvent) { s.source.moved(s) }

// MouseOut is Fyne's.
func (s *spot) MouseOut() {
	if s.pressed != nil {
		s.pressed.MouseOut()
	}
	s.source.come(s, false)
}
