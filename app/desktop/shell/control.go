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

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
)

// signInLimit bounds a sign-in over the control socket.
const signInLimit = 15 * time.Second

// onScreen runs do on Fyne's goroutine and waits for it.
func onScreen(do func() (string, error)) (answer string, err error) {
	fyne.DoAndWait(func() { answer, err = do() })
	return answer, err
}

// commands answers the control socket, for scripts and the tour.
type commands struct{ *App }

// answer is the answer to one command, on a goroutine of its own.
func (a commands) answer(args []string) (string, error) {
	arg := func(n int) string {
		if n < len(args) {
			return args[n]
		}
		return ""
	}
	switch args[0] {
	case "status":
		return onScreen(a.statusJSON)
	case "quit":
		fyne.Do(a.Quit)
		return "", nil
	case "start":
		return onScreen(func() (string, error) {
			a.Show()
			if arg(1) != "" {
				callsOf(a.App).ask(arg(1))
			}
			return "", nil
		})
	case "dial":
		return "", a.dialAndWait(arg(1))
	case "sign-in":
		return "", a.signIn(arg(1), arg(2), arg(3))
	case "restore":
		return "", a.session.Restore(a.ctx)
	case "do":
		return a.do(arg(1), args[min(2, len(args)):])
	}
	return "", fmt.Errorf("the running dozvon does not know %q; it may be an older version", args[0])
}

// dialAndWait tells a script whether the PBX took the call.
func (a commands) dialAndWait(number string) error {
	done := make(chan string, 1)
	fyne.Do(func() { callsOf(a.App).dial(number, nil, func(err error) { done <- ui.Explain(err, a.text) }) })
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
	words, _ := onScreen(func() (string, error) {
		return ui.Explain(err, a.text), nil
	})
	return errors.New(words)
}

// do carries out an action of a tour or a test, by the code a person's click runs.
func (a commands) do(action string, args []string) (string, error) {
	arg := func(n int) string {
		if n < len(args) {
			return args[n]
		}
		return ""
	}
	return onScreen(func() (string, error) {
		switch action {
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
				return "", fmt.Errorf("there is no page %q", arg(0))
			}
		case "theme", "language":
			return "", a.choose(action, arg(0))
		case "open-card":
			for _, card := range present.Cards(a.Model(), a.text, a.Now()) {
				if cardName(card) == arg(0) {
					intents{a.App}.Open(card)
					return "", nil
				}
			}
			return "", fmt.Errorf("no card of call %q is shown", arg(0))
		case "new-lead":
			call, ok := a.Model().Call(arg(0))
			if !ok {
				return "", fmt.Errorf("call %q is not known here", arg(0))
			}
			a.Show()
			a.NewLead(call.Phone)
			a.pages.saveLead(strings.Join(args[1:], " "))
		case "play", "expand":
			part, _ := strconv.Atoi(arg(1)) // none is the first that can be heard
			return "", a.playOrExpand(action, arg(0), part)
		case "check":
			return "", a.pages.check(arg(0))
		case "open":
			a.Show()
			return "", a.openRef(arg(0), arg(1))
		case "take", "undo", "import", "import-run":
			return "", a.school(action, args)
		default:
			return "", fmt.Errorf("there is no action %q", action)
		}
		return "", nil
	})
}

func (a commands) choose(key, value string) error {
	cfg := a.cfg
	allowed := map[string][]string{"theme": {"light", "dark", "auto"}, "language": {"ru", "en", "auto"}}[key]
	if !slices.Contains(allowed, value) {
		return fmt.Errorf("%s is %q; allowed: %s", key, value, strings.Join(allowed, ", "))
	}
	if key == "theme" {
		cfg.Theme = value
	} else {
		cfg.Language = value
	}
	a.SetConfig(cfg)
	return nil
}
