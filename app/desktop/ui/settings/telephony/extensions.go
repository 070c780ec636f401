package telephony

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// extensions is the step that says which employee has which extension at this PBX. The table is
// changed here and saved as a whole.
type extensions struct {
	p           *page
	box         *fyne.Container
	number      string // of the step
	state       *tableState
	entries     map[*rowState]*panel.Field
	freshEntry  *widgets.Entry // of the row of «+ Сотрудник»
	pbx         *pbxList
	forwarding  *widgets.Toggle
	fetch, plus *widgets.Button
	dirty       bool // as last drawn
	told        panel.Told
}

func newExtensions(p *page) *extensions {
	text := p.v.host.Text()
	x := &extensions{p: p, box: widgets.Stack(), state: &p.state.table, entries: map[*rowState]*panel.Field{}}
	x.pbx = &pbxList{x: x, picks: map[string]string{}}
	x.fetch = widgets.NewButton(text.T("set.take"), widgets.Quiet, x.pbx.ask)
	x.plus = widgets.NewButton(text.T("set.plus"), widgets.Quiet, x.addEmployee)
	x.forwarding = widgets.Switch("", p.it.Forwarding, x.setForwarding)
	if x.state.fresh != nil {
		x.makeFresh()
	}
	return x
}

// load reads the table of this integration anew.
func (x *extensions) load() {
	id := x.p.it.ID
	var rows []client.ExtensionRow
	var etag string
	x.p.v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		rows, etag, err = api.ExtensionTable(ctx, id)
		return err
	}, func(err error) {
		if err != nil {
			x.told = panel.Fault(ui.Explain(err, x.p.v.host.Text()))
		} else if !x.changed() {
			x.state.etag = etag
			x.keep(rows)
		}
		x.redraw()
	})
}

// keep shows what the server holds.
func (x *extensions) keep(rows []client.ExtensionRow) {
	x.state.kept, x.state.rows = rows, nil
	clear(x.entries)
	for _, row := range rows {
		x.put(row)
	}
}

// put adds a row, or changes the extension of the employee who has one.
func (x *extensions) put(row client.ExtensionRow) {
	if there := x.rowOf(row.EmployeeID); there != nil {
		x.entry(there).SetText(row.Extension)
		return
	}
	x.state.rows = append(x.state.rows, &rowState{row.EmployeeID, panel.Draft{Text: row.Extension, Kept: row.Extension}})
	slices.SortStableFunc(x.state.rows, func(a, b *rowState) int { return cmp.Compare(x.name(a.employee), x.name(b.employee)) })
}

// entry is the field of a row.
func (x *extensions) entry(row *rowState) *panel.Field {
	if x.entries[row] == nil {
		f := panel.NewField(widgets.NewEntry(""), &row.extension)
		f.OnEdit = x.typed
		f.OnSubmitted = func(string) { x.save() }
		x.entries[row] = f
	}
	return x.entries[row]
}

func (x *extensions) rowOf(employee string) *rowState {
	for _, row := range x.state.rows {
		if row.employee == employee {
			return row
		}
	}
	return nil
}

// holder is the employee who has an extension in the table as it stands here.
func (x *extensions) holder(extension string) string {
	for _, row := range x.state.rows {
		if row.extension.Value() == extension {
			return row.employee
		}
	}
	return ""
}

func (x *extensions) drop(employee string) {
	x.state.rows = slices.DeleteFunc(x.state.rows, func(r *rowState) bool { return r.employee == employee })
	x.redraw()
}

// table is what stands here, as it would be saved.
func (x *extensions) table() []client.ExtensionRow {
	out := []client.ExtensionRow{}
	for _, row := range x.state.rows {
		out = append(out, client.ExtensionRow{EmployeeID: row.employee, Extension: row.extension.Value()})
	}
	return out
}

func (x *extensions) changed() bool {
	if len(x.state.rows) != len(x.state.kept) {
		return true
	}
	for _, row := range x.state.kept {
		if there := x.rowOf(row.EmployeeID); there == nil || there.extension.Value() != row.Extension {
			return true
		}
	}
	return false
}

func (x *extensions) typed() {
	if x.changed() != x.dirty || x.told.Words != "" {
		x.told = panel.Told{}
		x.redraw()
	}
}

func (x *extensions) reset() {
	x.state.fresh, x.told = nil, panel.Told{}
	x.keep(x.state.kept)
	x.redraw()
}

// redraw draws the whole page: whether the table was changed decides which button on it is filled.
func (x *extensions) redraw() { x.p.redraw() }

func (x *extensions) fill() {
	text, width := x.p.v.host.Text(), x.p.v.inner()
	x.dirty = x.changed()
	rows := x.tableRows()
	if x.state.fresh != nil {
		rows = append(rows, x.freshRow())
	}
	rows = append(rows, x.pbx.rows()...)
	rows = append(rows, x.told.Row(width)...)
	if x.dirty {
		rows = append(rows, panel.Unsaved(text, true, x.p.kindOf(actExtensions), x.reset, x.save))
	}
	side := []fyne.CanvasObject{x.plus}
	if x.p.kind().can(client.CapDirectory) {
		side = []fyne.CanvasObject{x.fetch, x.plus}
	}
	section := panel.NewSection(x.number+text.T("set.ext"), "", side...)
	section.Set(append(rows, x.forwardingRows(width)...))
	x.box.Objects = []fyne.CanvasObject{section.Box}
}

func (x *extensions) tableRows() []fyne.CanvasObject {
	if len(x.state.rows) == 0 && x.state.fresh == nil {
		words := panel.Wrapped(x.p.v.host.Text().T("set.ext_none"), theme.Body, x.p.v.inner(), widgets.InkMuted)
		return []fyne.CanvasObject{words}
	}
	var lines []fyne.CanvasObject
	for _, row := range x.state.rows {
		lines = append(lines, widgets.Rule(), x.tableRow(row))
	}
	return []fyne.CanvasObject{widgets.Column(0, lines...)}
}
