package screens

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// said is what a card reported.
type said struct{ acts []string }

func (s *said) add(act string)                          { s.acts = append(s.acts, act) }
func (s *said) Open(c present.Card)                     { s.add("open " + c.ID) }
func (s *said) NewLead(c present.Card)                  { s.add("lead " + c.Phone) }
func (s *said) Choose(_ present.Card, b client.Subject) { s.add("choose " + b.Name) }
func (s *said) Note(id, words string)                   { s.add("note " + id + " " + words) }
func (s *said) Command(id string, act present.Act)      { s.add(string(act) + " " + id) }
func (s *said) Transfer(id, extension string, consult bool) {
	if consult {
		s.add("ask " + id + " " + extension)
		return
	}
	s.add("transfer " + id + " " + extension)
}
func (s *said) Hangup(id string)        { s.add("hangup " + id) }
func (s *said) CallBack(c present.Card) { s.add("back " + c.Phone) }
func (s *said) Take(c present.Card)     { s.add("take " + c.Phone) }
func (s *said) Dismiss(c present.Card)  { s.add("dismiss " + c.ID) }
func (s *said) SMS(c present.Card)      { s.add("sms " + c.Phone) }
func (s *said) Chat(c present.Card)     { s.add("chat " + c.Phone) }
func (s *said) Copy(words string)       { s.add("copy " + words) }
func (s *said) Typing(string)           {}
func (s *said) Task(c present.Card)     { s.add("task " + c.Phone) }
func (s *said) Done(c present.Card)     { s.add("done " + c.ID) }
func (s *said) Listen(c present.Card)   { s.add("listen " + c.About) }
func (s *said) Outcome(c present.Card, outcome, words string, at *time.Time) {
	s.add(strings.TrimSpace(fmt.Sprint("outcome ", c.ID, " ", outcome, " ", words, " ", at != nil)))
}

func (s *said) Snooze(c present.Card, until time.Time) {
	s.add("snooze " + c.ID + " " + time.Until(until).Round(time.Minute).String())
}
func (s *said) FocusNote(string)              {}
func (s *said) ReleaseNote(string)            {}
func (s *said) Colleagues() []client.Employee { return []client.Employee{borisov} }

// buttons finds the buttons under an object by their words.
func buttons(object fyne.CanvasObject, found map[string]*widgets.Button) map[string]*widgets.Button {
	switch o := object.(type) {
	case *widgets.Button:
		found[o.Label] = o
	case *fyne.Container:
		for _, child := range o.Objects {
			buttons(child, found)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			buttons(child, found)
		}
	}
	return found
}

func TestCard_reportsWhatThePersonDoes(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
	tests := []struct{ state, press, want string }{
		{"1-known", "Открыть договор", "open c"},
		{"2-unknown", "Новый клиент", "lead +74232555148"},
		{"4-talking", "Завершить", "hangup c"},
		{"4-talking", "Карточка", "open c"},
		{"8-held", "Вернуть", "resume c"},
		{"9-consulting", "Соединить", "connect c"},
		{"9-consulting", "Вернуться к клиенту", "return c"},
		{"5-dialling", "Отменить", "hangup c"},
	}
	for _, tt := range tests {
		text := i18n.New(i18n.Russian)
		m := model.New(model.Config{Me: kireeva})
		call := cards()[tt.state]
		m.Apply(client.StreamEvent{Type: "call", Data: &call})
		heard := &said{}
		view := popup.NewView(text, heard, nil)
		view.Draw(present.Cards(m, text, now)[0], text, now)
		button := buttons(view, map[string]*widgets.Button{})[tt.press]
		if button == nil {
			t.Errorf("%s has no button %q", tt.state, tt.press)
			continue
		}
		test.Tap(button)
		if !slices.Contains(heard.acts, tt.want) {
			t.Errorf("%s, %q: reported %q, want %q", tt.state, tt.press, heard.acts, tt.want)
		}
	}
}

// talkingView is a card in a talk, with who hears of what is pressed.
func talkingView(t *testing.T, state string) (*popup.View, *said, func(word string)) {
	t.Helper()
	lightApp(t)
	text := i18n.New(i18n.Russian)
	m := model.New(model.Config{Me: kireeva})
	call := cards()[state]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	heard := &said{}
	view := popup.NewView(text, heard, nil)
	view.Draw(present.Cards(m, text, now)[0], text, now)
	return view, heard, func(word string) {
		t.Helper()
		button := buttons(view, map[string]*widgets.Button{})[word]
		if button == nil {
			t.Fatalf("%s has no button %q", state, word)
		}
		test.Tap(button)
	}
}

func TestCard_transfersAtOnceOrAsksFirst(t *testing.T) {
	for _, tt := range []struct {
		state string
		press []string
		want  string
	}{
		{"4-talking", []string{"Перевести"}, "transfer c 102"},
		{"7-able", []string{"Перевести"}, "transfer c 102"},
		{"7-able", []string{"Перевести", "Сначала спросить"}, "ask c 102"},
		{"7-able", []string{"Перевести", "Сначала спросить", "Перевести сразу"}, "transfer c 102"},
	} {
		view, heard, press := talkingView(t, tt.state)
		for _, word := range tt.press {
			press(word)
		}
		areas := all[*widgets.Area](view)
		test.Tap(areas[len(areas)-1]) // the row of the only colleague
		if !slices.Equal(heard.acts, []string{tt.want}) {
			t.Errorf("%s, %q: reported %q, want %q", tt.state, tt.press, heard.acts, tt.want)
		}
	}
}

func TestCard_holdsAndRecordsFromTheSecondRow(t *testing.T) {
	_, heard, press := talkingView(t, "7-able")
	press("⋯")
	press("Удержать")
	press("⋯")
	press("Записать")
	if want := []string{"hold c", "record c"}; !slices.Equal(heard.acts, want) {
		t.Errorf("reported %q, want %q", heard.acts, want)
	}
}

func TestFeed_expandsAndCallsBack(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
	h := newHost(t, i18n.Russian)
	view := feed.New(h, func() *client.API { return h.api }, player.New(h, t.TempDir()), &feed.State{})
	w := test.NewTempWindow(t, view)
	w.Resize(fyne.NewSize(900, 700))
	view.Reload()
	if _, ok := view.Expand("c3"); !ok {
		t.Fatal("the missed call is not in the feed")
	}
	found := buttons(view, map[string]*widgets.Button{})
	if found["Перезвонить"] == nil || found["Новый клиент"] == nil {
		t.Fatalf("an unbound missed call offers %d acts, not calling back and a new client", len(found))
	}
	test.Tap(found["Перезвонить"])
	test.Tap(found["Новый клиент"])
	if !slices.Equal(h.dialed, []string{"+79145550148"}) || !slices.Equal(h.leads, []string{"+79145550148"}) {
		t.Errorf("dialled %q, leads %q", h.dialed, h.leads)
	}
}

func TestFit_cutsAtTheEnd(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
	const name = "Константинопольская-Покровская Дарья"
	cut := widgets.Fit(name, 120, theme.Body, fyne.TextStyle{})
	if []rune(cut)[len([]rune(cut))-1] != '…' || fyne.MeasureText(cut, theme.Body, fyne.TextStyle{}).Width > 120 {
		t.Errorf("cut to %q", cut)
	}
	if got := widgets.Fit(name, 1000, theme.Body, fyne.TextStyle{}); got != name {
		t.Errorf("cut %q without need", got)
	}
}
