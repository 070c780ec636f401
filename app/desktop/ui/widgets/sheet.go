package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
)

// NewSheet is a raised panel of a width over a window, which takes no clicks meanwhile; close is what Escape does,
// wherever the keyboard is. It is not shown yet.
func NewSheet(canvas fyne.Canvas, width float32, body fyne.CanvasObject, close func()) *widget.PopUp {
	inset := Pad(theme.Inset, theme.Inset, theme.Inset, theme.Inset, body)
	return NewOver(canvas, Stack(NewBox(Raised, theme.RadiusPanel), Sized(inset, width, 0)), close)
}

// NewOver is likewise something with a ground of its own.
func NewOver(canvas fyne.Canvas, content fyne.CanvasObject, close func()) *widget.PopUp {
	HideOutline()
	o := &over{content: content, close: close, above: container.NewWithoutLayout()}
	o.ExtendBaseWidget(o)
	return widget.NewModalPopUp(o, canvas)
}

// over is the content of what lies over a window.
type over struct {
	widget.BaseWidget
	content fyne.CanvasObject
	above   *fyne.Container
	close   func()
}

// CreateRenderer is Fyne's.
func (o *over) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Stack(o.content, o.above))
}

// Refresh is Fyne's; what stands in the content may have grown.
func (o *over) Refresh() {
	o.content.Refresh()
	o.BaseWidget.Refresh()
}

// Escape closes the sheet that lies on top of a window, or a dialogue of Fyne's; false: none does.
func Escape(on fyne.Canvas) bool {
	if o := sheetOn(on); o != nil {
		o.close()
		return true
	}
	dialogue, ok := on.Overlays().Top().(*widget.PopUp)
	if ok {
		dialogue.Hide()
	}
	return ok
}

// Above is what may lie over the content of the sheet on top of a window; nil: none does.
func Above(on fyne.Canvas) *fyne.Container {
	if o := sheetOn(on); o != nil {
		return o.above
	}
	return nil
}

func sheetOn(on fyne.Canvas) *over {
	sheet, ok := on.Overlays().Top().(*widget.PopUp)
	if !ok {
		return nil
	}
	o, _ := sheet.Content.(*over)
	return o
}

// SheetFoot puts a sheet's buttons at its right.
func SheetFoot(buttons ...*Button) *fyne.Container {
	objects := []fyne.CanvasObject{Space(0, 0)}
	for _, b := range buttons {
		objects = append(objects, b)
	}
	return Row(theme.Gap, []float32{Wide}, objects...)
}
