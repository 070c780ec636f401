package card

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

const (
	// sheetWide is the width of a sheet, and sheetInner of what stands in it.
	sheetWide  float32 = 560
	sheetInner         = sheetWide - 2*theme.Inset
	// sheetList is how high a list in a sheet is.
	sheetList float32 = 336
)

// sheet lies over the main window: a head, what changes, and buttons at its foot.
type sheet struct {
	host   ui.Base
	canvas fyne.Canvas
	pop    *widget.PopUp
	body   *fyne.Container
	find   *finder // nil: nothing is searched in it
}

// newSheet is not shown yet; close is what Escape does.
func newSheet(host ui.Base, canvas fyne.Canvas, close func()) sheet {
	body := widgets.Column(12)
	return sheet{host: host, canvas: canvas, pop: widgets.NewSheet(canvas, sheetWide, body, close), body: body}
}

// Close puts the sheet away.
func (s *sheet) Close() {
	if s.find != nil {
		s.find.typing.Stop()
	}
	s.pop.Hide()
}

func (s *sheet) set(parts ...fyne.CanvasObject) {
	s.body.Objects = parts
	s.body.Refresh()
	s.pop.Refresh()
}

func (s *sheet) title(title, about string) fyne.CanvasObject {
	return widgets.Column(0, widgets.NewBold(title, theme.Heading, widgets.InkNormal), widgets.NewParagraph(about, theme.Body, sheetInner, 2, widgets.InkMuted))
}

// button is one of the foot; Escape on it closes the sheet.
func (s *sheet) button(key string, kind widgets.Kind, tap func()) *widgets.Button {
	b := widgets.NewButton(s.host.Text().T(key), kind, tap)
	b.OnEscape = s.Close
	return b
}

// framed keeps the height of a list, whatever stands in it, so that the sheet does not jump.
func framed(object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(1, 1, 1, 1, widgets.Sized(container.NewStack(object), 0, sheetList)))
}
