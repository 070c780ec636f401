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

// aside is how the pages stood in the real school when a practice began.
type aside struct {
	states states
	front  string
}

func whose(s session.State) string { return s.Server + "\n" + s.Me.ID }

// resume makes the pages' states of whoever has just signed in what they were, and tells which page was in front.
// Of a practice nothing is kept. before is who was signed in.
func (a remembering) resume(before session.State) (front string) {
	left := aside{a.states, a.page}
	a.states, a.left = newStates(), nil
	if a.state.Practice != "" {
		a.aside.Leave(whose(before), left)
		return ""
	}
	back, found := a.aside.Back(whose(a.state))
	if a.state.Connection == session.SignedOut || a.state.Me.ID == "" {
		return ""
	}
	a.left = draftfile.Named(platform.StateDir(), "pages", whose(a.state))
	if found {
		a.states = back.states
		return back.front
	}
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
