package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/longline"
)

// oneLine shows an entry of one line as wide as its words behind an opening, and moves it so that the
// cursor is seen. The scroll that Fyne would put into the entry takes the wheel from the page, and
// strikes the words through with a bar that only a theme of its own can hide; Fyne parses all
// fonts again for each theme and never lets them go, which made 8 MB a field.
type oneLine struct {
	widget.BaseWidget
	entry   *Entry
	opening *container.Clip
	moved   *fyne.Container // holds the entry
	frame   *canvas.Rectangle
	eye     *eye // nil unless what is typed is hidden
	offset  float32
	folding bool
}

// Unbarred shows an entry of one line without a frame of its own.
func Unbarred(entry *Entry) fyne.CanvasObject {
	l := &oneLine{entry: entry, frame: canvas.NewRectangle(color.Transparent)}
	l.ExtendBaseWidget(l)
	l.moved = &fyne.Container{Layout: oneLineLayout{l}, Objects: []fyne.CanvasObject{entry}}
	l.opening = container.NewClip(l.moved)
	l.opening.ExtendBaseWidget(l.opening) // else it is laid out when it is drawn, and Fyne finds nothing in it to give the keyboard to
	if entry.Password {
		l.eye = newEye(entry)
	}
	entry.line = l
	entry.OnCursorChanged = l.follow
	return l
}

// CreateRenderer is Fyne's.
func (l *oneLine) CreateRenderer() fyne.WidgetRenderer {
	r := &oneLineRenderer{l, []fyne.CanvasObject{l.frame, l.opening}}
	if l.eye != nil {
		r.objects = append(r.objects, l.eye)
	}
	l.paint()
	return r
}

func sizeOf(name fyne.ThemeSizeName) float32 { return fyne.CurrentApp().Settings().Theme().Size(name) }

// paint draws the frame: of the field that has the keyboard, and of one that takes none.
func (l *oneLine) paint() {
	settings := fyne.CurrentApp().Settings()
	name := fynetheme.ColorNameInputBorder
	switch {
	case l.entry.Disabled():
		name = fynetheme.ColorNameDisabled
	case l.entry.focused:
		name = fynetheme.ColorNamePrimary
	}
	l.frame.StrokeWidth, l.frame.CornerRadius = sizeOf(fynetheme.SizeNameInputBorder), sizeOf(fynetheme.SizeNameInputRadius)
	if l.entry.focused {
		l.frame.StrokeWidth = outline
	}
	l.frame.StrokeColor = settings.Theme().Color(name, settings.ThemeVariant())
	l.frame.Refresh()
	if l.eye != nil {
		l.eye.Refresh()
	}
}

// single tells whether an entry is one of one line, though it may be folded.
func (e *Entry) single() bool { return !e.MultiLine || e.line != nil }

// folded tells whether the words of an entry of one line are so long that they go on in the next.
func (e *Entry) folded() bool { return e.MultiLine && e.line != nil }

// AcceptsTab is Fyne's; in an entry of one line Tab goes on.
func (e *Entry) AcceptsTab() bool { return !e.single() }

// follow moves the entry so that the cursor and a letter or two beside it are seen.
func (l *oneLine) follow() {
	if l.folding {
		return
	}
	l.folding = true
	longline.Fold(&l.entry.Entry, l.place)
	l.folding = false
	letter := fyne.MeasureText("e", sizeOf(fynetheme.SizeNameText), l.entry.TextStyle)
	beside := letter.Width*2 + sizeOf(fynetheme.SizeNameLineSpacing)
	left := l.entry.CursorPosition().X - beside
	right := left + sizeOf(fynetheme.SizeNameInputBorder) + 2*beside
	room := l.opening.Size().Width
	switch {
	case left < l.offset:
		l.offset = left
	case right >= l.offset+room:
		l.offset = right - room
	}
	l.place()
}

// place makes the entry as wide as its words, at least as wide as the opening, and leaves no empty
// room behind them.
func (l *oneLine) place() {
	room := l.opening.Size()
	words := l.entry.Entry.MinSize().Width
	if l.entry.ActionItem != nil { // counted by Fyne as one of its icons
		words -= sizeOf(fynetheme.SizeNameInlineIcon) + sizeOf(fynetheme.SizeNameLineSpacing)
	}
	l.offset = max(0, min(l.offset, words-room.Width))
	l.entry.Resize(fyne.NewSize(max(words, room.Width), room.Height))
	l.entry.Move(fyne.NewPos(-l.offset, 0))
	canvas.Refresh(l.moved)
}

