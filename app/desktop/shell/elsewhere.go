package shell

import (
	"context"
	"log/slog"

	"dozvon/app/desktop/model"
	"dozvon/client"
)

// openCard opens a contract or client from a call card: in the school's other CRM where it wants
// that, else, and where the other CRM's address cannot be told, here.
func (a *App) openCard(kind client.SubjectKind, id string) {
	links := a.Model().School().CRMLink
	if !links.Instead || !model.HasCRMLink(links, kind) {
		a.Show()
		a.OpenSubject(kind, id)
		return
	}
	address := ""
	a.Work(func(ctx context.Context, api *client.API) error {
		card, err := crmCard(ctx, api, kind, id)
		address = model.CRMLink(links, kind, card)
		return err
	}, func(err error) {
		if err == nil && address != "" {
			a.OpenURL(address)
			return
		}
		slog.Warn("card has no address in the other CRM, ours is shown", "kind", kind, "id", id, "error", err)
		a.Show()
		a.OpenSubject(kind, id)
	})
}

// crmCard reads what finds a card in another CRM.
func crmCard(ctx context.Context, api *client.API, kind client.SubjectKind, id string) (model.CRMCard, error) {
	if kind == client.KindContract {
		c, err := api.Contract(ctx, id)
		return model.CRMCardOfContract(c), err
	}
	c, err := api.Client(ctx, id)
	return model.CRMCardOfClient(c), err
}
