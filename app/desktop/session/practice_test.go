package session

import (
	"testing"
	"time"

	"dozvon/client/sandbox"
)

// TestDeadline_isByTheServersClock, however wrong this computer's is, and though it is set right or sleeps meanwhile.
func TestDeadline_isByTheServersClock(t *testing.T) {
	t.Parallel()
	server := time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC)
	state := func(past time.Duration) sandbox.State {
		return sandbox.State{Until: server.Add(30 * time.Minute), Now: server.Add(past)}
	}
	for _, wrong := range []time.Duration{0, 40 * time.Minute, -40 * time.Minute, 9 * time.Hour} {
		here := server.Add(wrong)
		for past, want := range map[time.Duration]bool{
			0: false, 10 * time.Minute: false, 29 * time.Minute: false, 30*time.Minute - practiceSlack + time.Second: true, 30 * time.Minute: true, 2 * time.Hour: true,
		} {
			if got := deadlineOf(state(0), here).reached(here.Add(past)); got != want {
				t.Errorf("a clock that is %s wrong tells after %s that the time is over: %t", wrong, past, got)
			}
		}
		// It is set right in the middle of the practice; the server is asked every second.
		if got := deadlineOf(state(20*time.Minute), server.Add(20*time.Minute)).reached(server.Add(21 * time.Minute)); got {
			t.Errorf("set right from %s, it tells that the time is over", wrong)
		}
	}
	// The monotonic clock stands still while the computer sleeps: only the wall's tells how long.
	now := time.Now()
	asleep := now.Round(0).Add(40 * time.Minute)
	if !deadlineOf(sandbox.State{Until: now.Add(30 * time.Minute), Now: now}, now).reached(asleep) {
		t.Error("after a long sleep the time is not over")
	}
}
