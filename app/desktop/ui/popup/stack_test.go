package popup_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// asked are the intents of a program: what concerns the keyboard goes back to the stack.
type asked struct {
	*uitest.Said
	stack *popup.Stack
}

func (a *asked) FocusNote(id string) { a.stack.Focus(id) }

func (a *asked) ReleaseNote(id string) { a.stack.Release(id) }

// corner is a stack on a screen, with the model that it shows.
type corner struct {
	*uitest.Screen
	t     *testing.T
	stack *popup.Stack
	said  *asked
	facts *model.Model
	text  *i18n.Text
	now   time.Time
}

func newCorner(t *testing.T) *corner {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.LightChoice))
	c := &corner{Screen: uitest.NewScreen(), t: t, said: &asked{Said: &uitest.Said{}}, text: i18n.New(i18n.Russian), now: uitest.Now}
	c.facts = model.New(model.Config{Me: uitest.Kireeva, Now: func() time.Time { return c.now }})
	c.stack = popup.NewStack(app, c.Screen, c.text, c.said)
	c.said.stack = c.stack
	c.stack.Warm()
	return c
}

// call is a call of a number of its own that began so many seconds ago, as one of the states.
func (c *corner) call(n, ago int, state string) client.Call {
	call := uitest.Cards()[state]
	call.ID, call.Phone, call.LastNote = fmt.Sprint("c", n), fmt.Sprintf("+7916000%04d", 1000+n), nil
	call.StartedAt = uitest.Ago(time.Duration(ago) * time.Second)
	return call
}

func (c *corner) hears(calls ...client.Call) {
	c.t.Helper()
	for _, call := range calls {
		c.facts.Apply(client.StreamEvent{Type: "call", Data: &call})
	}
	c.draws()
}

func (c *corner) draws() {
	c.stack.Update(present.Cards(c.facts, c.text, c.now), c.text, c.now)
}

// misses lets a call ring and end unanswered.
func (c *corner) misses(n, ago int) {
	c.t.Helper()
	call := c.call(n, ago, "1-known")
	over := call
	over.State, over.Ringing, over.Result, over.EndedAt = client.StateEnded, nil, client.Missed, uitest.At(uitest.Now)
	c.hears(call, over)
}

// says tells what stands there from the corner up.
func (c *corner) says() string {
	var out []string
	for _, s := range c.stack.Shown() {
		words := s.Card.ID
		if s.Form != stacking.Whole {
			words = s.Card.Heading
		}
		out = append(out, words)
	}
	return strings.Join(out, ", ")
}

func (c *corner) wants(when, want string) {
	c.t.Helper()
	if got := c.says(); got != want {
		c.t.Errorf("%s: %q stands there, want %q", when, got, want)
	}
}

// content is what lies in the only window of the stack.
func (c *corner) content() fyne.CanvasObject { return c.window().Content() }

func (c *corner) window() fyne.Window {
	c.t.Helper()
	if len(c.Windows) != 1 {
		c.t.Fatalf("the stack has %d windows", len(c.Windows))
	}
	for w := range c.Windows {
		return w
	}
	return nil
}

func (c *corner) press(words string) {
	c.t.Helper()
	b := uitest.Buttons(c.content(), map[string]*widgets.Button{})[words]
	if b == nil {
		c.t.Fatalf("no button %q", words)
	}
	test.Tap(b)
}

// click is what a mouse does: an entry takes the focus when the button goes down.
func click(entry *widgets.Entry) {
	entry.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	test.Tap(entry)
}

func TestStack_isOneWindowCutToItsCards(t *testing.T) {
	c := newCorner(t)
	if c.hears(); len(c.Cut) != 0 {
		t.Errorf("without a card the window is cut to %v", c.Cut)
	}
	c.hears(c.call(1, 5, "1-known"))
	c.misses(2, 60)
	c.wants("one rings, one was missed", "c1, c2")
	bottom := 900 - 16 + 12
	for n, shown := range c.stack.Shown() {
		p := shown.Place
		if p.X != 1600-16-380 || p.Width != 380 || p.Y+p.Height != bottom-12 {
			t.Errorf("card %d stands at %+v, want it 380 wide at 1204, down to %d", n, p, bottom-12)
		}
		bottom = p.Y
		cut := c.Cut[n]
		if cut.X, cut.Y = cut.X+c.At.X, cut.Y+c.At.Y; cut != p {
			t.Errorf("the window is cut to %+v for the card at %+v", cut, p)
		}
	}
	c.stack.Update(nil, c.text, c.now)
	if len(c.Cut) != 0 || len(c.stack.Shown()) != 0 {
		t.Errorf("after the last card the window is cut to %v", c.Cut)
	}
}

