package timeline_test

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/timeline"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// opened is the course of a call over a window with the feed.
func opened(t *testing.T, answer any) (*uitest.Host, fyne.Window, *player.Player, *timeline.Sheet) {
	t.Helper()
	return openedWith(t, answer, nil)
}

// openedWith is opened with another recording; nil: the school's.
func openedWith(t *testing.T, answer any, recording []byte) (*uitest.Host, fyne.Window, *player.Player, *timeline.Sheet) {
	t.Helper()
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	if recording != nil {
		h.School.Recording = recording
	}
	h.School.Answers["/calls/c2/timeline"] = answer
	play := player.New(h, t.TempDir())
	view := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
	w := test.NewTempWindow(t, view)
	w.Resize(fyne.NewSize(1180, 760))
	view.Reload()
	return h, w, play, timeline.Open(h, w.Canvas(), play, uitest.Entries()[1])
}

func over(t *testing.T, w fyne.Window) fyne.CanvasObject {
	t.Helper()
	top := w.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("no sheet is open")
	}
	return top
}

func TestSheet_showsTheCourse(t *testing.T) {
	h, w, _, _ := opened(t, uitest.Course())
	says := uitest.Readable(over(t, w))
	for _, want := range []string{"Шангутов Александр Александрович", "Что прислала АТС", "Не ответил доб. 101", "карточка: Киреева А. С.", "38 мс", "Сверено с АТС: расхождений нет", "Карточка самое позднее через 44 мс.", "Она не ответила за 15 с"} {
		if !strings.Contains(says, want) {
			t.Errorf("it does not say %q; it says\n%s", want, says)
		}
	}
	test.Tap(uitest.Buttons(over(t, w), map[string]*widgets.Button{})["Скопировать ход звонка"])
	if !strings.Contains(h.Copied, "101") || strings.Contains(h.Copied, "Киреева") || strings.Contains(h.Copied, "555") {
		t.Errorf("copied is\n%s", h.Copied)
	}
}

// TestSheet_aClickGoesToThatMoment of the recording, which begins where its talk began. It cannot be heard here, so
// that no device is asked: what plays is TestWave_playsFromAMoment's.
func TestSheet_aClickGoesToThatMoment(t *testing.T) {
	_, w, play, _ := openedWith(t, uitest.Course(), []byte("no sound at all"))
	focused, ok := w.Canvas().Focused().(fyne.Tappable)
	if !ok {
		t.Fatal("the lanes have not the keyboard")
	}
	wide := focused.(fyne.CanvasObject).Size().Width
	x := func(second float64) float32 { return 188 + (wide-188-32)*float32(second/111.9) }
	for second, want := range map[float64]float64{10: 0, 40: 11.1, 111: 82.1} {
		focused.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x(second), 100)})
		if _, at, _, _ := play.Status(); at.Seconds() < want-0.2 || at.Seconds() > want+0.2 {
			t.Errorf("a click at %v s goes to %s, want %v s", second, at, want)
		}
	}
}

func TestSheet_closesOnEscape(t *testing.T) {
	_, w, _, _ := opened(t, uitest.Course())
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the sheet is still there")
	}
}

// silent is a school whose server does not answer.
type silent struct{ *uitest.Host }

func (silent) Work(func(context.Context, *client.API) error, func(error)) {}

// TestSheet_closesOnEscapeBeforeAnythingIsThere: while its course is read, and where it could not be.
func TestSheet_closesOnEscapeBeforeAnythingIsThere(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/calls/c2/timeline"] = &client.Problem{Status: 403, Code: "participants_only"}
	for name, host := range map[string]timeline.Host{"read": silent{h}, "refused": h} {
		w := test.NewTempWindow(t, widgets.Space(900, 600))
		timeline.Open(host, w.Canvas(), nil, uitest.Entries()[1])
		if !widgets.Escape(w.Canvas()) || w.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: Escape does not close it", name)
		}
	}
}

