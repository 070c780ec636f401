package telephony

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// head is a page's name, who changed it last, and whether it is active.
type head struct {
	p      *page
	box    *fyne.Container
	active *widgets.Toggle
	name   *widgets.Entry
	told   panel.Told
}

func newHead(p *page) *head {
	h := &head{p: p, box: widgets.Column(panel.RowGap), name: widgets.NewEntry("")}
	h.active = widgets.Switch("", p.it.Active, h.setActive)
	h.name.SetText(p.state.name)
	h.name.OnChanged = func(name string) { p.state.name = name }
	h.name.OnSubmitted = func(string) { h.rename() }
	h.name.OnEscape = func() { h.setNaming(false) }
	return h
}

func (h *head) setActive(on bool) {
	if h.p.isNew() {
		h.p.it.Active, h.p.state.it.Active = on, on
		h.p.redraw()
		return
	}
	h.p.save(client.IntegrationInput{Active: &on}, h.after)
}

func (h *head) after(err error) {
	h.told = panel.Told{}
	if err != nil {
		h.told = panel.Fault(ui.Explain(err, h.p.v.host.Text()))
	}
}

func (h *head) setNaming(on bool) {
	h.p.state.naming = on
	h.name.SetText(h.p.name())
	h.p.redraw()
}

func (h *head) rename() {
	name := strings.TrimSpace(h.name.Text)
	h.p.save(client.IntegrationInput{Name: &name}, func(err error) {
		h.after(err)
		h.p.state.naming = err != nil
	})
}

func (h *head) fill() {
	text := h.p.v.host.Text()
	h.active.On = h.p.it.Active
	h.active.Refresh()
	right := widgets.Row(theme.Gap, nil, widgets.NewLabel(text.T("set.active"), theme.Body, widgets.InkMuted).Fixed(), h.active)
	h.box.Objects = []fyne.CanvasObject{widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, widgets.Column(0, h.title(), h.changedBy()), right)}
	width := h.p.v.inner() + 2*panel.Padding
	if !h.p.it.Active {
		h.box.Objects = append(h.box.Objects, panel.Signed(theme.ToneHold, text.T("set.inactive"), width))
	}
	h.box.Objects = append(h.box.Objects, h.told.Row(width)...)
}

func (h *head) title() fyne.CanvasObject {
	text := h.p.v.host.Text()
	if h.p.state.naming {
		return widgets.Row(theme.Gap, []float32{widgets.Wide}, widgets.Field(h.name),
			widgets.NewButton(text.T("act.save"), h.p.kindOf(actRename), h.rename),
			widgets.NewButton(text.T("act.cancel"), widgets.Plain, func() { h.setNaming(false) }))
	}
	room := h.p.v.inner() + 2*panel.Padding - 240
	wide := min(room, fyne.MeasureText(h.p.name(), theme.Title, fyne.TextStyle{Bold: true}).Width+1)
	name := widgets.NewParagraph(h.p.name(), theme.Title, wide, 0, widgets.InkNormal)
	name.Bold = true
	if h.p.isNew() {
		return name
	}
	return widgets.Row(2, []float32{wide, 0}, name,
		widgets.NewButton(text.T("set.rename"), widgets.Link, func() { h.setNaming(true) }))
}

func (h *head) changedBy() fyne.CanvasObject {
	text, it := h.p.v.host.Text(), h.p.it
	if h.p.isNew() || it.UpdatedAt.IsZero() {
		return widgets.NewLabel(text.T("set.fill_in"), theme.Caption, widgets.InkMuted)
	}
	who := ""
	if it.UpdatedBy != nil {
		who = present.ShortName(it.UpdatedBy.Name)
	}
	when := text.Short(it.UpdatedAt, h.p.v.host.Now())
	return widgets.NewLabel(strings.TrimRight(text.T("set.changed", "when", when, "who", who), " ·"), theme.Caption, widgets.InkMuted)
}
