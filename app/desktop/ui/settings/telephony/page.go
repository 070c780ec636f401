package telephony

import (
	"context"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// page is everything about one integration: the manual's three steps, the check, the link
// with the PBX and its address book. A new one has only the first step until it is saved.
type page struct {
	t   *View
	it  client.Integration
	box *fyne.Container

	head       *head
	cabinet    *cabinet
	hook       *hook
	extensions *extensions
	check      *check
	link       *link
	book       *book
	remove     *remove
}

func newPage(t *View, it client.Integration) *page {
	p := &page{t: t, it: it, box: widgets.Column(panel.Gap)}
	p.head, p.cabinet, p.hook = newHead(p), newCabinet(p), newHook(p)
	p.extensions, p.check = newExtensions(p), newCheck(p)
	p.link, p.book, p.remove = newLink(p), newBook(p), newRemove(p)
	p.cabinet.update()
	return p
}

// isNew tells that the server does not know it yet.
func (p *page) isNew() bool { return p.it.ID == "" }

// name is its own, or its kind's.
func (p *page) name() string {
	if p.it.Name != "" {
		return p.it.Name
	}
	for _, k := range kinds {
		if k.kind == p.it.Kind {
			return p.t.host.Text().T(k.name)
		}
	}
	return p.it.Kind
}

// update shows a newer state; what is being typed stays.
func (p *page) update(it client.Integration) {
	before := p.it
	p.it = it
	p.cabinet.update()
	p.link.update(before)
	if !p.extensions.changed() {
		p.extensions.load()
	}
}

// fill draws every panel from what is known.
func (p *page) fill() {
	p.head.fill()
	p.cabinet.fill()
	p.box.Objects = []fyne.CanvasObject{p.head.box, p.cabinet.Box}
	if p.isNew() {
		return
	}
	p.hook.fill()
	p.extensions.fill()
	p.check.fill()
	p.link.fill()
	p.book.fill()
	p.remove.fill()
	p.box.Objects = append(p.box.Objects, p.hook.Box, p.extensions.Box, p.check.Box, p.link.Box, p.book.Box, p.remove.box)
}

// redraw draws the page after something on it has changed.
func (p *page) redraw() {
	p.fill()
	p.t.page.Settle()
}

// save sends a change. What the server made of it is taken in before done hears of it.
func (p *page) save(in client.IntegrationInput, done func(error)) {
	id, kind, etag := p.it.ID, p.it.Kind, p.it.ETag
	var saved client.Integration
	theirs := false
	p.t.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if id == "" {
			in.Kind = &kind
			saved, err = api.CreateIntegration(ctx, in)
			return err
		}
		saved, err = api.IfMatch(etag).UpdateIntegration(ctx, id, in)
		if ui.ChangedMeanwhile(err) { // theirs is shown, but for what was typed
			now, readErr := api.Integration(ctx, id)
			saved, theirs = now, readErr == nil
		}
		return err
	}, func(err error) {
		if (err == nil || theirs) && id != "" {
			p.update(saved)
		}
		done(err)
		if err == nil && id == "" {
			p.t.connected(saved)
			return
		}
		p.redraw()
	})
}
