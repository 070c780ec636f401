package shell

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/board"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/dialler"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/firststart"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/queue"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/reports"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// pages are the windows' contents of whoever is signed in; all nil when nobody is.
type pages struct {
	feed               *feed.View
	missed             *queue.View
	tasks              *tasks.View
	clients, contracts *register.View
	colleagues         *colleagues.View
	card               *card.Panel
	player             *player.Player
	settings           *settings.View
	reports            *reports.View // nil for those who may not see them
}

// build makes the main window's content anew: after sign-in, sign-out, or a change of
// language.
func (a *App) build() {
	if a.window == nil {
		return
	}
	unfocus(a.window.Canvas())
	a.pages.close()
	a.outside.Close()
	a.pages, a.frame, a.signin, a.first = pages{}, nil, nil, nil
	if a.starting != nil {
		a.first = firststart.New(beginning{a}, a.starting)
	}
	if a.state.Connection == session.SignedOut {
		signing{a}.show()
		return
	}
	api, p, s := a.session.API, &a.pages, a.states
	p.player = player.New(a, platform.DownloadDir())
	p.player.Kept, p.player.Where = s.player, func() { a.Telephony("") }
	s.player.Follow(a)
	p.feed, p.missed, p.tasks = feed.New(a, api, p.player, s.feed), queue.New(a, s.missed), tasks.New(a, s.tasks)
	p.clients = register.New(a, client.KindClient, s.clients, func(id string) { a.OpenSubject(client.KindClient, id) })
	p.contracts = register.New(a, client.KindContract, s.contracts, func(id string) { a.OpenSubject(client.KindContract, id) })
	p.colleagues = colleagues.New(a, s.colleagues)
	p.settings = settings.New(settingsHost{a, livingOf(a)}, s.settings)
	p.card = card.New(a, s.card, func() {
		a.selected.Kind, a.selected.ID = "", ""
		p.clients.Select("")
		p.contracts.Select("")
		a.frame.SetSide(nil)
	})
	course := func(entry client.FeedEntry) { p.feed.Course(a.window.Canvas(), entry) }
	p.card.Course, p.missed.Course, p.colleagues.Course = course, course, course
	a.frame = mainwin.New(a.text, a.rail(), func() { a.openDialler("") })
	a.frame.HoverLayer().After = a.After
	a.frame.Menu, a.frame.EndPractice = guideOf(a).menu, func() { practiceOf(a).End() }
	a.frame.SetState(a.state)
	a.frame.OnPerson = a.dawn.Again
	if a.untold != "" {
		a.frame.Tell(a.untold)
		a.untold = ""
	}
	if a.first != nil {
		a.window.SetContent(a.first)
	} else {
		a.window.SetContent(a.frame)
	}
	if a.listed {
		p.feed.Resume()
	}
	a.refresh()
}

// rail lists the pages in the order of the rail.
func (a *App) rail() []mainwin.Page {
	p := &a.pages
	newClient := widgets.NewButton(a.text.T("act.new_lead"), widgets.Plain, func() { a.NewLead("") })
	newTask := widgets.NewButton(a.text.T("act.new_task"), widgets.Plain, func() { a.Task(model.TaskAbout{}) })
	clientActs, contractActs := files{a}.acts(client.KindClient, p.clients, newClient), files{a}.acts(client.KindContract, p.contracts)
	page := func(name string, shown func()) func() {
		return func() {
			a.page = name
			if shown != nil {
				shown()
			}
		}
	}
	all := []mainwin.Page{
		{Name: "feed", Object: p.feed, Shown: page("feed", nil), Card: true, Action: files{a}.saveFeed()},
		{Name: "missed", Object: p.missed, Shown: page("missed", p.missed.Sync)},
		{Name: "tasks", Object: p.tasks, Shown: page("tasks", p.tasks.Shown), Action: newTask},
		{Name: "clients", Object: p.clients, Shown: page("clients", p.clients.Shown), Action: clientActs, Card: true},
		{Name: "contracts", Object: p.contracts, Shown: page("contracts", p.contracts.Shown), Action: contractActs, Card: true},
		{Name: "colleagues", Object: p.colleagues, Shown: page("colleagues", p.colleagues.Shown), Filled: true},
	}
	if model.MayReport(a.state.Me.Role) {
		p.reports = reports.New(a, feedOf{a}, a.states.reports)
		all = append(all, mainwin.Page{Name: "reports", Object: p.reports, Shown: page("reports", p.reports.Shown), Action: files{a}.saveReports()})
	}
	all = append(all, mainwin.Page{Name: "settings", Object: p.settings, Shown: page("settings", p.settings.Shown), Filled: true})
	return all
}

