package player

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
)

// controlLines lays the controls beside each other, the volume at the right end, and begins a new line where a row has
// no room for all of them, as beside an open card.
type controlLines struct{ v *view }

// timeWide is the room of the time: it does not move what stands behind it.
const timeWide float32 = 88

// places tells where each stands in a width, and how high all of them are.
func (controlLines) places(objects []fyne.CanvasObject, wide float32) (at []fyne.Position, sizes []fyne.Size, high float32) {
	x, y := float32(0), float32(0)
	for n, o := range objects {
		size := o.MinSize()
		if n == 0 {
			size.Width = max(size.Width, timeWide)
		}
		if x > 0 && wide > 0 && x+size.Width > wide {
			x, y = 0, y+theme.Field+theme.Gap
		}
		at, sizes = append(at, fyne.NewPos(x, y+(theme.Field-size.Height)/2)), append(sizes, size)
		x += size.Width + theme.Gap
	}
	if last := len(at) - 1; last >= 0 {
		at[last].X = max(at[last].X, wide-sizes[last].Width)
	}
	return at, sizes, y + theme.Field
}

// MinSize is Fyne's.
func (c controlLines) MinSize(objects []fyne.CanvasObject) fyne.Size {
	_, _, high := c.places(objects, c.v.wide)
	return fyne.NewSize(timeWide, high)
}

// Layout is Fyne's.
func (c controlLines) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	at, sizes, _ := c.places(objects, size.Width)
	for n, o := range objects {
		o.Move(at[n])
		o.Resize(sizes[n])
	}
}

// Resize is Fyne's; in a narrower row the controls may need another line.
func (v *view) Resize(size fyne.Size) {
	v.wide = size.Width - buttonWide
	v.BaseWidget.Resize(size)
	v.grow()
}

// grow tells whoever has the row that it needs another height than before.
func (v *view) grow() {
	if high := v.content.MinSize().Height; high != v.high {
		v.high = high
		if v.p.grown != nil {
			v.p.grown()
		}
	}
}
