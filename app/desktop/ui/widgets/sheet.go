package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
)

// NewSheet is a raised panel of a width over a window, which takes no clicks meanwhile. It is not
// shown yet.
func NewSheet(canvas fyne.Canvas, width float32, body fyne.CanvasObject) *widget.PopUp {
	HideOutline()
	inset := Pad(theme.Inset, theme.Inset, theme.Inset, theme.Inset, body)
	return widget.NewModalPopUp(Stack(NewBox(Raised, theme.RadiusPanel), Sized(inset, width, 0)), canvas)
}

// SheetFoot puts a sheet's buttons at its right.
func SheetFoot(buttons ...*Button) *fyne.Container {
	objects := []fyne.CanvasObject{Space(0, 0)}
	for _, b := range buttons {
		objects = append(objects, b)
	}
	return Row(theme.Gap, []float32{Wide}, objects...)
}
