package widgets_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// tale is a list of numbered rows, 20 high but for some.
type tale struct {
	list    *widgets.List
	count   int
	tall    map[int]float32
	made    int
	written int
}

func newTale(t *testing.T, count int) *tale {
	t.Helper()
	uitest.LightApp(t)
	s := &tale{count: count, tall: map[int]float32{}}
	s.list = widgets.NewList(func() int { return s.count }, func(n int) float32 { return max(20, s.tall[n]) },
		func() fyne.CanvasObject { s.made++; return widgets.NewLabel("", theme.Body, widgets.InkNormal) },
		func(n int, row fyne.CanvasObject) { s.written++; row.(*widgets.Label).Set(fmt.Sprint(n)) })
	uitest.WindowOf(t, s.list, fyne.NewSize(200, 100))
	return s
}

// seen is the words of the rows in sight and where they stand in the list's room.
func (s *tale) seen() string {
	out := ""
	for _, row := range uitest.All[*widgets.Label](s.list) {
		out += fmt.Sprintf("%s@%v ", row.Text, seenAt(row).Y-seenAt(s.list).Y)
	}
	return out
}

func (s *tale) want(t *testing.T, want string) {
	t.Helper()
	if got := s.seen(); got != want {
		t.Errorf("sees %q, want %q", got, want)
	}
}

func TestList_rowsStandDirectlyUnderEachOther(t *testing.T) {
	s := newTale(t, 1000)
	s.want(t, "0@0 1@20 2@40 3@60 4@80 ")
	s.list.ScrollToOffset(30)
	s.want(t, "1@-10 2@10 3@30 4@50 5@70 6@90 ")
	s.list.ScrollTo(999)
	s.want(t, "995@0 996@20 997@40 998@60 999@80 ")
	s.list.ScrollTo(998) // whole already
	s.want(t, "995@0 996@20 997@40 998@60 999@80 ")
	s.list.ScrollTo(990)
	s.want(t, "990@0 991@20 992@40 993@60 994@80 ")
	if s.made > 12 {
		t.Errorf("%d rows made for 6 in sight", s.made)
	}
}

func TestList_rowsMayGrowComeAndGo(t *testing.T) {
	s := newTale(t, 6)
	s.tall[1] = 50
	s.list.Refresh()
	s.want(t, "0@0 1@20 2@70 3@90 ")
	s.list.ScrollTo(5)
	s.want(t, "1@-30 2@20 3@40 4@60 5@80 ")
	s.count = 2
	s.list.Refresh()
	s.want(t, "0@0 1@20 ")
	s.count = 0
	s.list.Refresh()
	s.want(t, "")
}

func TestList_wheelAndKeysScroll(t *testing.T) {
	s := newTale(t, 50)
	over := test.NewTempWindow(t, s.list)
	over.SetPadded(false)
	over.Resize(fyne.NewSize(200, 100))
	test.Scroll(over.Canvas(), fyne.NewPos(10, 10), 0, -40)
	s.want(t, "2@0 3@20 4@40 5@60 6@80 ")
	for _, key := range []struct {
		name fyne.KeyName
		at   float32
	}{{fyne.KeyDown, 60}, {fyne.KeyUp, 40}, {fyne.KeyPageDown, 140}, {fyne.KeyPageUp, 40}, {fyne.KeyEnd, 900}, {fyne.KeyHome, 0}} {
		s.list.TypedKey(&fyne.KeyEvent{Name: key.name})
		if got := s.list.ScrollOffset(); got != key.at {
			t.Errorf("after %s at %v, want %v", key.name, got, key.at)
		}
	}
}

// TestList_fillsARowOnlyWhenItComesIntoSight and all of them when the list was told to.
func TestList_fillsARowOnlyWhenItComesIntoSight(t *testing.T) {
	s := newTale(t, 50)
	s.written = 0
	s.list.ScrollToOffset(20)
	if s.written != 1 {
		t.Errorf("%d rows were filled when one came", s.written)
	}
	s.written = 0
	s.list.Refresh()
	if s.written != 5 {
		t.Errorf("%d of 5 rows were filled anew", s.written)
	}
}

