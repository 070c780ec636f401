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
	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// strips are what stands aside: the faces of the calls, in order of time, and whether another program has the whole
// screen.
var strips = map[string]struct {
	faces    []string
	full     bool
	practice bool
}{
	"rings":    {faces: []string{"1-known"}, full: true},
	"number":   {faces: []string{"2-unknown"}, full: true},
	"talks":    {faces: []string{"4-talking"}, full: true},
	"several":  {faces: []string{"1-known", "2-unknown", "3-several"}, full: true},
	"practice": {faces: []string{"1-known"}, full: true, practice: true},
	"talk":     {faces: []string{"7-able", "1-known", "2-unknown"}},
}

// stripWindow is the window of the cards while some of them stand aside, and what of it is seen.
func stripWindow(t *testing.T, l look, name string) (fyne.Window, *uitest.Screen) {
	t.Helper()
	s := strips[name]
	m := model.New(model.Config{Me: uitest.Kireeva, Now: func() time.Time { return uitest.Now }})
	screen, text := uitest.NewScreen(), i18n.New(l.lang)
	stack := popup.NewStack(fyne.CurrentApp(), screen, text, &uitest.Said{})
	stack.Quiet(s.full)
	stack.Aside(true)
	for n, face := range s.faces {
		call := uitest.Cards()[face]
		call.ID, call.Phone, call.Practice = fmt.Sprint("c", n), fmt.Sprintf("+7916000%04d", 1000+n), s.practice
		m.Apply(client.StreamEvent{Type: "call", Data: &call})
	}
	stack.Update(present.Cards(m, text, uitest.Now), text, uitest.Now)
	for w := range screen.Windows {
		t.Cleanup(w.Close)
		return w, screen
	}
	t.Fatal("nothing is shown")
	return nil, nil
}

// drawStrips draws the window of the cards, as it is cut out of it.
func drawStrips(t *testing.T, l look) {
	for name := range strips {
		w, _ := stripWindow(t, l, name)
		uitest.Snap(t, "strip-"+name+l.suffix(), w)
	}
}
