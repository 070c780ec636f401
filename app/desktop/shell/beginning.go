package shell

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/session"
	"dozvon/client"
)

// beginning is the page of a school's first administrator.
type beginning struct{ *App }

// Greet asks a server whose it is.
func (a beginning) Greet(server string, done func(client.Welcome, error)) {
	signing(a).Greet(server, done)
}

// Begin makes the first account and signs in.
func (a beginning) Begin(server string, in client.FirstAccount, done func(error)) {
	a.begun = true
	go func() {
		err := a.session.Begin(a.ctx, server, in)
		fyne.Do(func() {
			a.begun = false
			if err == nil {
				signing(a).warnExposed()
			}
			done(err)
		})
	}()
}

// HaveLogin turns to the page for those who have an account.
func (a beginning) HaveLogin() {
	a.starting = nil
	signing(a).buildSoon()
}

// Finish turns to the program.
func (a beginning) Finish() {
	a.starting, a.first = nil, nil
	if a.frame != nil {
		a.window.SetContent(a.frame)
	}
	a.refresh()
}

// follow goes on with the next step once there is an account. Whoever signed in otherwise, or signed out,
// sets no school up.
func (a beginning) follow(state session.State) {
	signedIn := state.Connection != session.SignedOut
	switch {
	case a.starting == nil:
	case signedIn && a.begun && !a.starting.HasAccount():
		a.starting.Begun(state.Me)
	case signedIn != a.starting.HasAccount(), signedIn && !a.starting.Of(state.Me):
		a.starting = nil
	}
}
