// Package keysheet draws the page of all keys: what the table of a window holds, and nothing else.
package keysheet

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Sizes of the design.
const (
	width    float32 = 840
	row      float32 = 32
	capHigh  float32 = 24
	columns          = 3
	apart    float32 = 36
	inner            = width - 2*24
	column           = (inner - (columns-1)*apart) / columns
	groupGap float32 = 24
)

// Open shows the page over a window; whoever opened it hides it.
func Open(over fyne.Canvas, text *i18n.Text, table *keys.Table) *widget.PopUp {
	body := widgets.Stack(widgets.NewBox(widgets.Raised, theme.RadiusCard),
		widgets.Sized(widgets.Pad(20, 24, 20, 24, content(text, table)), width, 0))
	var pop *widget.PopUp
	pop = widgets.NewOver(over, body, func() { pop.Hide() })
	pop.Show()
	return pop
}

func content(text *i18n.Text, table *keys.Table) fyne.CanvasObject {
	head := widgets.Row(theme.Gap, []float32{widgets.Wide},
		widgets.NewBold(text.T("keys.title"), theme.Title, widgets.InkNormal),
		widgets.NewLabel(text.T("keys.hide"), theme.Caption, widgets.InkMuted).Fixed(), NewCap("?"), NewCap("Esc"))
	foot := widgets.Column(16, widgets.Rule(), widgets.NewParagraph(text.T("keys.foot"), theme.Caption, inner, 2, widgets.InkMuted))
	return widgets.Column(20, head, groups(text, table), foot)
}

// groups stand in rows of columns; one without keys leaves its place empty.
func groups(text *i18n.Text, table *keys.Table) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for some := range slices.Chunk(keys.Groups, columns) {
		objects, widths := make([]fyne.CanvasObject, len(some)), make([]float32, len(some))
		for n, group := range some {
			objects[n], widths[n] = groupOf(text, group, table.All(group)), column
		}
		rows = append(rows, widgets.TopRow(apart, widths, objects...))
	}
	return widgets.Column(groupGap, rows...)
}

func groupOf(text *i18n.Text, group keys.Group, bindings []keys.Binding) fyne.CanvasObject {
	if len(bindings) == 0 {
		return widgets.Space(0, 0)
	}
	lines := []fyne.CanvasObject{widgets.Pad(0, 0, 4, 0, widgets.NewBold(text.T("keys.group_"+string(group)), theme.Caption, widgets.InkMuted))}
	for _, b := range bindings {
		lines = append(lines, line(text, b))
		if b.Warning != "" {
			lines = append(lines, widgets.NewParagraph(b.Warning, theme.Caption, column, 2, widgets.ToneInk(theme.ToneHold)))
		}
	}
	return widgets.Column(0, lines...)
}

func line(text *i18n.Text, b keys.Binding) fyne.CanvasObject {
	objects := []fyne.CanvasObject{widgets.NewLabel(text.T(b.Words), theme.Body, widgets.InkNormal)}
	for _, c := range b.Caps() {
		switch {
		case c.Dash:
			objects = append(objects, widgets.NewLabel(c.Sign, theme.Caption, widgets.InkMuted).Fixed())
		case c.Word != "":
			objects = append(objects, NewCap(text.T(c.Word)))
		default:
			objects = append(objects, NewCap(c.Sign))
		}
	}
	return widgets.Sized(widgets.Row(4, []float32{widgets.Wide}, objects...), 0, row)
}

// NewCap is a key.
func NewCap(sign string) fyne.CanvasObject {
	words := widgets.NewBold(sign, theme.Caption, widgets.InkNormal).Fixed().Aligned(fyne.TextAlignCenter)
	return widgets.Middle(widgets.Stack(widgets.NewBox(widgets.Surface, 6).Outlined(widgets.Line),
		widgets.Sized(widgets.Pad(0, 7, 0, 7, words), capHigh, capHigh)))
}
