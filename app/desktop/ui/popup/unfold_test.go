package popup_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const long = "Константинопольская-Покровская Александра Владиславовна"

// unfolding is a card in a window, whose time passes when the test says so.
type unfolding struct {
	t    *testing.T
	view *popup.View
	over fyne.Canvas
	said *uitest.Said
}

func newUnfolding(t *testing.T, state string, change func(c *client.Call)) *unfolding {
	t.Helper()
	uitest.LightApp(t)
	u := &unfolding{t: t, said: &uitest.Said{}}
	text := i18n.New(i18n.Russian)
	m := model.New(model.Config{Me: uitest.Kireeva})
	call := uitest.Cards()[state]
	change(&call)
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	u.view = popup.NewView(text, u.said, nil)
	u.over = uitest.WindowOf(t, u.view, fyne.NewSize(theme.Card, 420)).Canvas()
	u.view.Draw(present.Cards(m, text, uitest.Now)[0], text, uitest.Now)
	return u
}

// points moves the pointer to words that begin so.
func (u *unfolding) points(words string) {
	u.t.Helper()
	for _, label := range uitest.All[*widgets.Label](u.view) {
		if strings.HasPrefix(label.Text, words) {
			test.MoveMouse(u.over, fyne.CurrentApp().Driver().AbsolutePositionForObject(label).AddXY(6, 6))
			return
		}
	}
	u.t.Fatalf("nothing begins with %q on\n%s", words, uitest.Readable(u.view))
}

// whole tells whether words stand on the card in as many lines as they need.
func (u *unfolding) whole(words string) bool {
	for _, p := range uitest.All[*widgets.Paragraph](u.view) {
		if p.Text == words {
			return true
		}
	}
	return false
}

func named(name string) func(c *client.Call) {
	return func(c *client.Call) {
		subject := *c.Subject
		subject.Name, c.Subject = name, &subject
	}
}

// TestCard_showsANameWholeThatItCuts, while the pointer rests on it: the window is cut to the card, nothing lies over it.
func TestCard_showsANameWholeThatItCuts(t *testing.T) {
	for _, state := range []string{"1-known", "4-talking"} {
		u := newUnfolding(t, state, named(long))
		high := u.view.MinSize().Height
		u.points(long[:20])
		if u.whole(long) {
			t.Errorf("%s: it is shown whole at once", state)
		}
		u.said.Passes()
		if now := u.view.MinSize().Height; !u.whole(long) || now <= high {
			t.Errorf("%s: resting on it, the card is %.0f high after %.0f and says\n%s", state, now, high, uitest.Readable(u.view))
		}
		u.view.Tell("Сохранено", theme.ToneRing, uitest.Now) // it is drawn anew meanwhile
		if !u.whole(long) {
			t.Errorf("%s: drawn anew, the name is cut", state)
		}
		test.MoveMouse(u.over, fyne.NewPos(theme.Card-4, 300))
		if u.whole(long) {
			t.Errorf("%s: the pointer gone, the name is still whole", state)
		}
	}
}

// TestCard_leavesWhatIsNotCutAsItIs, and a click on a name opens the card as ever.
func TestCard_leavesWhatIsNotCutAsItIs(t *testing.T) {
	u := newUnfolding(t, "1-known", named("Ким Вера"))
	u.points("Ким")
	u.said.Passes()
	if u.whole("Ким Вера") {
		t.Error("a short name is unfolded")
	}
	for _, label := range uitest.All[*widgets.Label](u.view) {
		if label.Text == "Ким Вера" {
			test.TapCanvas(u.over, fyne.CurrentApp().Driver().AbsolutePositionForObject(label).AddXY(6, 6))
		}
	}
	if len(u.said.Acts) != 1 || !strings.HasPrefix(u.said.Acts[0], "open") {
		t.Errorf("a click on the name does %q", u.said.Acts)
	}
}

// TestCard_foldsOnceThePointerHasLeftItsWindow, which Fyne does not tell, and when something else happens with the call.
func TestCard_foldsOnceThePointerHasLeftItsWindow(t *testing.T) {
	c := newCorner(t)
	call := c.call(1, 2, "1-known")
	named(long)(&call)
	c.hears(call)
	view := uitest.All[*popup.View](c.content())[0]
	u := &unfolding{t: t, view: view, over: c.window().Canvas(), said: c.said.Said}
	rests := func() {
		t.Helper()
		u.points(long[:20])
		u.said.Passes()
		if !u.whole(long) {
			t.Fatal("the name is cut")
		}
	}
	rests()
	c.X, c.Y = c.At.X+c.Cut[0].X+40, c.At.Y+c.Cut[0].Y+60
	c.stack.Tick(c.now)
	if !u.whole(long) {
		t.Error("it is folded under the pointer")
	}
	c.X, c.Y = 10, 10
	c.stack.Tick(c.now)
	if u.whole(long) {
		t.Error("with the pointer elsewhere it is not folded")
	}
	rests() // it has come back to where it was
	call.State, call.AnsweredAt, call.Ringing, call.Employee = client.StateTalking, uitest.At(uitest.Now), nil, uitest.Person(uitest.Kireeva)
	c.hears(call)
	call.State, call.EndedAt, call.Result = client.StateEnded, uitest.At(uitest.Now), client.Answered
	c.hears(call)
	if u.whole(long) {
		t.Errorf("after the talk the name is whole without the pointer:\n%s", uitest.Readable(view))
	}
}
