package shell

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/cardstatus"
	"dozvon/app/desktop/config"
	"dozvon/app/desktop/control"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
)

// signInLimit bounds a sign-in over the control channel.
const signInLimit = 15 * time.Second

// commands answers the control channel, for a second start, scripts and the tour.
type commands struct{ *App }

// onScreen runs do on Fyne's goroutine, which may be napping, and waits for it.
func (a commands) onScreen(do func() error) (err error) {
	done := make(chan struct{})
	fyne.Do(func() {
		defer close(done)
		err = do()
	})
	a.rest.Rouse()
	<-done
	return err
}

var _ control.Commands = commands{}

// Status tells what the program shows now.
func (a commands) Status(context.Context) (control.Status, error) {
	var status control.Status
	err := a.onScreen(func() error { status = a.status(); return nil })
	return status, err
}

// Start brings the main window to the front, or goes to the call cards, and asks about the number of a link, or
// that on the clipboard.
func (a commands) Start(_ context.Context, start control.Start) error {
	return a.onScreen(func() error {
		switch {
		case start.Call != "":
			callsOf(a.App).link(start.Call)
		case start.Clipboard:
			callsOf(a.App).clipboard()
		case start.Cards:
			livingOf(a.App).toCards()
		case !start.Background:
			a.Show()
		}
		return nil
	})
}

// SignIn goes on as somebody.
func (a commands) SignIn(_ context.Context, in control.SignIn) error {
	return a.signIn(in.Server, in.Login, in.Password)
}

// Restore signs in with what another process has put into the keyring.
func (a commands) Restore(context.Context) error { return a.session.Restore(a.ctx) }

// Quit ends the program.
func (a commands) Quit(context.Context) error {
	fyne.Do(a.App.Quit)
	a.rest.Rouse()
	return nil
}

// Dial tells a script whether the PBX took the call.
func (a commands) Dial(_ context.Context, to control.Dial) error {
	done := make(chan string, 1)
	fyne.Do(func() {
		if practiceOf(a.App).Refuses() {
			done <- a.text.T("practice.no_links")
			return
		}
		callsOf(a.App).dial(to.Number, nil, func(err error) { done <- ui.Explain(err, a.text) })
	})
	select {
	case refusal := <-done:
		if refusal != "" {
			return errors.New(refusal)
		}
		return nil
	case <-time.After(signInLimit):
		return a.explain(context.DeadlineExceeded)
	}
}

// explain puts an error in the words of the language in use, from any goroutine.
func (a commands) explain(err error) error {
	return a.onScreen(func() error { return errors.New(ui.Explain(err, a.text)) })
}

// Do carries out an action of a tour or a test, by the code a person's click runs.
func (a commands) Do(_ context.Context, do control.Action) error {
	args := do.Args
	arg := func(n int) string {
		if n < len(args) {
			return args[n]
		}
		return ""
	}
	return a.onScreen(func() error {
		switch do.Name {
		case "show":
			a.Show()
		case "hide":
			a.Hide()
		case "dialler":
			a.Show()
			a.openDialler(arg(0))
		case "page":
			a.Show()
			if !a.Go(arg(0)) {
				return fmt.Errorf("there is no page %q", arg(0))
			}
		case "theme", "language", "full-screen", "other-talk":
			return a.choose(do.Name, arg(0))
		case "open-card":
			for _, card := range present.Cards(a.Model(), a.text, a.Now()) {
				if cardstatus.Name(card) == arg(0) {
					intents{a.App}.Open(card)
					return nil
				}
			}
			return fmt.Errorf("no card of call %q is shown", arg(0))
		case "new-lead":
			call, ok := a.Model().Call(arg(0))
			if !ok {
				return fmt.Errorf("call %q is not known here", arg(0))
			}
			a.Show()
			a.NewLead(call.Phone)
			a.pages.saveLead(strings.Join(args[1:], " "))
		case "play", "expand":
			part, _ := strconv.Atoi(arg(1)) // none is the first that can be heard
			return a.playOrExpand(do.Name, arg(0), part)
		case "check":
			return a.pages.check(arg(0))
		case "open":
			a.Show()
			return a.openRef(arg(0), arg(1))
		case "practice":
			return practiceOf(a.App).Order(arg(0))
		case "help":
			guideOf(a.App).open()
		case "take", "undo", "import", "import-run":
			return a.school(do.Name, args)
		default:
			return fmt.Errorf("there is no action %q", do.Name)
		}
		return nil
	})
}

func (a commands) choose(key, value string) error {
	cfg := a.cfg
	field, name := &cfg.Language, config.Language
	switch key {
	case "theme":
		field, name = &cfg.Theme, config.Theme
	case "full-screen":
		field, name = &cfg.FullScreen, config.FullScreen
	case "other-talk":
		field, name = &cfg.OtherTalk, config.OtherTalk
	}
	if allowed := config.Allowed[name]; !slices.Contains(allowed, value) {
		return fmt.Errorf("%s is %q; allowed: %s", key, value, strings.Join(allowed, ", "))
	}
	*field = value
	a.SetConfig(cfg)
	return nil
}
