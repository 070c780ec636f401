package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// flow lays objects beside each other and begins a new line where they do not fit a known width.
type flow struct{ gap, width float32 }

// Flow puts objects, e.g. chips, into lines no wider than width; one that is wider alone is cut to it.
func Flow(gap, width float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(flow{gap, width}, objects...)
}

// places tells where each object stands, and how high all of them are.
func (f flow) places(objects []fyne.CanvasObject) (at []fyne.Position, height float32) {
	x, y, line := float32(0), float32(0), float32(0)
	for _, o := range objects {
		size := o.MinSize()
		if x > 0 && x+size.Width > f.width {
			x, y, line = 0, y+line+f.gap, 0
		}
		at = append(at, fyne.NewPos(x, y))
		x += size.Width + f.gap
		line = max(line, size.Height)
	}
	return at, y + line
}

// Layout is Fyne's.
func (f flow) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	at, _ := f.places(objects)
	for n, o := range objects {
		size := o.MinSize()
		o.Move(at[n])
		o.Resize(fyne.NewSize(min(size.Width, f.width), size.Height))
	}
}

// MinSize is Fyne's.
func (f flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	_, height := f.places(objects)
	return fyne.NewSize(f.width, height)
}
