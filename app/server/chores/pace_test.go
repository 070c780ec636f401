package chores_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dozvon/app/server/chores"
)

// counted counts the rounds of a chore that is done every second, at a pace.
func counted(ctx context.Context, p *chores.Pace) *atomic.Int64 {
	var rounds atomic.Int64
	go chores.Repeat(chores.Paced(ctx, p), "count", time.Second, func() error {
		rounds.Add(1)
		return nil
	})
	return &rounds
}

func TestPace_slowsDownInTheQuietAndIsWoken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := chores.NewPace(nil, time.Now)
		rounds := counted(t.Context(), p)
		in := func(d time.Duration) int64 {
			was := rounds.Load()
			time.Sleep(d)
			synctest.Wait()
			return rounds.Load() - was
		}
		if n := in(30*time.Second - time.Millisecond); n < 29 || n > 30 {
			t.Errorf("%d rounds in the first half minute", n)
		}
		in(5 * time.Minute)
		if n := in(160 * time.Second); n < 9 || n > 11 {
			t.Errorf("%d rounds in 160 quiet seconds, want one every 16", n)
		}
		p.Stir()
		if n := in(10 * time.Second); n < 9 || n > 11 {
			t.Errorf("%d rounds in the ten seconds after something happened", n)
		}
	})
}

func TestPace_leavesWhatIsRareAsItIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := chores.NewPace(nil, time.Now)
		var rounds atomic.Int64
		go chores.Repeat(chores.Paced(t.Context(), p), "rare", time.Minute, func() error {
			rounds.Add(1)
			return nil
		})
		time.Sleep(time.Hour + time.Second)
		synctest.Wait()
		if n := rounds.Load(); n != 61 {
			t.Errorf("%d rounds in an hour", n)
		}
	})
}

func TestGate_boundsTheRoundsOfAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chores.Gate, 2)
		var at, most atomic.Int64
		var mu sync.Mutex
		each := map[int]int{}
		for i := range 10 {
			go chores.RepeatLong(chores.Paced(t.Context(), chores.NewPace(gate, time.Now)), "work", time.Millisecond, func() error {
				most.Store(max(most.Load(), at.Add(1)))
				select { // the work
				case <-time.After(100 * time.Millisecond):
				case <-t.Context().Done():
				}
				at.Add(-1)
				mu.Lock()
				defer mu.Unlock()
				each[i]++
				return nil
			})
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if most.Load() != 2 {
			t.Errorf("%d rounds at once, want 2", most.Load())
		}
		mu.Lock()
		defer mu.Unlock()
		for i, n := range each {
			if n < 15 || n > 25 {
				t.Errorf("server %d had %d of 200 turns, want about 20", i, n)
			}
		}
		if len(each) != 10 {
			t.Errorf("only %d had a turn", len(each))
		}
	})
}

// TestWait_endsWithItsTimeOrWhateverWakesIt, at a pace and without one.
func TestWait_endsWithItsTimeOrWhateverWakesIt(t *testing.T) {
	t.Parallel()
	for name, paced := range map[string]bool{"at a pace": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				if paced {
					ctx = chores.Paced(ctx, chores.NewPace(nil, time.Now))
				}
				one, other := make(chan struct{}, 1), make(chan struct{}, 1)
				waited := func() (time.Duration, bool) {
					began := time.Now()
					more := chores.Wait(ctx, time.Second, one, other)
					return time.Since(began), more
				}
				for what, wake := range map[string]func(){"one": func() { one <- struct{}{} }, "other": func() { other <- struct{}{} }} {
					wake()
					if took, more := waited(); took != 0 || !more {
						t.Errorf("woken by %s: after %s, %v", what, took, more)
					}
				}
				if took, more := waited(); took != time.Second || !more {
					t.Errorf("woken by nobody: after %s, %v", took, more)
				}
				cancel()
				if _, more := waited(); more {
					t.Error("it goes on after its context has ended")
				}
			})
		})
	}
}
