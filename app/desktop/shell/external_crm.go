package shell

import (
	"context"
	"log/slog"

	"dozvon/app/desktop/present"
	"dozvon/client"
)

// openCard opens a contract or client from a call card: in the school's other CRM where it wants
// that, else, and where the other CRM's address cannot be told, here.
func (a *App) openCard(kind client.SubjectKind, id string) {
	links := a.Model().School().CRMLink
	if !links.Instead {
		a.Show()
		a.OpenSubject(kind, id)
		return
	}
	address := ""
	a.Work(func(ctx context.Context, api *client.API) error {
		var err error
		address, err = externalCRM(links, kind, func() (present.CRMCard, error) { return crmCard(ctx, api, kind, id) })
		return err
	}, func(err error) {
		if err == nil && address != "" {
			a.OpenURL(address)
			return
		}
		if err != nil {
			slog.Warn("the card's address in the other CRM cannot be told, ours is shown", "kind", kind, "id", id, "error", err)
		}
		a.Show()
		a.OpenSubject(kind, id)
	})
}

// externalCRM is the address of a card in the school's other CRM, where that is to be opened instead of
// ours; empty where it is not, and where the card was never there.
func externalCRM(links client.CRMLink, kind client.SubjectKind, read func() (present.CRMCard, error)) (string, error) {
	if !links.Instead || !present.HasCRMLink(links, kind) {
		return "", nil
	}
	card, err := read()
	if err != nil {
		return "", err
	}
	return present.CRMLink(links, kind, card), nil
}

// crmCard reads what finds a card in another CRM.
func crmCard(ctx context.Context, api *client.API, kind client.SubjectKind, id string) (present.CRMCard, error) {
	if kind == client.KindContract {
		c, err := api.Contract(ctx, id)
		return present.CRMCardOfContract(c), err
	}
	c, err := api.Client(ctx, id)
	return present.CRMCardOfClient(c), err
}
