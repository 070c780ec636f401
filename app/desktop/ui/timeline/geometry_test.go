package timeline

import (
	"testing"
	"time"
)

func TestScale_leavesRoomBetweenTicks(t *testing.T) {
	t.Parallel()
	for _, length := range []time.Duration{time.Second, 9 * time.Second, 112 * time.Second, 10 * time.Minute, 3 * time.Hour} {
		for _, width := range []float32{500, 780} {
			s := scale{length, width}
			all := s.ticks()
			if len(all) == 0 || all[0] != 0 || all[len(all)-1] > length {
				t.Errorf("%s on %v: %v", length, width, all)
			}
			for n := 1; n < len(all); n++ {
				if gap := s.x(all[n]) - s.x(all[n-1]); gap < apart {
					t.Errorf("%s on %v: %v apart", length, width, gap)
				}
			}
		}
	}
	if s := (scale{112 * time.Second, 780}); s.ticks()[1] != 10*time.Second {
		t.Errorf("112 s have a tick every %s", s.ticks()[1])
	}
}

func TestScale_aPlaceIsItsMoment(t *testing.T) {
	t.Parallel()
	s := scale{100 * time.Second, labelWide + edge + 500}
	for x, want := range map[float32]time.Duration{labelWide: 0, labelWide + 250: 50 * time.Second, labelWide + 500: 100 * time.Second, labelWide + 520: 100 * time.Second} {
		if got, ok := s.at(x); !ok || got != want {
			t.Errorf("at %v it is %s, %v; want %s", x, got, ok, want)
		}
	}
	if _, ok := s.at(labelWide - 1); ok {
		t.Error("a name has a moment")
	}
	if got := s.x(200 * time.Second); got != labelWide+500 {
		t.Errorf("what comes after the end stands at %v", got)
	}
}