// TestSheet_saysWhatFailed, and reads it again.
func TestSheet_saysWhatFailed(t *testing.T) {
	h, w, _, _ := opened(t, &client.Problem{Status: 403, Code: "participants_only", Detail: "Звонок открывают участники."})
	if says := uitest.Readable(over(t, w)); !strings.Contains(says, "Ход звонка не открылся") || !strings.Contains(says, "Звонок открывают участники.") {
		t.Errorf("it says\n%s", says)
	}
	h.School.Answers["/calls/c2/timeline"] = uitest.Course()
	test.Tap(uitest.Buttons(over(t, w), map[string]*widgets.Button{})["Повторить"])
	if says := uitest.Readable(over(t, w)); !strings.Contains(says, "Что прислала АТС") {
		t.Errorf("after trying again it says\n%s", says)
	}
}

// TestSheet_onlyTheWhole: one lane, and words that the PBX told no more.
func TestSheet_onlyTheWhole(t *testing.T) {
	whole := uitest.Course()
	whole.Whole, whole.Lanes, whole.Moves, whole.Events = true, whole.Lanes[2:3], nil, nil
	_, w, _, _ := opened(t, whole)
	if says := uitest.Readable(over(t, w)); !strings.Contains(says, "АТС прислала только итог") {
		t.Errorf("it says\n%s", says)
	}
}

// TestSheet_opensByTheDuration of a row.
func TestSheet_opensByTheDuration(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/calls/c2/timeline"] = uitest.Course()
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	w := test.NewTempWindow(t, view)
	w.Resize(fyne.NewSize(1180, 760))
	view.Reload()
	for _, label := range uitest.All[*widgets.Label](view) {
		if strings.HasPrefix(label.Text, "4 мин 10 с") {
			test.TapCanvas(w.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(label).AddXY(10, 8))
			if says := uitest.Readable(over(t, w)); !strings.Contains(says, "Что прислала АТС") {
				t.Errorf("it opens\n%s", says)
			}
			return
		}
	}
	t.Fatal("no row tells the duration")
}

// TestSheet_leavesTheKeyboardWhereItIs while the course of a call that goes on is drawn anew, and what is said at its
// foot.
func TestSheet_leavesTheKeyboardWhereItIs(t *testing.T) {
	running := uitest.Course()
	running.Call.State, running.Call.EndedAt, running.Call.Result = client.StateTalking, nil, ""
	h, w, _, _ := opened(t, running)
	copying := uitest.Buttons(over(t, w), map[string]*widgets.Button{})["Скопировать ход звонка"]
	w.Canvas().Focus(copying)
	copying.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	h.Copied = ""
	running.Events = running.Events[:5]
	h.School.Answers["/calls/c2/timeline"] = running
	h.Passes()
	h.Passes() // it is read every other second
	if says := uitest.Readable(over(t, w)); strings.Contains(says, "Конец") || !strings.Contains(says, "скопирован") {
		t.Errorf("drawn anew it says\n%s", says)
	}
	at, ok := w.Canvas().Focused().(*widgets.Button)
	if !ok || at != copying {
		t.Fatalf("the keyboard went to %v", w.Canvas().Focused())
	}
	if at.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}); h.Copied == "" {
		t.Error("Enter does nothing there any more")
	}
	if uitest.Buttons(over(t, w), map[string]*widgets.Button{})["Скопировать ход звонка"] != at {
		t.Error("the button that has the keyboard is not the one that is seen")
	}
}

// TestSheet_opensFromElsewhereAndStopsWithIt: from a card at the side, where no row shows what plays.
func TestSheet_opensFromElsewhereAndStopsWithIt(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/calls/c2/timeline"] = uitest.Course()
	play := player.New(h, t.TempDir())
	view := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
	w := test.NewTempWindow(t, view)
	w.Resize(fyne.NewSize(1180, 760))
	view.Reload()
	view.Course(w.Canvas(), client.FeedEntry{CallID: "c2"})
	view.Course(w.Canvas(), client.FeedEntry{CallID: "c2"})
	if n := len(w.Canvas().Overlays().List()); n != 1 {
		t.Fatalf("%d sheets are open", n)
	}
	if says := uitest.Readable(over(t, w)); !strings.Contains(says, "Запись") {
		t.Errorf("the call's recording is not there:\n%s", says)
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if state, _, _, _ := play.Status(); state == player.Playing || w.Canvas().Overlays().Top() != nil {
		t.Errorf("after the sheet the player is %s", state)
	}
	view.Course(w.Canvas(), client.FeedEntry{CallID: "c2"})
	if w.Canvas().Overlays().Top() == nil {
		t.Error("it does not open again")
	}
}
