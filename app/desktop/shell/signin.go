package shell

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/firststart"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/signin"
	"dozvon/client"
)

// SignIn signs in without the program running; the token must reach the keyring, as
// nothing else would keep it.
func SignIn(ctx context.Context, text *i18n.Text, server, login, password string) error {
	s := session.New(statePath(), nil)
	s.SetLanguage(string(text.Lang()))
	err := s.SignIn(ctx, server, login, password)
	switch {
	case err != nil:
		return errors.New(ui.Explain(err, text))
	case !s.State().InKeyring:
		return fmt.Errorf("signed in, but the system's keyring keeps nothing; start dozvon first and sign in again")
	}
	return nil
}

// signing follows who is signed in.
type signing struct{ *App }

func signingOf(a *App) signing { return signing{a} }

// restore goes on as whoever was signed in last.
func (a signing) restore() {
	follow := followerOf(a.App)
	a.session.Run(a.ctx, follow.ready, follow.handle)
	if err := a.session.Restore(a.ctx); err != nil {
		slog.Warn("last sign-in not restored", "error", err)
	}
	fyne.Do(func() {
		if a.session.API() == nil {
			a.state = a.session.State()
			if a.state.Server == "" {
				a.state.Server = config.Server(platform.ConfigDir())
			}
			a.build()
			a.Show() // also at log-on: else nobody would be told of calls, and nobody would know
		} else if !a.opts.Background {
			a.Show()
		}
	})
}

// changed follows sign-in, sign-out and the connection.
func (a signing) changed(state session.State) {
	before := a.state
	a.state = state
	signedIn := state.Connection != session.SignedOut
	beginning(a).follow(state)
	a.outage.Follow(state)
	switch {
	case signedIn != (before.Connection != session.SignedOut), state.Me.ID != before.Me.ID, state.Server != before.Server:
		draftsOf(a.App).write()
		rememberingOf(a.App).write()
		front := rememberingOf(a.App).resume(before)
		a.dawn.Gone(front)
		mainwin.Uncover(a.window.Canvas()) // what was begun there would be done here
		a.build()
		a.Go(front)
		a.dawn.Rebuilt(false)
	case state.Me.Role != before.Me.Role:
		a.states.forget() // what the person may see and do is another now
		a.rebuild()
	}
	if !signedIn {
		if state.Ended != nil && a.signin != nil {
			a.signin.Tell(signin.EndedWords(state.Ended, a.text))
		}
		a.Show()
	}
	if a.frame != nil {
		a.frame.SetState(a.state)
	}
	draftsOf(a.App).restore()
	a.refresh()
}

func (a signing) signedIn(err error) {
	switch {
	case err == nil: // the session tells of itself
		a.warnExposed()
	case a.signin != nil:
		a.signin.Fail(err)
	}
}

// show puts up the page for whoever is not signed in.
func (a signing) show() {
	if a.first != nil {
		a.window.SetContent(a.first)
		a.window.Canvas().Focus(a.first.First())
		return
	}
	a.signin = signin.New(a, a.state.Server, a.state.Login)
	a.window.SetContent(a.signin)
	a.window.Canvas().Focus(a.signin.First())
}

// SignIn is signin.Host's.
func (a signing) SignIn(server, login, password string) {
	go func() {
		err := a.session.SignIn(a.ctx, server, login, password)
		fyne.Do(func() { a.signedIn(err) })
	}()
}

// greetLimit is how long a server may take to say whose it is.
const greetLimit = 10 * time.Second

// Greet asks a server whose it is.
func (a signing) Greet(server string, done func(client.Welcome, error)) {
	go func() {
		ctx, cancel := context.WithTimeout(a.ctx, greetLimit)
		defer cancel()
		w, err := a.session.Greet(ctx, server)
		fyne.Do(func() { done(w, err) })
	}()
}

// buildSoon builds once the key that was pressed is dealt with: the character of a space would be typed
// into the field that has the keyboard then.
func (a signing) buildSoon() { go fyne.Do(a.build) }

// SetUp turns to the page of a school's first administrator.
func (a signing) SetUp(server string) {
	a.starting = firststart.NewState(server)
	a.buildSoon()
}

// warnExposed tells once after a sign-in that others can listen in.
func (a signing) warnExposed() {
	if session.Exposed(a.session.State().Server) {
		a.Tell(a.text.T("sign.exposed"))
	}
}
