package telephony

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// page is everything about one integration: its data, how its events come, the extensions, what
// it cannot do, the check, the link with the PBX and its address book. A new one has only the first
// step until it is saved.
type page struct {
	v     *View
	it    client.Integration
	state *pageState
	box   *fyne.Container

	head         *head
	credentials  *credentials
	hook         *hook
	subscription *subscription
	extensions   *extensions
	check        *check
	link         *link
	book         *addressBook
	remove       *remove
}

func newPage(v *View, it client.Integration, state *pageState) *page {
	p := &page{v: v, it: it, state: state, box: widgets.Column(panel.Gap)}
	p.head, p.credentials = newHead(p), newCredentials(p)
	p.hook, p.subscription = newHook(p), newSubscription(p)
	p.extensions, p.check = newExtensions(p), newCheck(p)
	p.link, p.book, p.remove = newLink(p), newAddressBook(p), newRemove(p)
	p.credentials.update()
	return p
}

// isNew tells that the server does not know it yet.
func (p *page) isNew() bool { return p.it.ID == "" }

// kind is what the server tells of PBXs like this one.
func (p *page) kind() kind { return p.v.state.kindOf(p.it) }

// name is its own, or its kind's.
func (p *page) name() string {
	if p.it.Name != "" {
		return p.it.Name
	}
	return p.kind().Title
}

// update shows a newer state; what is being typed stays.
func (p *page) update(it client.Integration) {
	before := p.it
	p.it = it
	p.credentials.update()
	p.link.update(before)
	p.subscription.update(before)
	if !p.extensions.changed() {
		p.extensions.load()
	}
}

// fill draws every panel from what is known, the first three as numbered steps.
func (p *page) fill() {
	step := 0
	number := func() string {
		step++
		return strconv.Itoa(step) + ". "
	}
	k := p.kind()
	p.head.fill()
	p.credentials.fill(number())
	p.box.Objects = []fyne.CanvasObject{p.head.box, p.credentials.box}
	if p.isNew() {
		return
	}
	if p.hook.shown() {
		p.hook.fill(number())
		p.box.Objects = append(p.box.Objects, p.hook.box)
	}
	if p.it.Subscription != nil {
		p.subscription.fill(number())
		p.box.Objects = append(p.box.Objects, p.subscription.box)
	}
	p.extensions.number = number()
	p.extensions.fill()
	p.box.Objects = append(p.box.Objects, p.extensions.box)
	if missing := p.missing(); missing != nil {
		p.box.Objects = append(p.box.Objects, missing)
	}
	p.check.fill()
	p.link.fill()
	p.box.Objects = append(p.box.Objects, p.check.Box, p.link.box)
	if k.can(client.CapAddressBook) {
		p.book.fill()
		p.box.Objects = append(p.box.Objects, p.book.Box)
	}
	p.remove.fill()
	p.box.Objects = append(p.box.Objects, p.remove.box)
}

// redraw draws the page after something on it has changed.
func (p *page) redraw() {
	p.fill()
	p.v.surface.Settle()
}

// Width of the labels of a page's lines.
const labelWidth float32 = 192

// line is a muted label, in as many lines as it takes, and what it is about.
func line(label string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Row(12, []float32{labelWidth, widgets.Wide}, append([]fyne.CanvasObject{
		panel.Wrapped(label, theme.Body, labelWidth, widgets.InkMuted),
	}, objects...)...)
}

// save sends a change. What the server made of it is shown before done hears of it.
func (p *page) save(in client.IntegrationInput, done func(error)) {
	id, kind, etag := p.it.ID, p.it.Kind, p.it.ETag
	var saved client.Integration
	theirs := false
	p.v.host.Work(func(ctx context.Context, api *client.API) error {
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
			p.v.put(saved)
		}
		done(err)
		if err == nil && id == "" {
			p.v.connected(saved)
			return
		}
		p.v.surface.Draw() // the list beside the page tells of it too
	})
}
