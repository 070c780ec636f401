package hovercard_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

const (
	cut   = "Константинопольская-Покровская Александра Владиславовна"
	short = "Зайцева Ольга"
)

// stand is a window whose only page is a list of names, of which some are cut.
type stand struct {
	t      *testing.T
	frame  *mainwin.Frame
	window fyne.Window
	list   *widgets.List
	names  []string // what stands in the rows, by their keys
	keys   []string
	areas  map[string]*widgets.Area // by what stands there
	due    func()
	wait   time.Duration
	now    time.Time
}

// rowHigh and headHigh are of a row, and of a heading over one.
const rowHigh, headHigh float32 = 56, 30

// newStand is one whose rows are drawn anew as a whole.
func newStand(t *testing.T, names ...string) *stand {
	return newStandOf(t, false, names...)
}

// newStandOf is one whose rows are used for others, or drawn anew as a whole.
func newStandOf(t *testing.T, used bool, names ...string) *stand {
	t.Helper()
	uitest.LightApp(t)
	s := &stand{t: t, names: names, areas: map[string]*widgets.Area{}, now: uitest.Now}
	for _, name := range names {
		s.keys = append(s.keys, "key of "+name)
	}
	rows := hovercard.NewRows()
	create, fill := s.drawnAnew(rows)
	if used {
		create, fill = s.usedAgain(rows)
	}
	s.list = widgets.NewList(func() int { return len(s.names) }, func(n int) float32 {
		if strings.Contains(s.names[n], headed) {
			return headHigh + rowHigh
		}
		return rowHigh
	}, create, fill)
	s.list.OnEnter = func(int) {}
	s.list.Key = func(n int) string { return s.keys[n] }
	s.list.Main = func(n int) (top, height float32) {
		if strings.Contains(s.names[n], headed) {
			top = headHigh
		}
		return top, rowHigh
	}
	rows.In(s.list)
	s.frame = mainwin.New(i18n.New(i18n.Russian), []mainwin.Page{{Name: "feed", Object: s.list}, {Name: "missed", Object: widgets.Space(0, 0)}}, func() {})
	s.window = uitest.WindowOf(t, s.frame, fyne.NewSize(860, 400))
	s.frame.HoverLayer().Now = func() time.Time { return s.now }
	s.frame.HoverLayer().After = func(wait time.Duration, do func()) { s.wait, s.due = wait, do }
	return s
}

// headed is in the names of rows that stand under a heading.
const headed = "Кузнецова"

// wordsOf are a name and what belongs to it.
func wordsOf(name string) *fyne.Container {
	return widgets.Column(0, widgets.NewBold(name, 14, widgets.InkNormal), widgets.NewLabel("Договор № 86", 12, widgets.InkMuted))
}

func (s *stand) drawnAnew(rows *hovercard.Rows) (create func() fyne.CanvasObject, fill func(int, fyne.CanvasObject)) {
	return func() fyne.CanvasObject { return widgets.NewSlot() }, func(n int, slot fyne.CanvasObject) {
		name, content, area := s.names[n], wordsOf(s.names[n]), widgets.NewArea(nil)
		s.areas[name] = area
		rows.Watch(s.keys[n], area, content)
		var heading fyne.CanvasObject
		if strings.Contains(name, headed) {
			heading = widgets.Sized(widgets.NewBold("Свободны", 12, widgets.InkMuted), 0, headHigh)
		}
		slot.(*widgets.Slot).Fill(widgets.Fill(heading, widgets.Stack(widgets.Pad(0, 420, 0, 0, content), area), nil))
	}
}

func (s *stand) usedAgain(rows *hovercard.Rows) (create func() fyne.CanvasObject, fill func(int, fyne.CanvasObject)) {
	return func() fyne.CanvasObject { return newUsedRow(rows) }, func(n int, row fyne.CanvasObject) {
		row.(*usedRow).show(s.keys[n], s.names[n])
		s.areas[s.names[n]] = row.(*usedRow).area
	}
}

// usedRow is a row as the feed's, which shows one entry and later another.
type usedRow struct {
	widget.BaseWidget
	key     string
	content *fyne.Container
	area    *widgets.Area
}

func newUsedRow(rows *hovercard.Rows) *usedRow {
	r := &usedRow{content: wordsOf(""), area: widgets.NewArea(nil)}
	r.ExtendBaseWidget(r)
	rows.WatchRow(r.area, r)
	return r
}

func (r *usedRow) show(key, name string) {
	r.key = key
	r.content.Objects[0].(*widgets.Label).Set(name)
}

func (r *usedRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widgets.Stack(widgets.Pad(0, 420, 0, 0, r.content), r.area))
}

func (r *usedRow) Key() string { return r.key }

func (r *usedRow) Row() (content fyne.CanvasObject, detail string) {
	return r.content, "+7 916 000-10-86"
}

// rests is the while passing.
func (s *stand) rests() {
	if do := s.due; do != nil {
		s.due = nil
		do()
	}
}

// wants looks for a name whole on the card, and empty for no card.
func (s *stand) wants(when, name string) {
	s.t.Helper()
	says := uitest.Readable(s.frame.HoverLayer())
	if name == "" && says != "" || !strings.Contains(strings.ReplaceAll(says, "\n", " "), name) {
		s.t.Errorf("%s the card says %q, want %q", when, says, name)
	}
}