// oneLineLayout gives the entry the opening's room.
type oneLineLayout struct{ l *oneLine }

func (y oneLineLayout) Layout([]fyne.CanvasObject, fyne.Size) { y.l.place() }

func (y oneLineLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

type oneLineRenderer struct {
	l       *oneLine
	objects []fyne.CanvasObject
}

func (r *oneLineRenderer) Layout(room fyne.Size) {
	border := sizeOf(fynetheme.SizeNameInputBorder)
	// As Fyne's: half a unit less, so that it is rounded down at the far edge.
	r.l.frame.Move(fyne.NewSquareOffsetPos(border / 2))
	r.l.frame.Resize(fyne.NewSize(room.Width-border-.5, room.Height-border-.5))
	opening := room
	if eye := r.l.eye; eye != nil {
		wide := eye.MinSize().Width
		eye.Move(fyne.NewPos(room.Width-wide-border, border))
		eye.Resize(fyne.NewSize(wide, room.Height-2*border))
		opening.Width -= wide
	}
	r.l.opening.Resize(opening)
}

// MinSize has room for one letter, whatever is typed.
func (r *oneLineRenderer) MinSize() fyne.Size {
	inner := sizeOf(fynetheme.SizeNameInnerPadding)
	letter := fyne.MeasureText("M", sizeOf(fynetheme.SizeNameText), r.l.entry.TextStyle)
	least := letter.AddWidthHeight(3*inner, 2*inner)
	if r.l.eye != nil {
		least.Width += sizeOf(fynetheme.SizeNameInlineIcon) + sizeOf(fynetheme.SizeNameLineSpacing)
	}
	return least
}

func (r *oneLineRenderer) Refresh() {
	r.l.paint()
	r.l.entry.Refresh()
}

func (r *oneLineRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *oneLineRenderer) Destroy()                     {}

// unframed is the renderer of an entry without the box and the frame that Fyne draws round it.
type unframed struct{ fyne.WidgetRenderer }

func (u unframed) Objects() []fyne.CanvasObject {
	var rest []fyne.CanvasObject
	for _, o := range u.WidgetRenderer.Objects() {
		if _, frame := o.(*canvas.Rectangle); !frame {
			rest = append(rest, o)
		}
	}
	return rest
}

// eye shows what is typed into a field that hides it, and hides it again.
type eye struct {
	widget.BaseWidget
	entry *Entry
	icon  *canvas.Image
}

func newEye(entry *Entry) *eye {
	e := &eye{entry: entry, icon: canvas.NewImageFromResource(nil)}
	e.ExtendBaseWidget(e)
	return e
}

// Cursor is Fyne's.
func (e *eye) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// Tapped is Fyne's.
func (e *eye) Tapped(*fyne.PointEvent) {
	if e.entry.Disabled() {
		return
	}
	e.entry.Password = !e.entry.Password
	e.entry.Refresh()
	if over := fyne.CurrentApp().Driver().CanvasForObject(e); over != nil {
		over.Focus(e.entry)
	}
}

// CreateRenderer is Fyne's.
func (e *eye) CreateRenderer() fyne.WidgetRenderer {
	r := &eyeRenderer{e}
	r.Refresh()
	return r
}

type eyeRenderer struct{ e *eye }

func (r *eyeRenderer) Layout(room fyne.Size) {
	wide := sizeOf(fynetheme.SizeNameInlineIcon)
	r.e.icon.Resize(fyne.NewSquareSize(wide))
	r.e.icon.Move(fyne.NewPos((room.Width-wide)/2, (room.Height-wide)/2))
}

func (r *eyeRenderer) MinSize() fyne.Size {
	return fyne.NewSquareSize(sizeOf(fynetheme.SizeNameInlineIcon) + 2*sizeOf(fynetheme.SizeNameInnerPadding))
}

func (r *eyeRenderer) Refresh() {
	name := fynetheme.IconNameVisibility
	if r.e.entry.Password {
		name = fynetheme.IconNameVisibilityOff
	}
	r.e.icon.Resource = fyne.CurrentApp().Settings().Theme().Icon(name)
	if r.e.entry.Disabled() {
		r.e.icon.Resource = fynetheme.NewDisabledResource(r.e.icon.Resource)
	}
	r.e.icon.Refresh()
}

func (r *eyeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.e.icon} }
func (r *eyeRenderer) Destroy()                     {}
