package pbx

import (
	"fmt"
	"testing"
	"time"
)

// TestPauseAfter_aWrongRequestIsNotMadeAgainSoon: the PBX counts wrong requests, and what runs by
// itself would use up what people's commands need.
func TestPauseAfter_aWrongRequestIsNotMadeAgainSoon(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]time.Duration{3100: wrongRetry, 3102: wrongRetry, 4001: time.Minute, 5008: time.Minute} {
		err := fmt.Errorf("reading: %w", &Refused{Code: code})
		if got := PauseAfter(err, time.Minute); got != want {
			t.Errorf("after %d: %s, want %s", code, got, want)
		}
	}
}
