package telephony

import (
	"context"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// remove disconnects a PBX. It asks where the button stands, so that nothing modal is in the
// way when a call comes.
type remove struct {
	p      *page
	box    *fyne.Container
	asking bool
	asked  bool // the server was asked to: that it is gone is no news
	told   panel.Told
}

func newRemove(p *page) *remove { return &remove{p: p, box: widgets.Column(panel.RowGap)} }

func (r *remove) ask(on bool) {
	r.asking = on
	r.p.redraw()
}

func (r *remove) do() {
	id := r.p.it.ID
	r.asked = true
	r.p.v.host.Work(func(ctx context.Context, api *client.API) error {
		return api.DeleteIntegration(ctx, id)
	}, func(err error) {
		r.asking, r.asked = false, false
		if err != nil {
			r.told = panel.Fault(ui.Explain(err, r.p.v.host.Text()))
			r.p.redraw()
			return
		}
		r.p.v.gone(id)
		r.p.v.draw()
	})
}

func (r *remove) fill() {
	text := r.p.v.host.Text()
	r.box.Objects = r.told.Row(r.p.v.inner())
	if !r.asking {
		r.box.Objects = append(r.box.Objects, widgets.Row(0, nil, widgets.NewButton(text.T("set.remove"), widgets.Link, func() { r.ask(true) })))
		return
	}
	r.box.Objects = append(r.box.Objects, panel.Ground(widgets.Row(theme.Gap, []float32{widgets.Wide},
		panel.Wrapped(text.T("set.remove_sure"), theme.Body, r.p.v.inner()-160, widgets.InkNormal),
		widgets.NewButton(text.T("act.no"), widgets.Quiet, func() { r.ask(false) }),
		widgets.NewButton(text.T("act.yes"), widgets.Danger, r.do))))
}
