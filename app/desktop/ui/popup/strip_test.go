package popup_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// strip is what stands there alone, at the right edge of the screen and 32 above the lower one.
func (c *corner) strip(when string) {
	c.t.Helper()
	shown := c.stack.Shown()
	if len(shown) != 1 || shown[0].Form != stacking.Strip || len(c.Cut) != 1 {
		c.t.Fatalf("%s there stand %+v, cut to %+v", when, shown, c.Cut)
	}
	seen := c.Cut[0]
	seen.X, seen.Y = seen.X+c.At.X, seen.Y+c.At.Y
	if want := (platform.Rect{X: 1600 - 264, Y: 900 - 32 - 40, Width: 264 + 14, Height: 40}); seen != want {
		c.t.Errorf("%s the strip is at %+v, want %+v", when, seen, want)
	}
}

func TestStrip_standsForWhatGoesOnInFullScreen(t *testing.T) {
	c := newCorner(t)
	c.stack.Quiet(true)
	c.misses(1, 60)
	c.wants("a missed call waits", "")
	if c.Cut != nil {
		t.Errorf("it is seen at %+v", c.Cut)
	}
	c.hears(c.call(2, 9, "1-known"))
	c.strip("while one rings")
	c.stack.Quiet(false)
	c.draws()
	c.wants("given back, all of it stands there", "c2, c1")
	c.stack.Quiet(true)
	c.draws()
	c.strip("in full screen again")
}

func TestStrip_opensUnderThePointer(t *testing.T) {
	c := newCorner(t)
	c.stack.Quiet(true)
	c.hears(c.call(1, 9, "1-known"))
	c.strip("at first")
	c.X, c.Y = 1500, 850
	test.MoveMouse(c.window().Canvas(), fyne.NewPos(300, c.window().Canvas().Size().Height-20))
	c.wants("with the pointer on it", "c1")
	if c.stack.Shown()[0].Form != stacking.Whole {
		t.Error("the card does not stand whole")
	}
	tick := func(after time.Duration) { c.now = c.now.Add(after); c.stack.Tick(c.now) }
	tick(10 * time.Second)
	c.wants("while the pointer stays", "c1")
	c.X = 100
	tick(time.Second)
	tick(time.Second)
	c.wants("a second after the pointer went", "c1")
	c.X = 1500
	tick(time.Second)
	c.X = 100
	tick(time.Second)
	tick(2 * time.Second)
	c.strip("two seconds after it went")

	test.MoveMouse(c.window().Canvas(), fyne.NewPos(0, 0))
	test.MoveMouse(c.window().Canvas(), fyne.NewPos(300, c.window().Canvas().Size().Height-20))
	c.press("Заметка")
	click(uitest.All[*widgets.Entry](c.content())[0])
	tick(10 * time.Second)
	tick(10 * time.Second)
	c.wants("while a note is written", "c1")
}

// TestStrip_opensByItsKey, and is a strip again once the keyboard has left the cards.
func TestStrip_opensByItsKey(t *testing.T) {
	c := newCorner(t)
	c.stack.Quiet(true)
	c.hears(c.call(1, 9, "1-known"))
	if !c.stack.TakeKeys() || c.at() != "Открыть договор" {
		t.Fatalf("the keys lead to %q", c.at())
	}
	tick := func() { c.now = c.now.Add(5 * time.Second); c.stack.Tick(c.now) }
	tick()
	tick()
	c.wants("with the keyboard there", "c1")
	c.Keyed = false // a click into another window
	tick()
	tick()
	c.strip("the keyboard elsewhere")
}

// aside wants the talk where it was and, over it at the edge of the screen, a strip of these words.
func (c *corner) aside(when, words string) {
	c.t.Helper()
	shown := c.stack.Shown()
	if len(shown) != 2 || shown[0].Form != stacking.Whole || shown[0].Card.ID != "c2" || shown[1].Form != stacking.Strip {
		c.t.Fatalf("%s there stand %+v", when, shown)
	}
	talk, strip := shown[0].Place, shown[1].Place
	if talk.X+talk.Width != 1600-16 || talk.Y+talk.Height != 900-16 {
		c.t.Errorf("%s the talk stands at %+v", when, talk)
	}
	if want := (platform.Rect{X: 1600 - 264, Y: talk.Y - 12 - 40, Width: 264 + 14, Height: 40}); strip != want {
		c.t.Errorf("%s the strip is at %+v, want %+v", when, strip, want)
	}
	if says := uitest.Readable(c.content()); !strings.Contains(says, words) {
		c.t.Errorf("%s it does not say %q:\n%s", when, words, says)
	}
}

func TestAside_isForWhatRingsDuringATalk(t *testing.T) {
	c := newCorner(t)
	c.stack.Aside(true)
	c.hears(c.call(1, 9, "1-known"))
	c.wants("without a talk", "c1")
	c.hears(c.call(2, 90, "7-able"))
	c.aside("during a talk", "Шангутов Александр")
	c.hears(c.call(3, 5, "1-known"), c.call(4, 4, "2-unknown"))
	c.aside("while others ring too", "+2")
	for _, n := range []int{3, 4} {
		over := c.call(n, 5, "1-known")
		over.State, over.Ringing, over.EndedAt, over.Result = client.StateEnded, nil, uitest.At(c.now), client.Answered
		over.Employee = uitest.Person(uitest.Borisov)
		c.hears(over)
		c.facts.Dismiss(over.ID)
	}
	c.draws()
	c.aside("once colleagues have taken them", "Шангутов Александр")
	strip := c.stack.Shown()[1].Place
	c.X, c.Y = strip.X+20, strip.Y+20
	test.MoveMouse(c.window().Canvas(), fyne.NewPos(float32(c.X-c.At.X), float32(c.Y-c.At.Y)))
	c.wants("with the pointer on it", "c1, c2")
	c.X, c.Y = 100, 100
	for range 3 {
		c.now = c.now.Add(time.Second)
		c.stack.Tick(c.now)
	}
	c.aside("two seconds after it has gone", "Шангутов Александр")
	c.stack.Aside(false)
	c.draws()
	c.wants("chosen otherwise", "c1, c2")
}
