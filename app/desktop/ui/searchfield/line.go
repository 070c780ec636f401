package searchfield

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
)

// least is the room in which one can read what one searches for.
const least float32 = 140

// Line lays a field beside what narrows the same page, which stands below it where the field would have too little room.
type Line struct{ wide float32 }

// Of puts them into the line.
func (l *Line) Of(field, beside fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: l, Objects: []fyne.CanvasObject{field, beside}}
}

// Has tells the line how wide it will be, before it is laid out: its height depends on that.
func (l *Line) Has(wide float32) { l.wide = wide }

func (l *Line) two(beside fyne.CanvasObject) bool {
	return l.wide > 0 && l.wide-theme.Gap-beside.MinSize().Width < least
}

// MinSize is Fyne's.
func (l *Line) MinSize(objects []fyne.CanvasObject) fyne.Size {
	field, beside := objects[0].MinSize(), objects[1].MinSize()
	if l.two(objects[1]) {
		return fyne.NewSize(max(least, beside.Width), field.Height+theme.Gap+beside.Height)
	}
	return fyne.NewSize(max(least, beside.Width), max(field.Height, beside.Height))
}

// Layout is Fyne's.
func (l *Line) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	field, beside := objects[0], objects[1]
	high, side := field.MinSize().Height, beside.MinSize()
	beside.Resize(side)
	field.Move(fyne.NewPos(0, 0))
	if l.two(beside) {
		field.Resize(fyne.NewSize(size.Width, high))
		beside.Move(fyne.NewPos(0, high+theme.Gap))
		return
	}
	field.Resize(fyne.NewSize(size.Width-side.Width-theme.Gap, high))
	beside.Move(fyne.NewPos(size.Width-side.Width, (high-side.Height)/2))
}
