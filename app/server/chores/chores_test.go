package chores_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"dozvon/app/server/chores"
)

func TestRepeat_endsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	times := 0
	chores.Repeat(ctx, "count", time.Millisecond, func() error {
		if times++; times == 3 {
			cancel()
		}
		return nil
	})
	if times != 3 {
		t.Errorf("done %d times after the end", times)
	}
}

// told is what a watcher was told, in order.
type told []string

func (w *told) Begun(chore string) { *w = append(*w, chore+" begun") }

func (w *told) Done(chore string, err error) {
	if err != nil {
		chore += ": " + err.Error()
	}
	*w = append(*w, chore)
}

func TestRepeat_tellsItsWatcherHowEachRoundEnded(t *testing.T) {
	t.Parallel()
	var w told
	ctx, cancel := context.WithCancel(chores.Watched(t.Context(), &w))
	rounds := []error{nil, errors.New("the PBX is away"), nil}
	chores.Repeat(ctx, "compare", time.Millisecond, func() error {
		if len(rounds) == 0 {
			cancel()
			return ctx.Err()
		}
		err := rounds[0]
		rounds = rounds[1:]
		return err
	})
	if want := []string{"compare begun", "compare", "compare: the PBX is away", "compare"}; !slices.Equal(w, want) {
		t.Errorf("told %q, want %q: what the end cut short is no failure", []string(w), want)
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
