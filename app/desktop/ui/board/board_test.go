package board_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/board"
	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// stand is a main window with a card at its right, and what its keys did.
type stand struct {
	t      *testing.T
	window fyne.Window
	frame  *mainwin.Frame
	did    string
	hotkey string
	fault  error
}

func newStand(t *testing.T, page string) *stand {
	t.Helper()
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	s := &stand{t: t, frame: uitest.Window(h, page).(*mainwin.Frame)}
	s.window = uitest.WindowOf(t, s.frame, fyne.NewSize(1180, 760))
	play := player.New(h, os.TempDir())
	board.Hear(s.window.Canvas(), board.Program{
		Text: func() *i18n.Text { return h.Words }, Frame: func() *mainwin.Frame { return s.frame }, Player: func() *player.Player { return play },
		Dial: func() { s.did += "dial " }, NewClient: func() { s.did += "client " }, Help: func() { s.did += "help " },
		Transfer: func() bool { s.did += "transfer "; return true },
		Hotkey: func(setting string) (string, error) {
			if setting == config.CardHotkey {
				return "Ctrl+Alt+S", nil
			}
			return s.hotkey, s.fault
		},
	})
	return s
}

// press types a key where the keyboard is, with others held.
func (s *stand) press(held fyne.KeyModifier, key fyne.KeyName) {
	s.t.Helper()
	over := s.window.Canvas()
	if held&^fyne.KeyModifierShift != 0 {
		shortcut := fyne.Shortcut(&desktop.CustomShortcut{KeyName: key, Modifier: held})
		if held == keys.Main && key == fyne.KeyZ {
			shortcut = &fyne.ShortcutUndo{}
		}
		if at, hears := over.Focused().(fyne.Shortcutable); hears {
			at.TypedShortcut(shortcut)
			return
		}
		over.(fyne.Shortcutable).TypedShortcut(shortcut)
		return
	}
	release := uitest.Hold(s.t, held)
	defer release()
	event := &fyne.KeyEvent{Name: key}
	if at := over.Focused(); at != nil {
		at.TypedKey(event)
		return
	}
	over.OnTypedKey()(event)
}

func (s *stand) focused() string {
	switch at := s.window.Canvas().Focused().(type) {
	case nil:
		return "nothing"
	case *widgets.Entry:
		return "field " + at.PlaceHolder
	case *widgets.List:
		return "list"
	case *widgets.Bar:
		return "bar"
	case *widgets.Button:
		return "button " + at.Label
	default:
		return "something else"
	}
}

func (s *stand) wantFocused(when, want string) {
	s.t.Helper()
	if got := s.focused(); !strings.HasPrefix(got, want) {
		s.t.Errorf("%s the keyboard is at %q, want %q", when, got, want)
	}
}

// TestBoard_takesOneThroughTheWindow without the pointer: search, rows, another page, the card, and back.
func TestBoard_takesOneThroughTheWindow(t *testing.T) {
	s := newStand(t, "feed")
	s.press(0, fyne.KeySlash)
	s.wantFocused("after /", "field Имя")
	s.press(0, fyne.KeyEscape)
	s.wantFocused("after Esc in the search", "list")
	s.press(0, fyne.KeySlash)
	s.press(0, fyne.KeyDown)
	s.wantFocused("after ↓ in the search", "list")
	s.press(0, fyne.KeyF6)
	s.wantFocused("after F6", "button")
	for _, scroll := range uitest.All[*container.Scroll](s.frame) {
		if scroll.Offset.Y != 0 {
			t.Errorf("on the way to the card's first button it was scrolled by %v", scroll.Offset.Y)
		}
	}
	s.press(0, fyne.KeyF6)
	s.wantFocused("after another F6", "list")
	s.press(keys.Main, fyne.Key2)
	if s.frame.Page() != "missed" {
		t.Fatalf("Ctrl+2 went to %q", s.frame.Page())
	}
	s.press(keys.Main, fyne.Key9)
	if s.frame.Page() != "missed" {
		t.Errorf("Ctrl+9, of which there is no page, went to %q", s.frame.Page())
	}
	s.press(keys.Main, fyne.Key1)
	s.press(0, fyne.KeySlash)
	s.press(keys.Main, fyne.KeyK)
	s.press(keys.Main, fyne.KeyN)
	s.press(keys.Main, fyne.KeyT)
	s.press(0, fyne.KeyF1)
	if s.did != "dial client transfer help " {
		t.Errorf("from the search the keys did %q", s.did)
	}
}

