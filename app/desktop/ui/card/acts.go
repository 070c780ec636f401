package card

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// more is the button whose menu holds what is done with a card now and then.
func (p drawing) more() *widgets.Button {
	text := p.host.Text()
	var b *widgets.Button
	b = widgets.NewButton(text.T("crd.more")+" ▾", widgets.Quiet, func() {
		items := []*fyne.MenuItem{fyne.NewMenuItem(text.T("crd.history"), p.History), fyne.NewMenuItem(text.T("crd.merge"), p.Merge)}
		if p.ref.Kind == client.KindClient {
			items = append(items, fyne.NewMenuItem(text.T("crd.new_contract_menu"), p.NewContract))
		}
		items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(text.T("crd.delete"), p.AskDelete))
		drop(b, items)
	})
	return b
}

// drop opens a menu under what was pressed; the arrow keys go through it, and Escape closes it.
func drop(under fyne.CanvasObject, items []*fyne.MenuItem) {
	over := fyne.CurrentApp().Driver().CanvasForObject(under)
	if over == nil {
		return
	}
	pop := widget.NewPopUpMenu(fyne.NewMenu("", items...), over)
	pop.ShowAtRelativePosition(fyne.NewPos(0, under.Size().Height+theme.Grid), under)
}

// statusChip shows the status, and changes it by a click: it is what changes most.
func (p drawing) statusChip() *widgets.Chip {
	text, now := p.host.Text(), p.record.fields.Status
	chip := widgets.NewChip(present.StatusWord(p.ref.Kind, now, text)+" ▾", statusTone(now))
	chip.OnTap = func() {
		var items []*fyne.MenuItem
		for _, status := range model.Statuses(p.ref.Kind) {
			item := fyne.NewMenuItem(present.StatusWord(p.ref.Kind, status, text), func() { p.SetStatus(status) })
			item.Checked = status == now
			items = append(items, item)
		}
		drop(chip, items)
	}
	return chip
}

// SetStatus changes the status of the card alone.
func (p *Panel) SetStatus(status string) {
	fields := p.record.fields
	fields.Status = status
	p.change(fields)
}

// Promote makes a client of a lead, who is enrolled by that, as the server does for one who gets a
// contract.
func (p *Panel) Promote() {
	fields := p.record.fields
	fields.Lead, fields.Status = model.Client, client.StatusEnrolled
	p.change(fields)
}

// change sends what differs from the card as it was read, and shows the card anew.
func (p *Panel) change(to model.CardFields) {
	ref, before := p.ref, p.record.fields
	if len(to.Changed(before)) == 0 {
		return
	}
	p.act(ref, func(ctx context.Context, api *client.API) error { return update(ctx, api, ref, to, before) })
}

// update sends what differs between two states of a card.
func update(ctx context.Context, api *client.API, ref client.SubjectRef, to, before model.CardFields) error {
	if ref.Kind == client.KindClient {
		_, err := api.UpdateClient(ctx, ref.ID, to.ClientInput(before))
		return err
	}
	_, err := api.UpdateContract(ctx, ref.ID, to.ContractInput(before))
	return err
}

// act does something to a card and reads it anew.
func (p *Panel) act(ref client.SubjectRef, work func(ctx context.Context, api *client.API) error) {
	p.host.Work(work, func(err error) {
		if err != nil {
			p.host.Tell(explain(err, p.host.Text(), p.host.Now()))
			return
		}
		p.Follow(ref.Kind, ref.ID)
	})
}

// AskDelete asks where the card stands, so that nothing modal is in the way when a call comes.
func (p *Panel) AskDelete() {
	p.asking = true
	p.draw()
}

func (p drawing) askDelete() fyne.CanvasObject {
	text := p.host.Text()
	no := widgets.NewButton(text.T("act.no"), widgets.Plain, func() { p.asking = false; p.draw() })
	no.OnEscape = no.OnTap
	words := widgets.NewParagraph(text.T("crd.delete_sure"), theme.Body, inner-24, 4, widgets.InkNormal)
	return widgets.Stack(widgets.NewBox(widgets.Hover, theme.RadiusButton),
		widgets.Pad(12, 12, 12, 12, widgets.Column(12, words, widgets.Row(theme.Gap, []float32{widgets.Wide}, widgets.Space(0, 0), no,
			widgets.NewButton(text.T("crd.delete"), widgets.Danger, p.Delete)))))
}

// Delete hides the card; the server offers to take that back, and the register's list of deleted
// ones holds it for ever.
func (p *Panel) Delete() {
	ref := p.ref
	p.host.Work(func(ctx context.Context, api *client.API) error { return api.DeleteCard(ctx, ref) }, func(err error) {
		if err != nil {
			p.host.Tell(ui.Explain(err, p.host.Text()))
			return
		}
		delete(p.state.drafts, ref)
		if p.ref == ref {
			p.Close()
		}
	})
}
