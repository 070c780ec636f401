package screens

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// storm is how many calls ring, talk and were missed at once.
type storm struct{ ring, talk, missed int }

var storms = map[string]storm{
	"one":    {1, 0, 0},
	"three":  {2, 0, 1},
	"design": {3, 1, 7}, // as the board of the design
	"thirty": {30, 0, 0},
	"missed": {0, 0, 7},
	"talk":   {0, 1, 2},
}

// stormWindow is the window of the cards in a storm.
func stormWindow(t *testing.T, l look, s storm) (fyne.Window, *uitest.Screen) {
	t.Helper()
	m := model.New(model.Config{Me: uitest.Kireeva, Now: func() time.Time { return uitest.Now }})
	n := 0
	tell := func(count int, ago time.Duration, face string, end bool) {
		for range count {
			call := uitest.Cards()[face]
			call.ID, call.Phone = fmt.Sprint(n), fmt.Sprintf("+7916000%04d", 1000+n)
			call.StartedAt = uitest.Ago(ago - time.Duration(n)*time.Second)
			if n%3 == 2 {
				call.Subject, call.LastNote = nil, nil
			}
			n++
			m.Apply(client.StreamEvent{Type: "call", Data: &call})
			if end {
				call.State, call.Ringing, call.Result, call.EndedAt = client.StateEnded, nil, client.Missed, uitest.At(uitest.Now)
				m.Apply(client.StreamEvent{Type: "call", Data: &call})
			}
		}
	}
	tell(s.missed, time.Hour, "6-missed", true)
	tell(s.talk, 10*time.Minute, "4-talking", false)
	tell(s.ring, 2*time.Minute, "1-known", false)
	screen, text := uitest.NewScreen(), i18n.New(l.lang)
	stack := popup.NewStack(fyne.CurrentApp(), screen, text, &uitest.Said{})
	stack.Update(present.Cards(m, text, uitest.Now), text, uitest.Now)
	for w := range screen.Windows {
		t.Cleanup(w.Close)
		return w, screen
	}
	t.Fatal("no card is shown")
	return nil, nil
}

// drawStorms draws the stack of cards in its window, as it is cut out of it.
func drawStorms(t *testing.T, l look) {
	for name, s := range storms {
		w, _ := stormWindow(t, l, s)
		uitest.Snap(t, "storm-"+name+l.suffix(), w)
		if wide := w.Content().MinSize().Width; wide > theme.Card {
			t.Errorf("%s, %s: the stack is %v wide", name, l.lang, wide)
		}
		for _, b := range uitest.Buttons(w.Content(), map[string]*widgets.Button{}) {
			const margins = 24 - 8 // of a button's words; they may shrink before the words are cut
			if b.MinSize().Width-margins > b.Size().Width {
				t.Errorf("%s, %s: %q is cut on its button", name, l.lang, b.Label)
			}
		}
	}
}
