package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// stack lays all objects over each other.
type stack struct{}

func (stack) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

func (stack) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for _, o := range objects {
		if o.Visible() {
			least = least.Max(o.MinSize())
		}
	}
	return least
}

// Stack lays objects over each other.
func Stack(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: stack{}, Objects: objects}
}

// Pad keeps free space around an object.
func Pad(top, right, bottom, left float32, object fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), object)
}

// Column puts objects under each other.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(gap), objects...)
}

// row lays objects beside each other; each takes its least width, a fixed one, or a share
// of what is left.
type row struct {
	gap    float32
	widths []float32 // >0 fixed, 0 least, <0 a share of the rest
	stand  stand
}

// stand is how the objects of a row use its height.
type stand int

const (
	centred stand = iota
	hanging
	filling
)

// Columns is a Row whose objects take its whole height.
func Columns(gap float32, widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap, widths, filling}, objects...)
}

// TopRow is a Row whose objects hang from the top.
func TopRow(gap float32, widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap, widths, hanging}, objects...)
}

// Row puts objects beside each other, vertically centred. A width over 0 is fixed, 0 is the
// object's least, below 0 is a share of what is left. Missing widths are 0.
func Row(gap float32, widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap, widths, centred}, objects...)
}

// Wide as a width takes what is left.
const Wide float32 = -1

func (r *row) width(n int) float32 {
	if n < len(r.widths) {
		return r.widths[n]
	}
	return 0
}

func (r *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	rest, shares, shown := size.Width, float32(0), 0
	for n, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		switch w := r.width(n); {
		case w > 0:
			rest -= w
		case w == 0:
			rest -= o.MinSize().Width
		default:
			shares -= w
		}
	}
	rest = max(0, rest-r.gap*float32(max(0, shown-1)))
	x := float32(0)
	for n, o := range objects {
		if !o.Visible() {
			continue
		}
		w := r.width(n)
		switch {
		case w == 0:
			w = o.MinSize().Width
		case w < 0:
			w = rest * -w / shares
		}
		height := min(size.Height, max(o.MinSize().Height, 1))
		y := (size.Height - height) / 2
		switch r.stand {
		case hanging:
			y = 0
		case filling:
			y, height = 0, size.Height
		}
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, height))
		x += w + r.gap
	}
}

func (r *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	shown := 0
	for n, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		size := o.MinSize()
		if w := r.width(n); w > 0 {
			size.Width = w
		}
		least.Width += size.Width
		least.Height = max(least.Height, size.Height)
	}
	least.Width += r.gap * float32(max(0, shown-1))
	return least
}

// Space takes room.
func Space(width, height float32) fyne.CanvasObject {
	return Sized(NewBox(Nothing, 0), width, height)
}

// Middle centres an object in what room there is.
func Middle(object fyne.CanvasObject) *fyne.Container { return container.NewCenter(object) }

// Fill stacks a head of its least height, a body that takes the rest, and a foot.
func Fill(head, body, foot fyne.CanvasObject) *fyne.Container {
	var objects []fyne.CanvasObject
	if head != nil {
		objects = append(objects, head)
	}
	objects = append(objects, body)
	if foot != nil {
		objects = append(objects, foot)
	}
	return container.New(&fill{head, body, foot}, objects...)
}

type fill struct{ head, body, foot fyne.CanvasObject }

func least(o fyne.CanvasObject) fyne.Size {
	if o == nil || !o.Visible() {
		return fyne.Size{}
	}
	return o.MinSize()
}

func (f *fill) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	top, bottom := least(f.head).Height, least(f.foot).Height
	if f.head != nil {
		f.head.Move(fyne.NewPos(0, 0))
		f.head.Resize(fyne.NewSize(size.Width, top))
	}
	f.body.Move(fyne.NewPos(0, top))
	f.body.Resize(fyne.NewSize(size.Width, max(0, size.Height-top-bottom)))
	if f.foot != nil {
		f.foot.Move(fyne.NewPos(0, size.Height-bottom))
		f.foot.Resize(fyne.NewSize(size.Width, bottom))
	}
}

func (f *fill) MinSize([]fyne.CanvasObject) fyne.Size {
	head, body, foot := least(f.head), least(f.body), least(f.foot)
	return fyne.NewSize(max(head.Width, body.Width, foot.Width), head.Height+body.Height+foot.Height)
}
