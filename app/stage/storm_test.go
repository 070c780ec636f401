//go:build linux

package stage

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"

	"dozvon/app/server/demo"
)

// Set before any connection, whose goroutines read it: it complains of a missing ~/.Xauthority.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// stormCalls is how many ring at once.
const stormCalls = 30

// storm lets that many of the school's contracts call extension 101 at once; nobody answers.
func storm(ctx context.Context, t *testing.T, c *School) []string {
	t.Helper()
	must(t, c.Phone(ctx, "101", "--no-answer"))
	var numbers []string
	for n := range stormCalls {
		numbers = append(numbers, fmt.Sprintf("+7916000%04d", 1020+n))
		must(t, c.Call(ctx, numbers[n], "missed", "--to", "101", "--ring", "30s"))
	}
	return numbers
}

// stands checks what holds for the cards of any status: they stand above each other from the corner up,
// within the lower two thirds of the work area.
func stands(t *testing.T, c *School, s Status) {
	t.Helper()
	area, bottom := c.workArea(), 0
	for n, card := range s.Cards {
		if n == 0 {
			if err := c.inCorner(card.Rect); err != nil {
				t.Error(err)
			}
		} else if gap := bottom - card.Y - card.Height; abs(gap-12*c.times()) > 1 {
			t.Errorf("%d pixels are between the cards %d and %d", gap, n-1, n)
		}
		if bottom = card.Y; card.Y < area.Height/3 {
			t.Errorf("the card %q begins at %d, in the upper third of the screen", card.Heading, card.Y)
		}
	}
}

// windowUnder is the window at a point of the screen.
func windowUnder(ctx context.Context, t *testing.T, c *School, x, y int) string {
	t.Helper()
	out, err := c.Output(ctx, "xdotool", "mousemove", fmt.Sprint(x), fmt.Sprint(y), "getmouselocation", "--shell")
	must(t, err)
	_, id, _ := strings.Cut(out, "WINDOW=")
	return strings.TrimSpace(id)
}

// TestApp_staysCalmInAStorm lets thirty callers ring at once, and go unanswered: the cards stay in one
// window at the corner, take no key, and fold; what is folded can be shown, called back, settled and closed.
func TestApp_staysCalmInAStorm(t *testing.T) {
	ctx, c := begin(t, quiet)
	editor, err := c.OpenEditor(ctx)
	must(t, err)
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.StartApp(ctx))
	must(t, editor.Focus(ctx))

	const typed = "thirty callers ring and every key of this sentence is for the editor"
	keys := make(chan error, 1)
	go func() { keys <- c.Type(ctx, typed, 60) }()
	numbers := storm(ctx, t, c)
	must(t, <-keys)
	must(t, Until(ctx, "every key in the editor", func() bool {
		got, _ := os.ReadFile(editor.File)
		return bytes.HasSuffix(got, []byte(typed))
	}))
	ringing := atTheHeight(ctx, t, c)
	if first := callOf(ctx, t, c, ringing.Cards[0].CallID); first != numbers[0] {
		t.Errorf("nearest to the corner is the call of %s, want that of %s, who waits longest", first, numbers[0])
	}
	oneWindow(ctx, t, c, ringing)

	var s Status
	must(t, c.UntilStatus(ctx, "all of them to be missed, in one card", func(now Status) bool {
		s = now
		return len(s.Cards) == 1 && s.Cards[0].Form == "fold" && len(s.Cards[0].Calls) == stormCalls
	}))
	stands(t, c, s)
	if want := fmt.Sprint("Пропущено ", stormCalls); s.Cards[0].Heading != want {
		t.Errorf("the fold says %q, want %q", s.Cards[0].Heading, want)
	}
	shots(ctx, t, c, "storm-2-fold")
	whatIsFolded(ctx, t, c, numbers)
	followsThePointer(ctx, t, c)
	if !c.AppRuns() {
		t.Error("the app ended")
	}
}

