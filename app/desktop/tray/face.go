package tray

import (
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
)

// Now is what the icon tells beside the calls.
type Now struct {
	Missed       int
	DoNotDisturb bool
	Live         bool // connected to the server
	Practising   bool
}

// Face is what the icon shows: that the server is away before anything else, then that nothing of it is real, then
// what rings, then a talk.
func Face(cards []present.Card, now Now) State {
	switch {
	case !now.Live:
		return Offline
	case now.Practising:
		return Practice
	}
	state := Idle
	if now.Missed > 0 {
		state = Missed
	}
	if now.DoNotDisturb {
		state = DoNotDisturb
	}
	for _, card := range cards {
		if card.State == model.CardTalking || card.State == model.CardHeld {
			state = Talking
		}
	}
	for _, card := range cards {
		if card.State == model.CardRinging {
			state = Ringing
		}
	}
	return state
}
