package shell

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/reload"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/tray"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// follower follows the session and its stream of events.
type follower struct{ *App }

func followerOf(a *App) follower { return follower{a} }

// ready follows who is signed in, on the stream's goroutine before its events. The screen must
// not be waited for, as it may be waiting for this goroutine to end.
func (a follower) ready(me client.Employee) {
	state := a.session.State()
	server, m := state.Server, a.model.Load()
	if state.Practice != "" && m.Me().ID != me.ID {
		a.home.Leave(whose(session.State{Server: a.modelOf, Me: m.Me()}), m)
	} else if home, ok := a.home.Back(whose(session.State{Server: server, Me: me})); ok {
		m = home
		a.model.Store(m)
		a.loader = a.newLoader(m)
	}
	if m.Me().ID != me.ID || a.modelOf != server || a.loader == nil {
		m, a.modelOf = a.newModel(me), server
		a.loader = a.newLoader(m)
		fyne.Do(func() { a.listed = false })
	} else {
		if m.Me().Role != me.Role {
			a.loader = a.newLoader(m) // what could not be read before may be read now
		}
		m.SetMe(me)
	}
	fyne.Do(func() {
		signingOf(a.App).changed(a.session.State())
	})
}

// newLoader is what reads the lists of whoever is signed in into their model and pages.
func (a follower) newLoader(m *model.Model) *reload.Loader {
	part := func(name string, read func(context.Context, *client.API) error, kinds ...string) reload.Part {
		return reload.Part{Name: name, Kinds: kinds, Read: func(ctx context.Context) error {
			api := a.session.API()
			if api == nil {
				return ui.ErrSignedOut
			}
			return read(ctx, api)
		}}
	}
	onScreen := func(do func()) func(context.Context, *client.API) error {
		return func(context.Context, *client.API) error { fyne.Do(do); return nil }
	}
	return reload.New(
		part("active calls", func(ctx context.Context, api *client.API) error { return m.ReloadCalls(ctx, api) }, "call"),
		part("pages", onScreen(func() { a.listed = true; a.pages.reload() }), "feed"),
		part("cards", onScreen(func() { a.pages.records() }), "client", "contract"),
		part("colleagues and missed calls", func(ctx context.Context, api *client.API) error { return m.ReloadLists(ctx, api) }, "presence", "missed"),
		part("tasks", func(ctx context.Context, api *client.API) error { return a.readTasks(ctx, m, api) }, "task"),
		part("health of the PBXs", func(ctx context.Context, api *client.API) error { return m.ReloadIntegrations(ctx, api) }, "integration"),
		part("settings of the school", func(ctx context.Context, api *client.API) error { return m.ReloadSchool(ctx, api) }, "school"),
		part("morning", onScreen(func() { a.dawn.Read() })),
	)
}

// handle follows one event of the stream, on the stream's goroutine.
func (a follower) handle(ctx context.Context, event client.StreamEvent) {
	if a.loader.Handle(ctx, event) {
		if hello, ok := event.Data.(*client.Hello); ok {
			fyne.Do(func() { a.connected(*hello) })
		}
		return
	}
	m := a.model.Load()
	m.Apply(event)
	switch data := event.Data.(type) {
	case *client.Integration:
		fyne.Do(func() { a.pages.integration(data) })
		return
	case *client.Command:
		fyne.Do(func() { a.commanded(*data) })
		return
	case *client.Import:
		fyne.Do(func() { filesOf(a.App).follow(*data) })
		return
	case *client.Undo:
		fyne.Do(func() { a.offerUndo(*data) })
		return
	case *client.Deleted:
		switch event.Type {
		case "integration":
			fyne.Do(func() { a.pages.integration(data) })
			return
		case "feed":
			fyne.Do(func() { a.pages.entryGone(data.ID) })
			return
		}
	}
	switch data := event.Data.(type) {
	case *client.FeedEntry:
		fyne.Do(func() { a.pages.entry(*data) })
	case *client.Client, *client.Contract, *client.Deleted:
		fyne.Do(func() { a.pages.record(data) })
	}
}

// connected reads anew what could not be read without a connection.
func (a follower) connected(hello client.Hello) {
	a.pages.recover()
	draftsOf(a.App).box().Connected()
	if a.page == "tasks" || a.page == "reports" {
		a.Go(a.page) // they read when they come to the front
	}
	livingOf(a.App).released(hello)
	a.refresh()
	if a.toDial != "" {
		number := a.toDial
		a.toDial = ""
		callsOf(a.App).link(number)
	}
}

// refresh draws the model's snapshot: cards, tray, rail.
func (a *App) refresh() {
	m := a.model.Load()
	cards, missed := cardsOf(a), m.MissedCount()
	shown := cards
	if a.cfg.DoNotDisturb {
		shown = present.Undisturbing(cards)
	}
	if a.cards != nil {
		a.calling = len(shown) > 0
		shown = fullScreenOf(a).hides(shown)
		a.cards.Update(shown, a.text, time.Now())
		a.standing = len(shown)
	}
	a.notices.Follow(cards, a.cfg, a.cards == nil, a.text)
	if a.frame != nil {
		a.frame.SetCount("missed", missed)
		a.frame.SetCount("tasks", m.TaskCount())
		a.frame.SetTrouble(present.Trouble(m, a.text, a.Now()), func() { a.Telephony("") })
		a.frame.SetState(a.state)
	}
	a.pages.people()
	a.dawn.Follow(cards)
	if a.tray != nil {
		now := trayNow(a)
		menu := tray.Menu{Missed: missed, Quiet: a.cfg.DoNotDisturb, Practising: now.Practising}
		a.tray.Show(tray.Face(cards, now), menu, "Dozvon · "+a.text.T("conn."+string(a.state.Connection)), a.text)
	}
}

// Telephony shows the settings of a PBX; empty: of any.
func (a *App) Telephony(integrationID string) {
	a.Go("settings")
	if a.pages.settings != nil {
		a.pages.settings.Open(integrationID)
	}
}