// atTheHeight waits until all of them ring.
func atTheHeight(ctx context.Context, t *testing.T, c *School) Status {
	t.Helper()
	var s Status
	must(t, c.UntilStatus(ctx, "all of them to ring", func(now Status) bool {
		s = now
		n := 0
		for _, card := range s.Cards {
			switch {
			case card.State == "ringing" && card.Form == "":
				n++
			case card.Form == "line":
				n += len(card.Calls)
			}
		}
		return n == stormCalls
	}))
	stands(t, c, s)
	shots(ctx, t, c, "storm-1-rings")
	return s
}

// callOf is the number of a call.
func callOf(ctx context.Context, t *testing.T, c *School, id string) string {
	t.Helper()
	tour := &Tour{School: c}
	must(t, tour.signIn(ctx))
	call, err := tour.api.Call(ctx, id)
	must(t, err)
	return call.Phone
}

// oneWindow checks that all cards are one window, in no task bar, and that a click between them goes to
// what is below.
func oneWindow(ctx context.Context, t *testing.T, c *School, s Status) {
	t.Helper()
	out, err := c.Output(ctx, "xdotool", "search", "--name", "^Dozvon call$")
	must(t, err)
	ids := strings.Fields(out)
	if len(ids) != 1 {
		t.Fatalf("the cards are windows %q, want one", ids)
	}
	list, err := c.Output(ctx, "xprop", "-root", "_NET_CLIENT_LIST")
	must(t, err)
	var number int
	if _, err := fmt.Sscan(ids[0], &number); err != nil || strings.Contains(list, fmt.Sprintf("%#x", number)) {
		t.Errorf("the window manager lists the cards: %s (%v)", list, err)
	}
	for n, card := range s.Cards {
		if got := windowUnder(ctx, t, c, card.X+card.Width/2, card.Y+card.Height/2); got != ids[0] {
			t.Errorf("on card %d lies window %s, not the cards' %s", n, got, ids[0])
		}
		above := []int{card.Y - 6}
		if n == len(s.Cards)-1 {
			above = append(above, card.Y-40)
		}
		for _, y := range above {
			if got := windowUnder(ctx, t, c, card.X+card.Width/2, y); got == ids[0] {
				t.Errorf("above card %d, at %d, the cards' window takes the clicks", n, y)
			}
		}
		if got := windowUnder(ctx, t, c, card.X+1, card.Y+1); got == ids[0] {
			t.Errorf("the corner of card %d takes the clicks", n)
		}
	}
	must(t, c.Move(ctx, 800, 20))
}

// shots keeps pictures in both languages and themes.
func shots(ctx context.Context, t *testing.T, c *School, name string) {
	t.Helper()
	for _, look := range []struct{ language, theme string }{{"en", "dark"}, {"ru", "light"}} {
		must(t, c.Do(ctx, "language", look.language))
		must(t, c.Do(ctx, "theme", look.theme))
		if _, err := c.Shot(ctx, strings.Join([]string{name, look.theme, look.language}, "-")); err != nil {
			t.Error(err)
		}
	}
}

