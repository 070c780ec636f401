package shell

import (
	"log/slog"

	"dozvon/app/desktop/draftfile"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/remembered"
	"dozvon/client"
)

// remembering keeps how each person leaves the pages, in a file of theirs.
type remembering struct{ *App }

func rememberingOf(a *App) remembering { return remembering{a} }

// resume makes the pages' states of whoever has just signed in what they were, and tells which page was in front.
func (a remembering) resume() (front string) {
	a.states, a.left = newStates(), nil
	if a.state.Connection == session.SignedOut || a.state.Me.ID == "" {
		return ""
	}
	a.left = draftfile.Named(platform.StateDir(), "pages", a.state.Server+"\n"+a.state.Me.ID)
	text, err := a.left.Read()
	var pages remembered.Pages
	if text != nil {
		pages, err = remembered.Read(text, a.Now())
	}
	if err != nil {
		slog.Warn("how the pages were left is not known", "error", err)
		return ""
	}
	s := a.states
	s.feed.Resume(pages.Feed, a.Now())
	s.missed.Scroll, s.tasks.Scroll, s.colleagues.Scroll = pages.Missed, pages.Tasks, pages.Colleagues
	s.clients.Resume(pages.Clients, client.KindClient)
	s.contracts.Resume(pages.Contracts, client.KindContract)
	s.reports.Resume(pages.Reports)
	s.settings.Tab = pages.Settings
	return pages.Front
}

// now is how the pages stand; nil: nobody is signed in.
func (a remembering) now() []byte {
	if a.left == nil || a.frame == nil {
		return nil
	}
	s := a.states
	text, err := remembered.Pages{
		Front: a.page, Feed: s.feed.Kept(a.Now()), Missed: s.missed.Scroll, Tasks: s.tasks.Scroll, Colleagues: s.colleagues.Scroll,
		Clients: s.clients.Kept(), Contracts: s.contracts.Kept(), Reports: s.reports.Kept(), Settings: s.settings.Tab,
	}.Write(a.Now())
	if err != nil {
		slog.Warn("how the pages are left is not kept", "error", err)
		return nil
	}
	return text
}

// follow keeps what has changed since the last time.
func (a remembering) follow() {
	if text := a.now(); text != nil {
		a.left.Follow(text)
	}
}

// write keeps it before the program ends, or another person signs in.
func (a remembering) write() {
	if text := a.now(); text != nil {
		a.left.Keep(text)
	}
}
