package tray

import (
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
)

// Face is what the icon shows: that the server is away before anything else, then what rings, then a talk.
func Face(cards []present.Card, missed int, doNotDisturb, live bool) State {
	state := Idle
	if missed > 0 {
		state = Missed
	}
	if doNotDisturb {
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
	if !live {
		state = Offline
	}
	return state
}