// TestHover_showsWholeWhatIsCut after half a second, and nothing where nothing is cut.
func TestHover_showsWholeWhatIsCut(t *testing.T) {
	s := newStandOf(t, true, cut, short)
	s.areas[cut].MouseIn(nil)
	s.wants("at once", "")
	if s.wait != 500*time.Millisecond {
		t.Errorf("it waits for %s", s.wait)
	}
	s.rests()
	s.wants("resting on it", cut)
	s.wants("resting on it", "Договор № 86")
	s.wants("resting on it", "+7 916 000-10-86")
	s.areas[cut].MouseOut()
	s.wants("the pointer gone", "")
	s.areas[short].MouseIn(nil)
	s.rests()
	s.wants("on a name that is not cut", "")
	s.areas[short].MouseOut()
	s.areas[cut].MouseIn(nil)
	s.frame.Go("missed")
	s.rests()
	s.wants("on another page", "")
}

// TestHover_goesOnAtOnce from one row to the next.
func TestHover_goesOnAtOnce(t *testing.T) {
	other := strings.Replace(cut, "Александра", "Владислава", 1)
	s := newStand(t, cut, other)
	s.areas[cut].MouseIn(nil)
	s.rests()
	s.areas[cut].MouseOut()
	s.now = s.now.Add(299 * time.Millisecond)
	s.areas[other].MouseIn(nil)
	s.wants("on the next row", other)
	s.areas[other].MouseOut()
	s.now = s.now.Add(300 * time.Millisecond)
	s.areas[cut].MouseIn(nil)
	s.wants("on a row that one comes to later", "")
	s.rests()
	s.wants("resting on it", cut)
	s.areas[cut].MouseOut()
	s.areas[other].MouseIn(nil)
	test.Tap(s.areas[other])
	s.wants("after a click", "")
}

// TestHover_isForTheKeyboardToo, and goes when the pointer is used or the keyboard leaves.
func TestHover_isForTheKeyboardToo(t *testing.T) {
	s := newStand(t, short, cut)
	over := s.window.Canvas()
	over.Focus(s.list)
	s.rests()
	s.wants("at a row that is not cut", "")
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.rests()
	s.wants("at the row", cut)
	s.list.Refresh()
	s.wants("as the list is drawn anew", cut)
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	s.wants("at the row before", "")
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	s.wants("back at it", cut)
	over.Unfocus()
	s.wants("without the keyboard", "")
}

// TestHover_standsWhereThereIsRoom: under the row, above the one at the window's end.
func TestHover_standsWhereThereIsRoom(t *testing.T) {
	names := make([]string, 30)
	for n := range names {
		names[n] = cut
	}
	s := newStand(t, names...)
	s.window.Canvas().Focus(s.list)
	for _, key := range []fyne.KeyName{fyne.KeyHome, fyne.KeyEnd} {
		s.list.TypedKey(&fyne.KeyEvent{Name: key})
		s.rests()
		s.wants("after "+string(key), cut)
		driver, layer := fyne.CurrentApp().Driver(), s.frame.HoverLayer()
		card := test.WidgetRenderer(layer).Objects()[0].(*fyne.Container).Objects[0]
		top := driver.AbsolutePositionForObject(card).Y
		row := s.list.Under().Y + driver.AbsolutePositionForObject(s.list).Y
		if key == fyne.KeyHome && top < row || key == fyne.KeyEnd && top+card.Size().Height > row-56 || top+card.Size().Height > 400 {
			t.Errorf("after %s the card stands from %.0f on, %.0f high; the row ends at %.0f", key, top, card.Size().Height, row)
		}
	}
}

// TestHover_showsWholeWhatIsCutInASheet, over it, and what is pressed there lights up as ever.
func TestHover_showsWholeWhatIsCutInASheet(t *testing.T) {
	s := newStand(t, short)
	words := widgets.Column(0, widgets.NewBold(cut, 14, widgets.InkNormal))
	pick := widgets.NewPick(func() {})
	over := hovercard.Pick(words, pick)
	sheet := widgets.NewSheet(s.window.Canvas(), 240, widgets.Stack(words, pick, over), func() {})
	sheet.Show()
	in, out := over.(interface{ MouseIn(*desktop.MouseEvent) }), over.(interface{ MouseOut() })
	in.MouseIn(nil)
	s.rests()
	if says := strings.ReplaceAll(uitest.Readable(sheet), "\n", " "); strings.Count(says, "Владиславовна") != 2 {
		t.Errorf("resting on a cut name the sheet says %q", says)
	}
	s.wants("under the sheet", "")
	out.MouseOut()
	if says := uitest.Readable(sheet); strings.Count(says, "Владиславовна") != 1 {
		t.Errorf("the pointer gone, the sheet says %q", says)
	}
}

// TestHover_goesAsItsRowIsActedOn by the keyboard, and stands in nobody's way until one is at another row.
func TestHover_goesAsItsRowIsActedOn(t *testing.T) {
	other := strings.Replace(cut, "Александра", "Владислава", 1)
	s := newStand(t, cut, other)
	s.list.OnEnter = func(int) { s.list.Refresh() } // as an expanded row is drawn
	s.window.Canvas().Focus(s.list)
	s.rests()
	s.wants("at the row", cut)
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.wants("after Enter", "")
	s.rests()
	s.list.Refresh()
	s.wants("a while after Enter", "")
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.wants("at the next row", other)
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.areas[cut].MouseIn(nil)
	s.wants("under the pointer on another row", cut)
	s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.wants("after Enter with the pointer elsewhere", "")
}

// TestHover_tellsTheRowThatCameIntoSight, not the one that its place showed before.
func TestHover_tellsTheRowThatCameIntoSight(t *testing.T) {
	names := make([]string, 30)
	for n := range names {
		names[n] = strings.Repeat("ж", n+1) + " " + cut
	}
	s := newStand(t, names...)
	s.window.Canvas().Focus(s.list)
	s.rests()
	for n, name := range names[:15] {
		s.wants("at a row", name)
		if n < 14 {
			s.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
	}
}
