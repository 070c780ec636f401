package shell

import (
	"context"
	"time"

	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// offerUndo lets the person take back what they did, for as long as the server offers it.
func (a *App) offerUndo(u client.Undo) {
	if a.frame == nil {
		return
	}
	withdraw := a.frame.Offer(a.text.Either(u.Text, u.TextEN), a.text.T("act.undo"), func() {
		a.Work(func(ctx context.Context, api *client.API) error { return api.Undo(ctx, u.ID) }, func(err error) {
			if err != nil {
				a.Tell(ui.Explain(err, a.text))
				return
			}
			a.Tell(a.text.T("undo.done"))
			a.After(undoToldFor, func() {
				if a.lastError == a.text.T("undo.done") {
					a.Tell("")
				}
			})
		})
	})
	// By the server's clock it is offered until u.Until; this machine's clock may be another.
	a.After(undoOffered, withdraw)
}

// undoOffered is for how long it is offered; the server takes a click a little longer.
const undoOffered = 10 * time.Second

// undoToldFor is how long it stands there that something was taken back.
const undoToldFor = 3 * time.Second
