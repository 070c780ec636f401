package card

import (
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// draft is what was typed into a card and not saved, with the card as the form knew it.
type draft struct{ base, now model.CardFields }

// keepDraft keeps what stands in the form when another card takes its place: a click on a call card
// must not cost an operator what they have just typed.
func (p *Panel) keepDraft() {
	f := p.form
	if f == nil || f.busy || !f.touched() {
		return
	}
	if f.fresh() && f.ref.Kind == client.KindContract {
		return // it has no place where it would be found again
	}
	p.state.drafts[f.ref] = draft{f.base, f.fields()}
	if f.fresh() {
		p.host.Tell(p.host.Text().T("crd.kept_new"))
		return
	}
	p.host.Tell(p.host.Text().T("crd.kept", "name", f.base.Name))
}

// openDraft opens the form with what was left unsaved in this card; false when nothing was.
func (p *Panel) openDraft() bool {
	left, ok := p.state.drafts[p.ref]
	if !ok {
		return false
	}
	delete(p.state.drafts, p.ref)
	p.openForm(p.ref, left.base, p.record)
	p.form.fill(left.now)
	p.form.follow(p.record)
	return true
}
