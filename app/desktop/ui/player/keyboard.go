package player

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/keys"
)

// Keys are what the keyboard does with the recording that is open; of is the player at that moment, nil while nobody
// is signed in.
func Keys(of func() *Player) []keys.Binding {
	do := func(act func(p *Player, n int)) func(int) bool {
		return func(n int) bool {
			p := of()
			if p == nil || p.clip == nil && p.state != Loading && p.state != Broken {
				return false
			}
			act(p, n)
			return true
		}
	}
	on, shift, held := keys.On, keys.With, keys.Main
	return []keys.Binding{
		{Group: keys.Recording, Words: "keys.play", Strokes: []keys.Stroke{on(fyne.KeySpace)}, Do: do(func(p *Player, _ int) { p.Toggle() })},
		{Group: keys.Recording, Words: "keys.seek", Strokes: []keys.Stroke{on(fyne.KeyLeft), on(fyne.KeyRight)}, Do: do(func(p *Player, n int) {
			p.Key([]fyne.KeyName{fyne.KeyLeft, fyne.KeyRight}[n])
		})},
		{
			Group: keys.Recording, Words: "keys.to_flag",
			Strokes: []keys.Stroke{shift(fyne.KeyModifierShift, fyne.KeyLeft), shift(fyne.KeyModifierShift, fyne.KeyRight)},
			Do:      do(func(p *Player, n int) { p.marks.openBeside(2*n - 1) }),
		},
		{
			Group: keys.Recording, Words: "keys.speed",
			Strokes: []keys.Stroke{on(fyne.KeyMinus), on(fyne.KeyEqual), keys.With(fyne.KeyModifierShift, fyne.KeyEqual), on(fyne.KeyPlus)},
			Do:      do(func(p *Player, n int) { faster(p, min(1, n)*2-1) }),
		},
		{Group: keys.Recording, Words: "keys.silence", Strokes: []keys.Stroke{on(fyne.KeyT)}, Do: do(func(p *Player, _ int) {
			how := p.Manner()
			how.SkipSilence = !how.SkipSilence
			p.Change(how)
		})},
		// The letter is typed a moment after the key: it must not land in the field.
		{Group: keys.Recording, Words: "keys.flag", Strokes: []keys.Stroke{on(fyne.KeyF)}, Do: do(func(p *Player, _ int) { fyne.Do(p.marks.SelectHere) })},
		{
			Group: keys.Recording, Words: "keys.volume", Strokes: []keys.Stroke{keys.With(held, fyne.KeyUp), keys.With(held, fyne.KeyDown)},
			Do: do(func(p *Player, n int) {
				how := p.Manner()
				how.Volume += volumeStep * float64(1-2*n)
				p.Change(how)
			}),
		},
	}
}

// faster goes to the next speed, or the one before; at the ends it stays.
func faster(p *Player, by int) {
	how := p.Manner()
	how.Speed = speeds[max(0, min(len(speeds)-1, slices.Index(speeds, how.Speed)+by))]
	p.Change(how)
}

// flagNear is how near to a flag somebody is at it.
const flagNear = 300 * time.Millisecond

// openBeside opens the next flag, or the one before.
func (m *marks) openBeside(by int) {
	at := m.p.position()
	all := m.list()
	if by < 0 {
		slices.Reverse(all)
	}
	for _, f := range all {
		from := time.Duration(f.FromMS) * time.Millisecond
		if by > 0 && from > at+flagNear || by < 0 && from < at-flagNear {
			m.Open(f)
			return
		}
	}
}