// TestBoard_tabGoesSearchChipsListCard, and to the rail, the person at its foot and the head after them.
func TestBoard_tabGoesSearchChipsListCard(t *testing.T) {
	s := newStand(t, "feed")
	var way []string
	for range 30 {
		s.window.Canvas().FocusNext()
		at := s.focused()
		if len(way) > 0 && at == way[0] {
			break
		}
		way = append(way, at)
	}
	got := strings.Join(way, " · ")
	if !strings.HasPrefix(got, "field Имя, номер, текст… · bar · bar · list · ") {
		t.Errorf("Tab goes %s", got)
	}
	if !strings.HasSuffix(got, "· bar · something else · button ⋯ · button Позвонить… Ctrl+K") {
		t.Errorf("Tab ends with %s, want the rail, the person and the head", got)
	}
}

func TestBoard_undoPressesWhatIsOffered(t *testing.T) {
	s := newStand(t, "feed")
	taken := 0
	s.frame.Offer("Карточка удалена", "Отменить", func() { taken++ })
	s.press(keys.Main, fyne.KeyZ)
	s.press(keys.Main, fyne.KeyZ)
	if taken != 1 {
		t.Errorf("it was taken back %d times", taken)
	}
}

// TestBoard_pageOfKeysListsWhatIsHeard, and hides what is under it from the keys.
func TestBoard_pageOfKeysListsWhatIsHeard(t *testing.T) {
	s := newStand(t, "feed")
	s.hotkey, s.fault = "Ctrl+Alt+D", hotkey.ErrTaken
	over := s.window.Canvas()
	for _, question := range []fyne.KeyName{fyne.KeySlash, fyne.Key7} { // in the American and in the Russian layout
		s.press(fyne.KeyModifierShift, question)
		if over.Overlays().Top() == nil {
			t.Fatalf("Shift+%s shows nothing", question)
		}
		says := uitest.Readable(over.Overlays().Top())
		for _, words := range []string{
			"Клавиши", "Везде", "Позвонить…", "Ctrl", "K", "Поиск", "/", "Страницы", "–", "В списках", "Раскрыть, свернуть", "Enter", "Home", "F10",
			"Запись разговора", "Пробел", "Из любой программы", "Alt", "занято другой программой",
			"К карточке звонка", "Пока говорите", "Записать заметку", "Перевести…", "Карточка звонка", "Нажать кнопку", "Убрать, звонок идёт",
		} {
			if !strings.Contains(says, words) {
				t.Errorf("the page lacks %q; it says\n%s", words, says)
			}
		}
		s.press(keys.Main, fyne.KeyK)
		s.press(0, fyne.KeyEscape)
		if over.Overlays().Top() != nil {
			t.Fatal("Esc does not hide it")
		}
	}
	if s.did != "" {
		t.Errorf("under the page the keys did %q", s.did)
	}
	s.hotkey, s.fault = "none", errors.New("gone")
	s.press(fyne.KeyModifierShift, fyne.KeySlash)
	if says := uitest.Readable(over.Overlays().Top()); strings.Contains(says, "Номер из буфера") {
		t.Error("a combination is listed that nobody chose")
	}
	s.press(fyne.KeyModifierShift, fyne.KeySlash)
	if over.Overlays().Top() != nil {
		t.Error("? does not hide it")
	}
}

// TestBoard_escClosesASheetFromWherever its keyboard is.
func TestBoard_escClosesASheetFromWherever(t *testing.T) {
	s := newStand(t, "feed")
	over := s.window.Canvas()
	closed := 0
	var pop *widget.PopUp
	pick := widgets.NewPick(func() {})
	controls := []fyne.Focusable{
		widgets.NewButton("Отмена", widgets.Quiet, func() {}), widgets.NewChips(widgets.NewFilter("Всё", func() {})),
		widgets.NewPicks(widgets.Stack(widgets.Space(99, 40), pick), pick), widgets.NewEntry("Имя"), widgets.Switch("", true, func(bool) {}),
	}
	body := widgets.Column(8)
	for _, c := range controls {
		body.Add(c.(fyne.CanvasObject))
	}
	pop = widgets.NewSheet(over, 300, body, func() { closed++; pop.Hide() })
	for n, c := range append(controls, nil) {
		pop.Show()
		over.Focus(c)
		s.press(0, fyne.KeyEscape)
		if closed != n+1 || over.Overlays().Top() != nil {
			t.Errorf("Esc on %T closed it %d times, want %d", c, closed, n+1)
			closed = n + 1
			pop.Hide()
		}
	}
}