func TestStack_staysWithinTwoThirdsInAStorm(t *testing.T) {
	c := newCorner(t)
	var all []client.Call
	for n := range 30 {
		all = append(all, c.call(n, 60-n, "1-known"))
	}
	for _, n := range []int{17, 3, 29, 0, 11} { // whoever is told first
		c.hears(all[n], all[n])
	}
	c.hears(all...)
	c.wants("thirty ring", "c0, c1, Звонят ещё 28")
	for _, height := range []int{900, 700, 1400} {
		c.Area.Height = height
		c.stack.Update(nil, c.text, c.now) // the screen is looked at when cards come
		c.draws()
		for _, shown := range c.stack.Shown() {
			if shown.Place.Y < height/3 {
				t.Errorf("on a screen of %d a card begins at %d", height, shown.Place.Y)
			}
		}
	}
	if n := len(c.Windows); n != 1 {
		t.Errorf("thirty calls made %d windows", n)
	}
}

func TestStack_neverTakesANoteAwayUnderTheHands(t *testing.T) {
	c := newCorner(t)
	talk := c.call(1, 90, "4-talking")
	over := talk
	over.State, over.Result, over.EndedAt = client.StateEnded, client.Answered, uitest.At(uitest.Now)
	c.hears(talk, over)
	note := uitest.All[*widgets.Entry](c.content())[0]
	click(note)
	if !c.Keyed {
		t.Error("a click on the note line does not bring the keyboard")
	}
	note.SetText("на автомат")
	for n := 2; n < 12; n++ {
		c.hears(c.call(n, 30-n, "1-known"))
	}
	c.wants("a storm begins while a note is written", "c2, Звонят ещё 9, c1")
	if !note.Visible() || note.Text != "на автомат" || !c.Keyed {
		t.Errorf("of the note stands %q, keyboard %v", note.Text, c.Keyed)
	}
	note.OnSubmitted(note.Text)
	if c.Keyed {
		t.Error("after the note the keyboard is not given back")
	}
	c.draws()
	c.wants("the note is written", "c2, c3, Звонят ещё 8")
	if !slices.Contains(c.said.Acts, "note c1 на автомат") {
		t.Errorf("reported %q", c.said.Acts)
	}
}

func TestStack_givesTheKeyboardBackWhenItsCardGoes(t *testing.T) {
	for name, end := range map[string]func(*corner){
		"the card goes":     func(c *corner) { c.stack.Update(nil, c.text, c.now) },
		"escape":            func(c *corner) { uitest.All[*widgets.Entry](c.content())[0].OnEscape() },
		"a click beside it": func(c *corner) { c.window().Canvas().Unfocus() },
	} {
		c := newCorner(t)
		c.hears(c.call(1, 90, "4-talking"))
		click(uitest.All[*widgets.Entry](c.content())[0])
		if end(c); c.Keyed {
			t.Errorf("%s: the window keeps the keyboard", name)
		}
		if c.window().Canvas().Focused() != nil {
			t.Errorf("%s: a note line that nobody writes in goes on blinking", name)
		}
	}
}

func TestStack_hasTheThemesColoursAfterAPause(t *testing.T) {
	c := newCorner(t)
	for name, shown := range map[string]func(){
		"a card": func() { c.draws() },
		"a fold": func() {
			for n := range 7 {
				c.misses(n, 100-n)
			}
		},
	} {
		fyne.CurrentApp().Settings().SetTheme(theme.New(theme.LightChoice))
		c.hears(c.call(50, 5, "1-known"))
		shown()
		c.stack.Update(nil, c.text, c.now)
		fyne.CurrentApp().Settings().SetTheme(theme.New(theme.DarkChoice))
		c.draws()
		for _, box := range uitest.All[*widgets.Box](c.content()) {
			if box.Radius != theme.RadiusCard {
				continue
			}
			if got := test.WidgetRenderer(box).Objects()[0].(*canvas.Rectangle).FillColor; got != theme.Dark.Raised {
				t.Errorf("%s that comes back in the dark lies on %v", name, got)
			}
		}
	}
}

func TestStack_foldsMissedCalls(t *testing.T) {
	c := newCorner(t)
	for n := range 7 {
		c.misses(n, 100-n)
	}
	c.wants("seven were missed", "Пропущено 7")
	c.press("Показать")
	c.press("Перезвонить последнему")
	c.hears(c.call(20, 3, "1-known"))
	c.wants("another rings", "c20, Пропущено 7")
	talk := c.call(3, 1, "4-talking")
	talk.ID = "later"
	talk.Employee = uitest.Person(uitest.Borisov)
	talk.AnsweredAt = uitest.At(uitest.Now)
	c.hears(talk)
	c.wants("a colleague has talked with one of them", "c20, Пропущено 6")
	for _, s := range c.stack.Shown() {
		names := []string{}
		for _, spot := range s.Spots {
			names = append(names, spot.Name)
		}
		if s.Form == stacking.Fold && !slices.Equal(names, []string{"show", "call_last", "close"}) {
			t.Errorf("on the fold %q can be clicked", names)
		}
	}
	want := []string{"show missed", "back +79160001006"}
	if !slices.Equal(c.said.Acts, want) {
		t.Errorf("reported %q, want %q", c.said.Acts, want)
	}
}