// opened makes the rows something to open; each tells what is done with it.
func (s *tale) opened() *string {
	done := new(string)
	note := func(word string) func(int) { return func(n int) { *done += fmt.Sprint(word, n, " ") } }
	s.list.OnEnter, s.list.OnOpen, s.list.OnMenu, s.list.OnCopy = note("enter"), note("open"), note("menu"), note("copy")
	return done
}

func TestList_arrowsGoFromRowToRowAndScrollItWholeIntoSight(t *testing.T) {
	s := newTale(t, 50)
	done := s.opened()
	over := test.NewTempWindow(t, s.list)
	over.SetPadded(false)
	over.Resize(fyne.NewSize(200, 100))
	s.list.ScrollToOffset(30)
	over.Canvas().FocusNext()
	for _, one := range []struct {
		key        fyne.KeyName
		at         int
		scrolledTo float32
	}{
		{"", 2, 30},
		{fyne.KeyDown, 3, 30},
		{fyne.KeyDown, 4, 30},
		{fyne.KeyDown, 5, 30},
		{fyne.KeyDown, 6, 40},
		{fyne.KeyUp, 5, 40},
		{fyne.KeyHome, 0, 0},
		{fyne.KeyUp, 0, 0},
		{fyne.KeyEnd, 49, 900},
		{fyne.KeyDown, 49, 900},
		{fyne.KeyPageUp, 46, 900},
		{fyne.KeyHome, 0, 0},
		{fyne.KeyPageDown, 3, 0},
		{fyne.KeyPageDown, 6, 40},
	} {
		if one.key != "" {
			s.list.TypedKey(&fyne.KeyEvent{Name: one.key})
		}
		if s.list.At() != one.at || s.list.ScrollOffset() != one.scrolledTo {
			t.Errorf("after %s at row %d, scrolled to %v; want %d and %v", one.key, s.list.At(), s.list.ScrollOffset(), one.at, one.scrolledTo)
		}
		wantOutline(t, string(one.key), s.list, fmt.Sprintf("8,%v 184×13", float32(one.at)*20-one.scrolledTo+3))
	}
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
	s.list.TypedShortcut(&fyne.ShortcutCopy{})
	s.list.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	if *done != "enter6 open6 copy6 menu6 " {
		t.Errorf("the keys did %q", *done)
	}
}

// TestList_keepsTheRowOneIsAtWhileOthersCome above it, as the stream's do.
func TestList_keepsTheRowOneIsAtWhileOthersCome(t *testing.T) {
	s := newTale(t, 10)
	s.opened()
	before := 0
	s.list.Key = func(n int) string { return fmt.Sprint(n - before) }
	s.list.FocusGained()
	for range 3 {
		s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	s.count, before = 12, 2
	s.list.Refresh()
	if s.list.At() != 5 {
		t.Errorf("two rows came above it, and one is at row %d, want 5", s.list.At())
	}
	s.count = 4 // the row is gone with those below
	s.list.Refresh()
	if s.list.At() != 3 {
		t.Errorf("the row went, and one is at row %d, want the last", s.list.At())
	}
	s.count = 0
	s.list.Refresh()
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.count = 3
	s.list.Refresh()
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if at := s.list.At(); at < 0 || at > 2 {
		t.Errorf("in a list that was empty for a moment one is at row %d", at)
	}
}

// TestList_goesOnFromTheRowThatWasClicked, without an outline before a key is used.
func TestList_goesOnFromTheRowThatWasClicked(t *testing.T) {
	s := newTale(t, 50)
	s.opened()
	s.list.Key = func(n int) string { return fmt.Sprint("row", n) }
	s.list.Point("row3")
	wantOutline(t, "after the click", s.list)
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	wantOutline(t, "after a key", s.list, "8,83 184×13")
	if s.list.At() != 4 {
		t.Errorf("one is at row %d", s.list.At())
	}
}
