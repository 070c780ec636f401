// Package courselink lets the words open the course of a call that tell how long it lasted, or since when it is waited
// for. What the course is, the program says.
package courselink

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/widgets"
)

// Link is a line of text, a click on whose words opens a course.
type Link struct {
	// Words are the line with what can be clicked over it.
	Words *fyne.Container

	label *widgets.Label
	area  *widgets.Area
	ink   widgets.Ink // without the pointer
}

// Over makes a line of text a link. hover is told whether the pointer is on the words, which cover what lies below; nil:
// nobody asks.
func Over(label *widgets.Label, open func(), hover func(in bool)) *Link {
	l := &Link{label: label, ink: label.Ink, area: widgets.NewArea(open)}
	l.area.OnHover = func(in bool) {
		if label.Ink = l.ink; in {
			label.Ink = widgets.InkAccent
		}
		label.Refresh()
		if hover != nil {
			hover(in)
		}
	}
	l.Words = &fyne.Container{Layout: snug{}, Objects: []fyne.CanvasObject{label, l.area}}
	return l
}

// Set shows other words; without a call they open nothing.
func (l *Link) Set(words string, on bool) {
	if l.area.Hidden = !on; !on {
		l.label.Ink = l.ink
	}
	l.label.Set(words)
	snug{}.Layout(l.Words.Objects, l.label.Size())
}

// snug lays what can be clicked over a label's words, and no farther.
type snug struct{}

// MinSize is Fyne's.
func (snug) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout is Fyne's.
func (snug) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	label := objects[0].(*widgets.Label)
	label.Resize(size)
	label.Move(fyne.NewPos(0, 0))
	words := fyne.MeasureText(label.Text, label.Em, fyne.TextStyle{Bold: label.Bold})
	objects[1].Resize(fyne.NewSize(min(size.Width, words.Width), size.Height))
	objects[1].Move(fyne.NewPos(0, 0))
}
