package popup_test

import (
	"slices"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

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
		m := model.New(model.Config{Me: uitest.Kireeva})
		call := uitest.Cards()[tt.state]
		m.Apply(client.StreamEvent{Type: "call", Data: &call})
		heard := &uitest.Said{}
		view := popup.NewView(text, heard, nil)
		view.Draw(present.Cards(m, text, uitest.Now)[0], text, uitest.Now)
		button := uitest.Buttons(view, map[string]*widgets.Button{})[tt.press]
		if button == nil {
			t.Errorf("%s has no button %q", tt.state, tt.press)
			continue
		}
		test.Tap(button)
		if !slices.Contains(heard.Acts, tt.want) {
			t.Errorf("%s, %q: reported %q, want %q", tt.state, tt.press, heard.Acts, tt.want)
		}
	}
}

// talkingView is a card in a talk, with who hears of what is pressed.
func talkingView(t *testing.T, state string) (*popup.View, *uitest.Said, func(word string)) {
	t.Helper()
	uitest.LightApp(t)
	text := i18n.New(i18n.Russian)
	m := model.New(model.Config{Me: uitest.Kireeva})
	call := uitest.Cards()[state]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	heard := &uitest.Said{}
	view := popup.NewView(text, heard, nil)
	view.Draw(present.Cards(m, text, uitest.Now)[0], text, uitest.Now)
	return view, heard, func(word string) {
		t.Helper()
		button := uitest.Buttons(view, map[string]*widgets.Button{})[word]
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
		test.Tap(uitest.All[*widgets.Pick](view)[1]) // the row of the only colleague, after the duration
		if !slices.Equal(heard.Acts, []string{tt.want}) {
			t.Errorf("%s, %q: reported %q, want %q", tt.state, tt.press, heard.Acts, tt.want)
		}
	}
}

func TestCard_holdsAndRecordsFromTheSecondRow(t *testing.T) {
	_, heard, press := talkingView(t, "7-able")
	press("⋯")
	press("Удержать")
	press("⋯")
	press("Записать")
	if want := []string{"hold c", "record c"}; !slices.Equal(heard.Acts, want) {
		t.Errorf("reported %q, want %q", heard.Acts, want)
	}
}

// TestCard_itsDurationOpensTheCourse of the call, by the pointer and by Tab, past which the keyboard begins.
func TestCard_itsDurationOpensTheCourse(t *testing.T) {
	for _, state := range []string{"1-known", "4-talking", "6-missed"} {
		c := newCorner(t)
		if call := c.call(1, 20, state); state == "6-missed" {
			c.misses(1, 20)
		} else {
			c.hears(call)
		}
		for _, one := range c.stack.Shown()[0].Spots {
			if one.Name == "course" {
				test.TapCanvas(c.window().Canvas(), fyne.NewPos(float32(one.X-c.At.X), float32(one.Y-c.At.Y)))
			}
		}
		if want := []string{"course c1"}; !slices.Equal(c.said.Acts, want) {
			t.Fatalf("%s: a click did %q, want %q", state, c.said.Acts, want)
		}
		c.stack.TakeKeys()
		c.window().Canvas().FocusPrevious()
		c.types(fyne.KeyReturn)
		if want := []string{"course c1", "course c1"}; !slices.Equal(c.said.Acts, want) {
			t.Errorf("%s: the key did %q, want %q", state, c.said.Acts, want)
		}
	}
}

// TestCard_talkFitsItsWindow however long the name and the time, and says in any case that the call is held.
func TestCard_talkFitsItsWindow(t *testing.T) {
	for _, state := range []string{"4-talking", "8-held"} {
		for _, after := range []time.Duration{0, 2 * time.Hour} {
			c := newCorner(t)
			call := c.call(1, 20, state)
			call.Subject = &client.Subject{Kind: client.KindContract, ID: "k1", Name: "Константинопольская-Преображенская Александра Вячеславовна", Detail: "Договор № 123"}
			c.now = c.now.Add(after)
			c.hears(call)
			view := c.content()
			if wide := view.MinSize().Width; wide > theme.Card {
				t.Errorf("%s after %s is %v wide", state, after, wide)
			}
			held := false
			for _, label := range uitest.All[*widgets.Label](view) {
				held = held || label.Text == "На удержании" && !label.Cut()
				if label.Text == "Договор № 123" && label.Cut() {
					t.Errorf("%s after %s: of the contract %v is left", state, after, label.Size().Width)
				}
			}
			if held != (state == "8-held") {
				t.Errorf("%s after %s: it says that the call is held: %t", state, after, held)
			}
		}
	}
}
