package chores_test

import (
	"context"
	"testing"
	"time"

	"dozvon/app/server/chores"
)

func TestRepeat_endsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	times := 0
	chores.Repeat(ctx, time.Millisecond, func() {
		if times++; times == 3 {
			cancel()
		}
	})
	if times != 3 {
		t.Errorf("done %d times after the end", times)
	}
}

func TestTimers_stopLetsWhatWaitsHappenNow(t *testing.T) {
	t.Parallel()
	var timers chores.Timers
	done := make(chan string, 2)
	timers.After(time.Hour, func() { done <- "later" })
	timers.Stop()
	select {
	case <-done:
	default:
		t.Error("what waited did not happen before the end")
	}
	timers.After(0, func() { done <- "never" })
	timers.Stop()
	select {
	case what := <-done:
		t.Errorf("%s happened after the end", what)
	default:
	}
}
