package tray

import (
	"bytes"
	"testing"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
)

func TestDraw_everyStateLooksDifferent(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, state := range []State{Offline, Practice, Ringing, Talking, DoNotDisturb, Missed, Idle} {
		for _, missed := range []int{0, 3, 12} {
			if state == Missed && missed == 0 || state == Idle && missed > 0 {
				continue // the state follows from the count
			}
			if (state == Ringing || state == Talking || state == Practice) && missed > 0 {
				continue // a call is more urgent than the count
			}
			icon := string(Draw(state, missed))
			name := string(state) + string(rune('0'+missed))
			if other, ok := seen[icon]; ok {
				t.Errorf("%s looks like %s", name, other)
			}
			seen[icon] = name
			if !bytes.HasPrefix([]byte(icon), []byte("\x89PNG")) {
				t.Errorf("%s is no PNG", name)
			}
		}
	}
}

// TestFace_aPracticeLooksLikeNothingReal: whatever rings in it.
func TestFace_aPracticeLooksLikeNothingReal(t *testing.T) {
	t.Parallel()
	rings := []present.Card{{State: model.CardRinging}}
	for name, c := range map[string]struct {
		cards []present.Card
		now   Now
		want  State
	}{
		"a call":                         {rings, Now{Live: true}, Ringing},
		"a practice call":                {rings, Now{Live: true, Practising: true}, Practice},
		"a practice, missed calls":       {nil, Now{Live: true, Practising: true, Missed: 3}, Practice},
		"a practice, do not disturb":     {nil, Now{Live: true, Practising: true, DoNotDisturb: true}, Practice},
		"a practice, the server is away": {rings, Now{Practising: true}, Offline},
	} {
		if got := Face(c.cards, c.now); got != c.want {
			t.Errorf("%s: the icon shows %q, want %q", name, got, c.want)
		}
	}
}
