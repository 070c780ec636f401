package player

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/keys"
	"dozvon/client"
)

// TestKeys_workTheRecording: each key does what the page of keys says, and nothing while nothing is open.
func TestKeys_workTheRecording(t *testing.T) {
	test.NewTempApp(t) // a flag's field is opened on its goroutine
	p, _, _ := flagging(t)
	p.entry.Flags = []client.Flag{{ID: "a", Part: 1, FromMS: 400, Word: "раз"}, {ID: "b", Part: 1, FromMS: 900, Word: "два"}}
	none := &Player{Kept: &Kept{}}
	var now *Player
	table := &keys.Table{}
	table.Add(Keys(func() *Player { return now })...)
	press := func(s keys.Stroke) {
		t.Helper()
		if !table.Press(s) {
			t.Fatalf("%v does nothing", s)
		}
	}
	for _, now = range []*Player{nil, none} {
		for _, key := range []fyne.KeyName{fyne.KeySpace, fyne.KeyLeft, fyne.KeyMinus, fyne.KeyT, fyne.KeyF} {
			if table.Press(keys.On(key)) {
				t.Errorf("%s does something while nothing is open", key)
			}
		}
	}
	now = p
	shift := func(key fyne.KeyName) keys.Stroke { return keys.With(fyne.KeyModifierShift, key) }
	press(shift(fyne.KeyRight))
	if p.marks.chosen != "a" || p.at != 400*time.Millisecond {
		t.Errorf("the first flag is %q at %s", p.marks.chosen, p.at)
	}
	p.halt()
	press(shift(fyne.KeyRight))
	p.halt()
	press(shift(fyne.KeyRight)) // there is none after the last
	if p.marks.chosen != "b" {
		t.Errorf("the next flag is %q", p.marks.chosen)
	}
	press(shift(fyne.KeyLeft))
	if p.marks.chosen != "a" {
		t.Errorf("the one before is %q", p.marks.chosen)
	}
	p.halt()
	for range 9 {
		press(keys.On(fyne.KeyEqual))
	}
	if p.Manner().Speed != 2 {
		t.Errorf("as fast as it goes is %v", p.Manner().Speed)
	}
	press(keys.On(fyne.KeyMinus))
	press(keys.On(fyne.KeyT))
	press(keys.With(keys.Main, fyne.KeyDown))
	if how := p.Manner(); how.Speed != 1.5 || !how.SkipSilence || how.Volume < 0.85 || how.Volume > 0.95 {
		t.Errorf("played as %+v", how)
	}
	press(keys.On(fyne.KeyF))
	if p.marks.open == nil {
		t.Error("no flag is about to be set")
	}
}
