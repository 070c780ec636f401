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

// extensions is the third step: which employee has which extension at this PBX. It is
// changed here and saved as a whole.
type extensions struct {
	panel.Section
	p          *page
	rows       []*extensionRow
	kept       []client.ExtensionRow // what the server holds
	etag       string                // of kept
	fresh      *newExtension         // the row of «+ Сотрудник»
	pbx        *pbxList
	forwarding *widgets.Toggle
	take, plus *widgets.Button
	dirty      bool // as last drawn
	told       panel.Told
}

// extensionRow is one employee with the extension as it is being typed.
type extensionRow struct {
	employee string
	entry    *panel.Field
}

func newExtensions(p *page) *extensions {
	text := p.t.host.Text()
	x := &extensions{p: p}
	x.pbx = &pbxList{x: x, picks: map[string]string{}}
	x.take = widgets.NewButton(text.T("set.take"), widgets.Quiet, x.pbx.ask)
	x.plus = widgets.NewButton(text.T("set.plus"), widgets.Quiet, x.addEmployee)
	x.Section = panel.NewSection(text.T("set.ext"), "", x.take, x.plus)
	x.forwarding = widgets.Switch(text.T("set.forward"), p.it.Forwarding, x.setForwarding)
	return x
}

// load reads the table of this integration anew.
func (x *extensions) load() {
	id := x.p.it.ID
	var rows []client.ExtensionRow
	var etag string
	x.p.t.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		rows, etag, err = api.ExtensionTable(ctx, id)
		return err
	}, func(err error) {
		if err != nil {
			x.told = panel.Fault(ui.Explain(err, x.p.t.host.Text()))
		} else if !x.changed() {
			x.etag = etag
			x.keep(rows)
		}
		x.redraw()
	})
}

// keep takes in what the server holds.
func (x *extensions) keep(rows []client.ExtensionRow) {
	x.kept, x.rows = rows, nil
	for _, row := range rows {
		x.put(row)
	}
}

// put adds a row, or changes the extension of the employee who has one.
func (x *extensions) put(row client.ExtensionRow) {
	if there := x.rowOf(row.EmployeeID); there != nil {
		there.entry.SetText(row.Extension)
		return
	}
	added := &extensionRow{row.EmployeeID, panel.NewField(widgets.NewEntry(""), &panel.Draft{})}
	added.entry.Update(row.Extension)
	added.entry.OnEdit = x.typed
	added.entry.OnSubmitted = func(string) { x.save() }
	x.rows = append(x.rows, added)
	slices.SortStableFunc(x.rows, func(a, b *extensionRow) int { return cmp.Compare(x.name(a.employee), x.name(b.employee)) })
}

func (x *extensions) rowOf(employee string) *extensionRow {
	for _, row := range x.rows {
		if row.employee == employee {
			return row
		}
	}
	return nil
}

// holder is the employee who has an extension in the table as it stands here.
func (x *extensions) holder(extension string) string {
	for _, row := range x.rows {
		if row.entry.Value() == extension {
			return row.employee
		}
	}
	return ""
}

func (x *extensions) drop(employee string) {
	x.rows = slices.DeleteFunc(x.rows, func(r *extensionRow) bool { return r.employee == employee })
	x.redraw()
}

// table is what stands here, as it would be saved.
func (x *extensions) table() []client.ExtensionRow {
	out := []client.ExtensionRow{}
	for _, row := range x.rows {
		out = append(out, client.ExtensionRow{EmployeeID: row.employee, Extension: row.entry.Value()})
	}
	return out
}

func (x *extensions) changed() bool {
	if len(x.rows) != len(x.kept) {
		return true
	}
	for _, row := range x.kept {
		if there := x.rowOf(row.EmployeeID); there == nil || there.entry.Value() != row.Extension {
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
	x.fresh, x.told = nil, panel.Told{}
	x.keep(x.kept)
	x.redraw()
}

func (x *extensions) redraw() {
	x.fill()
	x.p.t.page.Settle()
}

func (x *extensions) fill() {
	text, width := x.p.t.host.Text(), x.p.t.page.Inner()
	x.forwarding.On = x.p.it.Forwarding
	x.forwarding.Refresh()
	x.dirty = x.changed()
	rows := x.tableRows()
	if x.fresh != nil {
		rows = append(rows, x.fresh.row())
	}
	rows = append(rows, x.pbx.rows()...)
	rows = append(rows, x.told.Row(width)...)
	if x.dirty {
		rows = append(rows, panel.Unsaved(text, true, x.reset, x.save))
	}
	x.Set(append(rows, widgets.Row(0, nil, x.forwarding)))
}

func (x *extensions) tableRows() []fyne.CanvasObject {
	if len(x.rows) == 0 && x.fresh == nil {
		words := panel.Wrapped(x.p.t.host.Text().T("set.ext_none"), theme.Body, x.p.t.page.Inner(), widgets.InkMuted)
		return []fyne.CanvasObject{words}
	}
	var lines []fyne.CanvasObject
	for n, row := range x.rows {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		lines = append(lines, x.tableRow(row))
	}
	return []fyne.CanvasObject{widgets.Column(0, lines...)}
}
