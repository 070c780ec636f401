package register

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// rowView is one line of the list; the list reuses it for many records.
type rowView struct {
	widget.BaseWidget
	view               *View
	id                 string
	line               line
	menu, restore      *widgets.Button
	face               *widgets.Avatar
	name, about, phone *widgets.Label
	cells              []*widgets.Label // of as many columns as there may be
	ground, edge       *widgets.Box
	content            fyne.CanvasObject
	lines              []*fyne.Container // that are laid out anew when parts come or go
	widths             []float32
	spares             []fyne.CanvasObject // of the cells, in the layer above
	room               fyne.CanvasObject
}

func newRow(view *View) *rowView {
	r := &rowView{view: view}
	r.ExtendBaseWidget(r)
	r.face = widgets.NewAvatar("", theme.ToneAccent, 32)
	r.name = widgets.NewBold("", theme.Body, widgets.InkNormal)
	r.about = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	r.phone = widgets.NewLabel("", theme.Body, widgets.InkNormal)
	r.ground, r.edge = widgets.NewBox(widgets.Surface, 0), widgets.NewBox(widgets.Nothing, 0)
	area := widgets.NewArea(func() { view.pressed(r.line) })
	area.OnHover = func(in bool) { r.paint(in) }
	r.menu = numbermenu.New(r.items)
	r.restore = widgets.NewButton(view.host.Text().T("crd.restore"), widgets.Soft, func() { view.Restore(r.id) })
	// What can be pressed in a row lies in a layer of its own, above what opens the record.
	none := func() fyne.CanvasObject { return widgets.Space(0, 0) }
	r.widths, r.room = widthsOf(nil), none()
	parts := []fyne.CanvasObject{r.face, widgets.Column(0, r.name, r.about), r.phone, none()}
	over := []fyne.CanvasObject{none(), none(), none(), r.menu}
	for range allColumns {
		cell, spare := widgets.NewLabel("", theme.Body, widgets.InkMuted), none()
		r.cells, r.spares = append(r.cells, cell), append(r.spares, spare)
		parts, over = append(parts, cell), append(over, spare)
	}
	row := widgets.Row(columnGap, r.widths, append(parts, r.room)...)
	above := widgets.Row(columnGap, r.widths, over...)
	end := widgets.Row(0, []float32{widgets.Wide, 0}, none(), r.restore)
	r.lines = []*fyne.Container{row, above, end}
	view.hover.WatchRow(area, r)
	mark := widgets.Columns(0, []float32{3, widgets.Wide}, r.edge, widgets.Space(0, 0))
	r.content = widgets.Fill(nil, widgets.Stack(r.ground, mark,
		widgets.Pad(0, theme.Side, 0, theme.Side, row), area, widgets.Pad(0, theme.Side, 0, theme.Side, above),
		widgets.Pad(0, theme.Side, 0, theme.Side, end)), widgets.Rule())
	return r
}

const (
	// menuColumn is the width of the sign beside the number, restoreColumn of the way back of a deleted card.
	menuColumn    float32 = 28
	restoreColumn float32 = 88
	// narrow is the width of a row, e.g. beside an open card, below which a deleted card's way back needs the room
	// of its number.
	narrow float32 = 560
)

// items are what can be done with the number of the record that the row shows now.
func (r *rowView) items() []numbermenu.Item { return r.view.items(r.line) }

// Key is the record's.
func (r *rowView) Key() string { return r.id }

// Row is what hovercard reads.
func (r *rowView) Row() (content fyne.CanvasObject, detail string) { return r.lines[0], r.detail() }

// detail is what a narrow row leaves out.
func (r *rowView) detail() string {
	var out []string
	if r.line.phone != "" && !r.line.deleted {
		out = append(out, present.PrettyPhone(r.line.phone, r.view.host.Text()))
	}
	for _, words := range r.line.cells {
		if words != "" {
			out = append(out, words)
		}
	}
	return strings.Join(out, " · ")
}

// Reach is asked by the list: Tab comes to the controls of the row that people are at.
func (r *rowView) Reach(on bool) {
	r.menu.Reach(on)
	r.restore.Reach(on)
}

// CreateRenderer is Fyne's.
func (r *rowView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }

// MinSize is a row of the design and its hairline.
func (r *rowView) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	return fyne.NewSize(400, theme.Row+1)
}

// Resize leaves out what there is no room for.
func (r *rowView) Resize(size fyne.Size) {
	r.arrange(size.Width)
	r.BaseWidget.Resize(size)
}

// arrange shows the parts that this record has, and that the row has room for. Nobody is called from
// among the deleted, and their numbers find nobody: the way back takes the room.
func (r *rowView) arrange(width float32) {
	deleted := r.line.deleted
	shown(r.phone, !deleted || width >= narrow)
	shown(r.menu, !deleted && r.line.phone != "")
	columns := r.view.chosen()
	copy(r.widths, widthsOf(columns))
	fit := fitting(columns, width)
	for n := range r.cells {
		shown(r.cells[n], !deleted && n < fit)
		shown(r.spares[n], !deleted && n < fit)
	}
	shown(r.room, deleted)
	shown(r.restore, deleted)
	for _, line := range r.lines {
		line.Refresh()
	}
}

func shown(object fyne.CanvasObject, on bool) {
	if on {
		object.Show()
		return
	}
	object.Hide()
}

// paint shows the highlighted row by ground and edge, so not by colour alone.
func (r *rowView) paint(hovered bool) {
	r.ground.Fill, r.edge.Fill = widgets.Surface, widgets.Nothing
	switch {
	case r.id != "" && r.id == r.view.selected:
		r.ground.Fill, r.edge.Fill = widgets.ToneSoft(theme.ToneAccent), widgets.InkAccent
	case hovered:
		r.ground.Fill = widgets.Hover
	}
	r.ground.Refresh()
	r.edge.Refresh()
}

func (r *rowView) show(l line) {
	text := r.view.host.Text()
	r.id, r.line = l.id, l
	r.face.Set(present.Initials(l.name), theme.ToneAccent)
	r.name.Set(l.name)
	r.about.Set(l.about)
	words := text.T("reg.no_phone")
	if l.phone != "" {
		words = present.PrettyPhone(l.phone, text)
	}
	r.phone.Set(words)
	for n, words := range l.cells {
		r.cells[n].Set(words)
	}
	r.arrange(r.Size().Width)
	r.paint(false)
}
