package hovercard_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// draws draws the list as the stream does, with the names as they are by now.
func (s *stand) draws(names []string, keys ...string) {
	s.names, s.keys = names, keys
	s.list.Refresh()
}

// top is where the card stands; below zero: there is none.
func (s *stand) top() float32 {
	objects := test.WidgetRenderer(s.frame.HoverLayer()).Objects()[0].(*fyne.Container).Objects
	if len(objects) == 0 {
		return -1
	}
	return objects[0].Position().Y
}

// bothShapes runs a test on rows that are drawn anew as a whole, and on such that are used for others.
func bothShapes(t *testing.T, names []string, check func(t *testing.T, s *stand)) {
	for name, used := range map[string]bool{"drawn anew": false, "used for others": true} {
		t.Run(name, func(t *testing.T) { check(t, newStandOf(t, used, slices.Clone(names)...)) })
	}
}

// TestHover_staysWhileItsRowDoes: each event of the stream draws the list anew while the pointer rests.
func TestHover_staysWhileItsRowDoes(t *testing.T) {
	bothShapes(t, []string{cut, short}, func(t *testing.T, s *stand) {
		renamed := strings.Replace(cut, "Александра", "Владислава", 1)
		key, other := s.keys[0], s.keys[1]
		came := s.areas[cut]
		came.MouseIn(nil)
		s.draws([]string{cut, short}, key, other)
		s.wants("drawn anew before it came", "")
		s.rests()
		s.wants("rested on", cut)
		s.draws([]string{cut, short}, key, other)
		s.wants("drawn anew", cut)
		s.draws([]string{renamed, short}, key, other)
		s.wants("renamed", renamed)
		before := s.top()
		s.draws([]string{"Ким Вера", renamed, short}, "new", key, other)
		s.wants("with a row that came above", renamed)
		if by := s.top() - before; by != rowHigh {
			t.Errorf("with a row above, the card has moved by %.0f", by)
		}
		if came == s.areas["Ким Вера"] { // the pointer has not left it, though it is another row's now
			came.MouseMoved(nil)
			s.wants("moved over the row that is there now", "")
			came.MouseOut()
			s.areas[renamed].MouseIn(nil)
			s.wants("moved to the row", renamed)
		}
		s.draws([]string{short, short}, "new", key)
		s.wants("not cut any more", "")
		s.draws([]string{short, cut}, "new", key)
		s.wants("cut again", cut)
		s.draws([]string{short}, "new")
		s.wants("its row gone", "")
		s.draws([]string{cut}, key)
		s.wants("its row back, the pointer not moved", "")
		came.MouseOut()
		s.areas[cut].MouseIn(nil)
		s.now = s.now.Add(time.Second)
		s.rests()
		s.wants("pointed at again", cut)
		left := s.areas[cut]
		s.draws([]string{cut}, key)
		left.MouseOut() // that is what Fyne tells, though another stands there now
		s.wants("the pointer gone", "")
		s.draws([]string{cut}, key)
		s.wants("the pointer gone, drawn anew", "")
	})
}

// TestHover_isThePointersWhileTheKeyboardIsElsewhere: what is drawn anew brings no other card up.
func TestHover_isThePointersWhileTheKeyboardIsElsewhere(t *testing.T) {
	other := strings.Replace(cut, "Александра", "Владислава", 1)
	bothShapes(t, []string{cut, other, short}, func(t *testing.T, s *stand) {
		s.window.Canvas().Focus(s.list)
		s.rests()
		s.wants("at the row", cut)
		s.areas[other].MouseIn(nil)
		s.wants("pointed at", other)
		s.list.Refresh()
		s.wants("drawn anew", other)
		s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		s.wants("the keyboard used", other)
		s.list.Refresh()
		s.wants("drawn anew, the keyboard used", other)
		s.list.ScrollToOffset(0)
		s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
		s.wants("the keyboard used again", cut)
	})
}

// TestHover_tellsTheRowUnderAHeading by its own title, for the keyboard too.
func TestHover_tellsTheRowUnderAHeading(t *testing.T) {
	s := newStand(t, "Кузнецова-Константинопольская Александра Владиславовна", short)
	s.window.Canvas().Focus(s.list)
	s.rests()
	s.wants("at the row", headed)
	if says := uitest.Readable(s.frame.HoverLayer()); strings.Contains(says, "Свободны") {
		t.Errorf("the card says %q", says)
	}
}

