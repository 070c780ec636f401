package audio

import (
	"errors"
	"strings"
	"testing"
)

// speaker notes what it is told; while it is broken it does not go on.
type speaker struct {
	told   []string
	broken error
}

func (s *speaker) Resume() error  { s.told = append(s.told, "resume"); return s.broken }
func (s *speaker) Suspend() error { s.told = append(s.told, "suspend"); return nil }

// TestPlays_countWhatBeganOnly: one that failed to begin kept the device awake for good.
func TestPlays_countWhatBeganOnly(t *testing.T) {
	t.Parallel()
	var p plays
	s := &speaker{broken: errors.New("no server")}
	if err := p.settle(1, s); !errors.Is(err, s.broken) {
		t.Fatalf("%v, want that it does not go on", err)
	}
	s.broken = nil
	for _, more := range []int{1, 1, -1, -1} {
		if err := p.settle(more, s); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(s.told, " "); got != "resume resume resume resume suspend" {
		t.Errorf("the device was told %s", got)
	}
}
