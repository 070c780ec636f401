package pbx

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestPauseAfter_isWhatTheRefusalAsksFor(t *testing.T) {
	t.Parallel()
	for want, err := range map[time.Duration]error{
		time.Hour:       fmt.Errorf("reading: %w", &Refused{Code: 1, ChorePause: time.Hour}),
		time.Minute:     fmt.Errorf("reading: %w", &Refused{Code: 1}),
		2 * time.Minute: errors.New("something else"),
	} {
		usual := min(want, 2*time.Minute)
		if want == time.Hour {
			usual = time.Minute
		}
		if got := PauseAfter(err, usual); got != want {
			t.Errorf("after %v: %s, want %s", err, got, want)
		}
	}
}
