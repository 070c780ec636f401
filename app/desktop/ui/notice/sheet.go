// Package notice draws a few sentences over the main window that the person must have seen, with one button, and
// remembers which were told.
package notice

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

const (
	// width of the sheet, and inner of what stands in it.
	width float32 = 420
	inner         = width - 2*theme.Inset
	// lines are enough for the longest sentence.
	lines = 8
)

// Sheet is the notice.
type Sheet struct {
	pop *widget.PopUp
}

// Open shows a title, sentences below it and a button that puts them away.
func Open(canvas fyne.Canvas, title string, sentences []string, seen string) *Sheet {
	s := &Sheet{}
	body := widgets.Column(12, widgets.NewBold(title, theme.Heading, widgets.InkNormal))
	for _, sentence := range sentences {
		body.Add(widgets.NewParagraph(sentence, theme.Body, inner, lines, widgets.InkNormal))
	}
	button := widgets.NewButton(seen, widgets.Primary, s.Close)
	button.OnEscape = s.Close
	body.Add(widgets.SheetFoot(button))
	s.pop = widgets.NewSheet(canvas, width, body, s.Close)
	s.pop.Show()
	canvas.Focus(button)
	return s
}

// Stands tells whether the notice is still there.
func (s *Sheet) Stands() bool { return s.pop.Visible() }

// Close puts the notice away.
func (s *Sheet) Close() { s.pop.Hide() }