// unfocus takes the keyboard from a field that goes: what is typed would be lost in it. A sheet over the
// window keeps it.
func unfocus(over fyne.Canvas) {
	if over.Overlays().Top() == nil {
		over.Unfocus()
	}
}

// feedOf opens the feed with a filter, for a bar of the reports.
type feedOf struct{ a *App }

func (f feedOf) Open(q client.FeedQuery) {
	f.a.pages.feed.OpenQuery(q)
	f.a.Go("feed")
}

// signIn signs in without a window, for the command line.
func (a commands) signIn(server, login, password string) error {
	ctx, cancel := context.WithTimeout(a.ctx, signInLimit)
	defer cancel()
	if err := a.session.SignIn(ctx, server, login, password); err != nil {
		return a.explain(err)
	}
	fyne.Do(func() {
		if !a.trayless {
			a.Hide()
		}
		signingOf(a.App).warnExposed()
	})
	return nil
}

// Go brings a page to the front.
func (a *App) Go(name string) bool { return a.frame != nil && a.frame.Go(name) }

// OpenSubject shows the register with the row highlighted and the card beside it.
func (a *App) OpenSubject(kind client.SubjectKind, id string) {
	if a.frame == nil {
		return
	}
	page, list, other := "clients", a.pages.clients, a.pages.contracts
	if kind == client.KindContract {
		page, list, other = "contracts", a.pages.contracts, a.pages.clients
	}
	a.selected.Kind, a.selected.ID = string(kind), id
	a.Go(page)
	other.Select("")
	list.Select(id)
	a.frame.SetSide(a.pages.card)
	a.pages.card.Open(kind, id)
}

// OpenFeed shows the whole feed of a contract or client, its card beside it.
func (a *App) OpenFeed(ref client.SubjectRef, name string) {
	if a.frame != nil {
		a.pages.feed.OpenSubject(ref, name)
		a.Go("feed")
	}
}

// NewLead opens the form of a new lead.
func (a *App) NewLead(number string) {
	if a.frame == nil {
		return
	}
	a.Go("clients")
	a.pages.clients.Select("")
	a.selected.Kind, a.selected.ID = "", ""
	a.frame.SetSide(a.pages.card)
	a.pages.card.NewLead(number)
	// The form does not find its window by itself before it was drawn there for the first time.
	a.window.Canvas().Focus(a.pages.card.First())
}

func (a *App) openDialler(number string) {
	if a.frame != nil {
		dialler.Open(a, a.window.Canvas(), number)
	}
}

func (a commands) openRef(kind, id string) error {
	if kind != string(client.KindContract) && kind != string(client.KindClient) {
		return fmt.Errorf("%q is neither contract nor client", kind)
	}
	a.OpenSubject(client.SubjectKind(kind), id)
	return nil
}

func (a commands) playOrExpand(action, callID string, part int) error {
	a.Show()
	if !a.Go("feed") {
		return ui.ErrSignedOut
	}
	entry, ok := a.pages.feed.Expand(callID)
	if !ok {
		return fmt.Errorf("call %q is not in the loaded part of the feed", callID)
	}
	if part > 0 {
		a.pages.player.Choose(part - 1)
	}
	if action == "play" {
		a.pages.player.Play(entry)
	}
	return nil
}

