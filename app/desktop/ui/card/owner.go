package card

import (
	"context"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// ChooseOwner lets the person say whose a contract is: one that came from a file has no client.
func (p *Panel) ChooseOwner() {
	over := p.over()
	if over == nil {
		return
	}
	text, contract := p.host.Text(), p.record
	s := &sheet{}
	*s = newSheet(p.host, over, s.Close)
	s.find = newFinder(p.host, wanted{kind: client.KindClient, phones: contract.phones}, s.Close, func(owner record) {
		s.Close()
		p.setOwner(contract, owner.ref.ID)
	})
	s.set(s.title(text.T("crd.owner_title"), contract.about+" · "+contract.fields.Name), widgets.GroundField(s.find.search),
		framed(s.find.list), widgets.SheetFoot(s.button("act.cancel", widgets.Quiet, s.Close)))
	s.pop.Show()
	over.Focus(s.find.search)
	s.find.Search()
}

// setOwner gives a contract to a client; a lead becomes a client by it.
func (p *Panel) setOwner(contract record, id string) {
	to := contract.fields
	to.ClientID = id
	p.act(contract.ref, func(ctx context.Context, api *client.API) error {
		return update(ctx, api.IfMatch(contract.etag), contract.ref, to, contract.fields)
	})
}

// ownerLine is where the client of a contract would stand that has none.
func (p drawing) ownerLine() *widgets.Button {
	return widgets.NewButton(p.host.Text().T("crd.owner_choose"), widgets.Link, p.ChooseOwner)
}