// TestHover_goesWithTheList when something else stands in its place.
func TestHover_goesWithTheList(t *testing.T) {
	uitest.LightApp(t)
	body := widgets.Stack()
	rows, list := hovercard.NewRows(), (*widgets.List)(nil)
	area := widgets.NewArea(nil)
	list = widgets.NewList(func() int { return 1 }, func(int) float32 { return rowHigh }, func() fyne.CanvasObject { return widgets.NewSlot() },
		func(_ int, slot fyne.CanvasObject) {
			content := wordsOf(cut)
			rows.Watch("1", area, content)
			slot.(*widgets.Slot).Fill(widgets.Stack(widgets.Pad(0, 420, 0, 0, content), area))
		})
	list.Key = func(int) string { return "1" }
	rows.In(list)
	body.Add(list)
	frame := mainwin.New(i18n.New(i18n.Russian), []mainwin.Page{{Name: "feed", Object: body}}, func() {})
	uitest.WindowOf(t, frame, fyne.NewSize(860, 400))
	frame.HoverLayer().After = func(_ time.Duration, do func()) { do() }
	area.MouseIn(nil)
	if uitest.Readable(frame.HoverLayer()) == "" {
		t.Fatal("there is no card")
	}
	rows.Gone()
	if says := uitest.Readable(frame.HoverLayer()); says != "" {
		t.Errorf("over something else stands %q", says)
	}
}

// TestRows_inNoListKeepTheirCard while they are drawn anew, until another one stands there.
func TestRows_inNoListKeepTheirCard(t *testing.T) {
	uitest.LightApp(t)
	rows, place := hovercard.NewRows(), widgets.Stack()
	frame := mainwin.New(i18n.New(i18n.Russian), []mainwin.Page{{Name: "feed", Object: place}}, func() {})
	uitest.WindowOf(t, frame, fyne.NewSize(860, 400))
	frame.HoverLayer().After = func(_ time.Duration, do func()) { do() }
	var over fyne.CanvasObject
	draw := func(key, name string) {
		rows.Draw(place, func() {
			content := wordsOf(name)
			over = rows.Pick(key, content, nil)
			place.Objects = []fyne.CanvasObject{widgets.Stack(widgets.Pad(0, 420, 0, 0, content), over)}
			place.Refresh()
		})
	}
	says := func() string { return strings.ReplaceAll(uitest.Readable(frame.HoverLayer()), "\n", " ") }
	draw("1", cut)
	over.(desktop.Hoverable).MouseIn(nil)
	if !strings.Contains(says(), cut) {
		t.Fatalf("resting on it, the card says %q", says())
	}
	renamed := strings.Replace(cut, "Александра", "Владислава", 1)
	draw("1", renamed)
	if !strings.Contains(says(), renamed) {
		t.Errorf("drawn anew, the card says %q", says())
	}
	draw("2", renamed)
	if says() != "" {
		t.Errorf("with another there, the card says %q", says())
	}
}

// TestHover_goesOnceThePointerHasLeftTheWindow, which Fyne does not tell, and comes again with it.
func TestHover_goesOnceThePointerHasLeftTheWindow(t *testing.T) {
	bothShapes(t, []string{cut, short}, func(t *testing.T, s *stand) {
		away := func(outside bool) { hovercard.Away(s.frame, func() bool { return outside }) }
		came := s.areas[cut]
		came.MouseIn(nil)
		s.rests()
		away(false)
		s.wants("with the pointer in the window", cut)
		away(true)
		s.wants("with the pointer outside", "")
		s.list.Refresh()
		s.wants("drawn anew, with the pointer outside", "")
		if came == s.areas[cut] {
			came.MouseMoved(nil)
		} else {
			came.MouseOut()
			s.areas[cut].MouseIn(nil)
		}
		s.now = s.now.Add(time.Second)
		s.rests()
		s.wants("with the pointer back", cut)
		s.areas[cut].MouseOut()
		s.window.Canvas().Focus(s.list)
		s.rests()
		s.wants("at the row by the keyboard", cut)
		away(true)
		s.wants("at the row by the keyboard, with the pointer outside", cut)
	})
}