// whatIsFolded presses what the fold offers.
func whatIsFolded(ctx context.Context, t *testing.T, c *School, numbers []string) {
	t.Helper()
	tour := &Tour{School: c}
	folded := func(what string, want int) Status {
		t.Helper()
		var s Status
		must(t, c.UntilStatus(ctx, fmt.Sprintf("%d calls in the fold %s", want, what), func(now Status) bool {
			s = now
			return slices.ContainsFunc(s.Cards, func(card CardStatus) bool { return card.Form == "fold" && len(card.Calls) == want })
		}))
		stands(t, c, s)
		return s
	}
	must(t, tour.press(ctx, "show"))
	must(t, c.UntilStatus(ctx, "the feed of missed calls", func(s Status) bool { return s.Page == "feed" && windowShown(s) }))
	if _, err := c.Shot(ctx, "storm-3-shown"); err != nil {
		t.Error(err)
	}
	must(t, c.Phone(ctx, "102", "--answer", "100ms"))
	must(t, c.Call(ctx, numbers[3], "answered", "--to", "102", "--talk", "1s"))
	before := folded("after a colleague has talked with one", stormCalls-1)

	must(t, c.Phone(ctx, "101", "--answer", "100ms"))
	must(t, tour.press(ctx, "call_last"))
	must(t, c.UntilStatus(ctx, "the talk with the last caller", func(s Status) bool {
		return slices.ContainsFunc(s.Cards, func(card CardStatus) bool { return card.State == "talking" })
	}))
	folded("after the last was called back", stormCalls-2)
	if _, err := c.Shot(ctx, "storm-4-talking"); err != nil {
		t.Error(err)
	}
	must(t, tour.signIn(ctx))
	must(t, tour.hangUpAll(ctx))
	for i := 0; ; i++ { // the ended talk and the fold have each a button to close them
		s, err := c.Status(ctx)
		must(t, err)
		if len(s.Cards) == 0 || i > 5 {
			break
		}
		must(t, tour.press(ctx, "close"))
	}
	must(t, c.UntilStatus(ctx, "the fold to be closed, and the tray to keep the count", func(s Status) bool {
		return len(s.Cards) == 0 && s.Tray.Missed >= before.Tray.Missed-1
	}))
}

// twoMonitors makes two monitors of the screen, side by side.
func twoMonitors(t *testing.T, c *School) {
	t.Helper()
	monitorsParted(t, c, screenWidth/2)
}

// monitorsParted makes two monitors of the screen, side by side, the left one so wide.
func monitorsParted(t *testing.T, c *School, left int) {
	t.Helper()
	x := connect(t, c)
	must(t, randr.Init(x.Conn))
	screen, err := randr.GetScreenResources(x.Conn, x.root).Reply()
	must(t, err)
	for name, part := range map[string][2]int{"left": {0, left}, "right": {left, screenWidth - left}} {
		outputs := screen.Outputs // those of no monitor that is named are one more
		if part[0] > 0 {
			outputs = nil
		}
		must(t, randr.SetMonitorChecked(x.Conn, x.root, randr.MonitorInfo{
			NOutput: uint16(len(outputs)), Outputs: outputs,
			Name: x.atom(name), X: int16(part[0]), Width: uint16(part[1]), Height: screenHeight,
			WidthInMillimeters: uint32(part[1] / 4), HeightInMillimeters: screenHeight / 4, // 100 dots an inch: scale 1
		}).Check())
	}
}

// followsThePointer lets cards come while the pointer is on one of two monitors: the stack goes to where it
// is when a card comes, and not while that card changes.
func followsThePointer(ctx context.Context, t *testing.T, c *School) {
	t.Helper()
	twoMonitors(t, c)
	tour := &Tour{School: c}
	must(t, tour.signIn(ctx))
	right := func(state string, cards, edge int) {
		t.Helper()
		var s Status
		must(t, c.UntilStatus(ctx, "a card "+state, func(now Status) bool { s = now; return len(s.Cards) == cards && s.Cards[0].State == state }))
		if got := s.Cards[0].X + s.Cards[0].Width; abs(got-edge+16) > 1 {
			t.Errorf("a card %s ends at %d, want it 16 from %d", state, got, edge)
		}
	}
	must(t, c.Phone(ctx, "101", "--answer", "2s"))
	must(t, c.Move(ctx, 100, 100))
	must(t, c.Call(ctx, demo.KnownNumber, "answered", "--to", "101", "--talk", "60s"))
	right("ringing", 1, screenWidth/2)
	must(t, c.Move(ctx, screenWidth-100, 100))
	right("talking", 1, screenWidth/2)
	must(t, c.Phone(ctx, "101", "--no-answer"))
	must(t, c.Call(ctx, "+79160001071", "missed", "--to", "101", "--ring", "20s"))
	right("ringing", 2, screenWidth)
	must(t, tour.hangUpAll(ctx))
}