// TestBoard_escClosesADialogueOfFynes.
func TestBoard_escClosesADialogueOfFynes(t *testing.T) {
	s := newStand(t, "feed")
	dialog.NewFileOpen(func(fyne.URIReadCloser, error) {}, s.window).Show()
	if s.window.Canvas().Overlays().Top() == nil {
		t.Fatal("no dialogue is shown")
	}
	s.press(0, fyne.KeyEscape)
	if s.window.Canvas().Overlays().Top() != nil {
		t.Error("it is still there")
	}
}

// TestBoard_theFirstKeyComesToTheRows while nothing has the keyboard, as after signing in or a click beside all.
func TestBoard_theFirstKeyComesToTheRows(t *testing.T) {
	for _, k := range []struct {
		held fyne.KeyModifier
		key  fyne.KeyName
		at   int
		menu bool
	}{
		{0, fyne.KeyDown, 0, false},
		{0, fyne.KeyHome, 0, false},
		{0, fyne.KeyEnd, len(uitest.Entries()) - 1, false},
		{fyne.KeyModifierShift, fyne.KeyF10, 0, true},
	} {
		s := newStand(t, "feed")
		over := s.window.Canvas()
		s.press(k.held, k.key)
		list, ok := over.Focused().(*widgets.List)
		if k.menu {
			if over.Overlays().Top() == nil {
				t.Errorf("%s opens no menu", k.key)
			}
			continue
		}
		if !ok || list.At() != k.at {
			t.Errorf("after %s the keyboard is at %q", k.key, s.focused())
		}
	}
	s := newStand(t, "feed")
	s.press(0, fyne.KeyReturn)
	s.wantFocused("after Enter", "nothing")
	s.press(0, fyne.KeySlash)
	s.press(0, fyne.KeyDown)
	s.press(0, fyne.KeySlash)
	s.press(0, fyne.KeyEnd)
	s.wantFocused("after End in the search", "field")
}

// TestBoard_arrowsGoOnFromAButtonOfARow, such as that of its menu: to the row beside it, where the keyboard is heard.
func TestBoard_arrowsGoOnFromAButtonOfARow(t *testing.T) {
	for key, want := range map[fyne.KeyName]int{fyne.KeyDown: 2, fyne.KeyUp: 0, fyne.KeyHome: 0} {
		s := newStand(t, "contracts")
		over := s.window.Canvas()
		s.press(0, fyne.KeyDown)
		list, ok := over.Focused().(*widgets.List)
		if !ok {
			t.Fatalf("the keyboard is at %q", s.focused())
		}
		s.press(0, fyne.KeyDown)
		over.FocusNext()
		if sign, ok := over.Focused().(*widgets.Button); !ok || sign.Label != "⋯" || list.At() != 1 {
			t.Fatalf("Tab in row %d comes to %q", list.At(), s.focused())
		}
		s.press(0, key)
		if over.Focused() != fyne.Focusable(list) || list.At() != want {
			t.Errorf("after %s the keyboard is at %q, row %d, want row %d", key, s.focused(), list.At(), want)
		}
	}
	// A button elsewhere keeps it.
	s := newStand(t, "contracts")
	over := s.window.Canvas()
	for range 60 {
		over.FocusNext()
		if b, ok := over.Focused().(*widgets.Button); ok && strings.HasPrefix(b.Label, "Позвонить") {
			s.press(0, fyne.KeyDown)
			if over.Focused() != fyne.Focusable(b) {
				t.Errorf("from the head the keyboard goes to %q", s.focused())
			}
			return
		}
	}
	t.Error("the head's button is not reached")
}
