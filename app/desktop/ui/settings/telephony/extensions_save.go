package telephony

import (
	"context"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/client"
)

// fault names what must be put right before saving, or "".
func (x *extensions) fault() string {
	text := x.p.v.host.Text()
	owner := map[string]string{}
	for _, row := range x.table() {
		name := x.name(row.EmployeeID)
		if row.Extension == "" {
			return text.T("set.ext_empty", "name", name)
		}
		if other := owner[row.Extension]; other != "" {
			return text.T("set.ext_twice", "ext", row.Extension, "one", other, "two", name)
		}
		owner[row.Extension] = name
	}
	return ""
}

func (x *extensions) save() {
	text, host := x.p.v.host.Text(), x.p.v.host
	if fault := x.fault(); fault != "" {
		x.told = panel.Fault(fault)
		x.redraw()
		return
	}
	id, rows, etag := x.p.it.ID, x.table(), x.state.etag
	var saved, theirs []client.ExtensionRow
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if saved, err = api.IfMatch(etag).SetExtensions(ctx, id, rows); err != nil {
			if ui.ChangedMeanwhile(err) {
				theirs, etag, _ = api.ExtensionTable(ctx, id)
			}
			return err
		}
		if _, etag, err = api.ExtensionTable(ctx, id); err != nil {
			return err
		}
		// Colleagues' extensions stand on other pages too.
		return host.Model().ReloadLists(ctx, api)
	}, func(err error) {
		x.told = panel.Done(text.T("set.saved"))
		switch {
		case ui.ChangedMeanwhile(err):
			x.told = panel.Fault(ui.ExplainConflict(err, text, host.Now()))
			if theirs != nil { // to be had by dropping what was typed; the next save is made knowing it
				x.state.kept, x.state.etag = theirs, etag
			}
		case err != nil:
			x.told = panel.Fault(ui.Explain(err, text))
		}
		if saved != nil {
			x.state.etag = etag
			x.keep(saved)
		}
		x.redraw()
	})
}
