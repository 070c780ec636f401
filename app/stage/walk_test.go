//go:build linux

package stage

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"dozvon/app/server/demo"
)

// wholeWalk waits for the minute that an outage takes, too.
var wholeWalk = flag.Bool("walk", false, "the walk waits for the minute that an outage takes")

// TestWalk goes through what the program promises as somebody does who has never used it, with the mouse and the keyboard
// of a real desktop, and tells what each moment takes: make walk.
func TestWalk(t *testing.T) {
	ctx, c := begin(t, Config{Morning: true, NoNotifications: true})
	w := &walk{Tour: &Tour{School: c}}
	must(t, w.signIn(ctx))
	must(t, w.SignIn(ctx, demo.Login))
	var err error
	w.editor, err = c.OpenEditor(ctx)
	must(t, err)
	table := &bytes.Buffer{}
	columns := tabwriter.NewWriter(table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "moment\tway\tclicks\tkeys\tseconds")
	for n, m := range moments {
		if m.slow && !*wholeWalk {
			continue // TestOutage_… have its own
		}
		w.begin()
		if err := m.run(ctx, w); err != nil {
			w.shot(context.WithoutCancel(ctx), fmt.Sprintf("failed-walk-%d", n+1))
			t.Fatalf("%s: %v", m.name, err)
		}
		fmt.Fprintf(columns, "%s\t%s\t%d\t%d\t%.1f\n", m.name, m.way, w.took.clicks, w.took.keys, w.ended.Sub(w.began).Seconds())
		must(t, w.shot(ctx, fmt.Sprintf("walk-%02d", n+1)))
	}
	must(t, columns.Flush())
	t.Logf("\n%s", table)
}

// walk counts what is pressed, a letter as a key. Its seconds are the program's and of the keys as they are typed, from
// the first of them, or from what happened, until it is on the screen or done; people are slower.
type walk struct {
	*Tour

	clicks, keys int
	took         pressed // until it was done
	began, ended time.Time
	talk         string // the call that goes on
	lead         string // the caller whom nobody knew
}

// pressed is what a moment asks for.
type pressed struct{ clicks, keys int }

// moment is one step of the walk.
type moment struct {
	name, way string
	slow      bool
	run       func(ctx context.Context, w *walk) error
}

// begin counts from here on: what was done before is no part of the moment.
func (w *walk) begin() { w.clicks, w.keys, w.began, w.ended = 0, 0, time.Now(), time.Now() }

// done says that it is on the screen, or that what was asked for is done; what follows is no part of the moment.
func (w *walk) done() { w.ended, w.took = time.Now(), pressed{w.clicks, w.keys} }

// tap clicks something on a card of a state.
func (w *walk) tap(ctx context.Context, state, name string) error {
	w.clicks++
	return w.pressOn(ctx, state, name)
}

// clicked clicks a place of the screen.
func (w *walk) clicked(ctx context.Context, x, y int) error {
	w.clicks++
	return w.Click(ctx, x, y)
}

// key presses keys one after another, each with what is held.
func (w *walk) key(ctx context.Context, keys ...string) error {
	w.keys += len(keys)
	_, err := w.Output(ctx, "xdotool", append([]string{"key", "--delay", "40"}, keys...)...)
	return err
}

func (w *walk) writes(ctx context.Context, words string) error {
	w.keys += len(words)
	return w.Type(ctx, words, 25)
}

// tabMost is how often Tab is pressed before something counts as unreachable.
const tabMost = 60

// tabTo presses Tab until what has the keyboard says one of these words.
func (w *walk) tabTo(ctx context.Context, words ...string) error {
	var seen []string
	for range tabMost {
		if err := w.key(ctx, "Tab"); err != nil {
			return err
		}
		s, err := w.Status(ctx)
		if err != nil {
			return err
		}
		for _, one := range words {
			if strings.HasPrefix(s.Focus, one) {
				return nil
			}
		}
		seen = append(seen, s.Focus)
	}
	return fmt.Errorf("the key Tab leads to none of %q, but to %q", words, seen)
}

// rings makes a call from outside and waits for its card.
func (w *walk) rings(ctx context.Context, from, scenario string, more ...string) (CardStatus, error) {
	var card CardStatus
	if err := w.Call(ctx, from, scenario, more...); err != nil {
		return card, err
	}
	return card, w.UntilStatus(ctx, "the ringing card", func(s Status) bool {
		for _, c := range s.Cards {
			if c.State == "ringing" {
				card = c
				return true
			}
		}
		return false
	})
}

// inMain tells whether the main window has the keyboard.
func inMain(s Status) bool { return len(s.Windows) > 0 && s.Windows[0].Focused }

// Places of keys, as X servers on Linux number them: for what another layout has elsewhere.
const (
	placeSlash = "61"
	placeK     = "45"
	placeF     = "41"
)

func placeOfDigit(n int) string { return strconv.Itoa(9 + n) }

// clear ends all calls and puts their cards away by keyboard, for the next moment: what is clicked might just be gone.
func (w *walk) clear(ctx context.Context) error {
	if err := w.hangUpAll(ctx); err != nil {
		return err
	}
	return w.UntilStatus(ctx, "the cards to go", func(s Status) bool {
		for _, card := range s.Cards {
			if card.State == "ended" || card.State == "missed" {
				_, _ = w.Output(ctx, w.bin("dozvon"), "card")
				_, _ = w.Output(ctx, "xdotool", "sleep", "0.3", "key", "Escape")
				return false
			}
		}
		return len(s.Cards) == 0
	})
}

// helpShown tells whether the window of the help is there.
func (w *walk) helpShown(ctx context.Context) bool {
	out, err := w.Output(ctx, "xdotool", "search", "--onlyvisible", "--name", "^Справка Дозвона$")
	return err == nil && strings.TrimSpace(out) != ""
}

// startDay starts the app as its icon does.
func (w *walk) startDay(ctx context.Context) error {
	p, err := w.launch("app", exec.Command(w.bin("dozvon")))
	if err != nil {
		return err
	}
	w.app = p
	return w.untilConnection(ctx, "live")
}
