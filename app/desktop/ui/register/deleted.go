package register

import (
	"context"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/card"
	"dozvon/client"
)

// tapped opens a record; of a deleted one, its history: who deleted it is what people want to know.
func (v *View) tapped(l line) {
	if !l.deleted {
		v.open(l.id)
		return
	}
	if over := fyne.CurrentApp().Driver().CanvasForObject(v); over != nil {
		card.OpenHistory(v.host, over, client.SubjectRef{Kind: v.kind, ID: l.id}, l.name)
	}
}

// Restore takes the deletion of a card back, and opens the card.
func (v *View) Restore(id string) {
	ref := client.SubjectRef{Kind: v.kind, ID: id}
	v.host.Work(func(ctx context.Context, api *client.API) error { return api.RestoreCard(ctx, ref) }, func(err error) {
		if err != nil {
			v.host.Tell(ui.Explain(err, v.host.Text()))
			return
		}
		v.Filter(0)
		v.host.OpenSubject(ref.Kind, ref.ID)
	})
}
