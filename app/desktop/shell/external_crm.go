package shell

import (
	"context"
	"log/slog"

	"dozvon/app/desktop/externalcrm"
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
		address, err = externalcrm.Address(links, kind, func() (present.CRMCard, error) { return externalcrm.Card(ctx, api, kind, id) })
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
