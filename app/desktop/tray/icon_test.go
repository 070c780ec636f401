package tray

import (
	"bytes"
	"testing"
)

func TestDraw_everyStateLooksDifferent(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, state := range []State{Offline, Ringing, Talking, DoNotDisturb, Missed, Idle} {
		for _, missed := range []int{0, 3, 12} {
			if state == Missed && missed == 0 || state == Idle && missed > 0 {
				continue // the state follows from the count
			}
			if (state == Ringing || state == Talking) && missed > 0 {
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