// registerKeys makes the main window hear its keys.
func (a *App) registerKeys() {
	a.keyboard = board.Hear(a.window.Canvas(), board.Program{
		Text: func() *i18n.Text { return a.text }, Frame: func() *mainwin.Frame { return a.frame },
		Player: func() *player.Player { return a.pages.player },
		Dial:   func() { a.openDialler("") }, NewClient: func() { a.NewLead("") },
		Transfer: func() bool { return a.cards != nil && a.cards.Transfer() },
		Hotkey:   livingOf(a).hotkey, Help: guideOf(a).open,
	})
}

// entry follows a new or changed feed entry on every page.
func (p *pages) entry(entry client.FeedEntry) {
	if p.feed == nil {
		return
	}
	p.feed.Apply(entry)
	if entry.Subject != nil {
		p.card.Follow(entry.Subject.Kind, entry.Subject.ID)
	}
}

// entryGone follows an entry that was taken out of the feed.
func (p *pages) entryGone(id string) {
	if p.feed != nil {
		p.feed.Drop(id)
	}
}

// record follows a changed, new or deleted contract or client.
func (p *pages) record(data any) {
	if p.card == nil {
		return
	}
	switch record := data.(type) {
	case *client.Client:
		p.clients.Follow()
		p.card.Follow(client.KindClient, record.ID)
	case *client.Contract:
		p.contracts.Follow()
		p.card.Follow(client.KindContract, record.ID)
		p.card.FollowContract(record.ID, record.ClientID)
	case *client.Deleted:
		p.clients.Follow()
		p.contracts.Follow()
		if _, id := p.card.Opened(); id == record.ID {
			p.card.Gone(*record)
		}
		p.card.FollowContract(record.ID, "")
	}
}

// integration follows a changed, new or deleted integration.
func (p *pages) integration(data any) {
	if p.settings != nil {
		p.settings.Apply(data)
	}
}

// reload reads the feed anew.
func (p *pages) reload() {
	if p.feed != nil {
		p.feed.Reload()
	}
}

// records reads the registers anew, where they were read before, and the open card.
func (p *pages) records() {
	if p.feed == nil {
		return
	}
	p.clients.Follow()
	p.contracts.Follow()
	p.card.Follow(p.card.Opened())
}

// recover reads again what could not be read while the server was away.
func (p *pages) recover() {
	if p.feed == nil {
		return
	}
	p.feed.Recover()
	p.clients.Recover()
	p.contracts.Recover()
	p.card.Recover()
}

// close ends what goes on by itself: sound, and requests that wait for the person to stop typing.
func (p *pages) close() {
	if p.feed == nil {
		return
	}
	p.player.Stop()
	p.card.Leave()
	p.feed.Close()
	p.clients.Close()
	p.contracts.Close()
}

func (p *pages) people() {
	if p.colleagues != nil {
		p.colleagues.Sync()
		p.missed.Sync()
		p.tasks.Sync()
		p.settings.Sync()
	}
}

func (p *pages) saveLead(name string) {
	if p.card != nil && name != "" {
		p.card.SaveAs(name)
	}
}

// found is what the page of settings shows of its checks.
func (p *pages) found() (checks, stages []client.Check) {
	if p.settings == nil {
		return nil, nil
	}
	return p.settings.Found()
}

// check runs the settings' check or its connectivity test, or turns to what they found.
func (p *pages) check(what string) error {
	if p.settings != nil {
		switch what {
		case "run":
			return found(p.settings.Check())
		case "bell":
			return found(p.settings.TestConnectivity())
		case "show":
			return found(p.settings.ShowChecks())
		}
	}
	return fmt.Errorf("there is no check %q", what)
}

func found(shown bool) error {
	if !shown {
		return errors.New("no integration is shown")
	}
	return nil
}
