package sim_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dozvon/app/practice/sim"
)

// TestSimulation_passesOnlyWhileAllWait lets three owners sleep for hours, which takes no time and
// always gives the same order.
func TestSimulation_passesOnlyWhileAllWait(t *testing.T) {
	t.Parallel()
	start := time.Unix(1760000000, 0)
	for range 20 {
		s := sim.NewSimulation(start)
		root := s.Root()
		var mu sync.Mutex
		var told []string
		var all sync.WaitGroup
		for i, hours := range []time.Duration{3, 1, 2} {
			clock := s.Spawn()
			all.Go(func() {
				defer clock.Done()
				clock.Begin(t.Context().Done())
				for range 2 {
					if !sim.Sleep(t.Context(), clock, hours*time.Hour) {
						return
					}
					mu.Lock()
					told = append(told, fmt.Sprint(i, clock.Now().Sub(start), clock.Elapsed()))
					mu.Unlock()
				}
			})
		}
		root.Done()
		all.Wait()
		want := []string{"1 1h0m0s 1h0m0s", "2 2h0m0s 2h0m0s", "1 2h0m0s 2h0m0s", "0 3h0m0s 3h0m0s", "2 4h0m0s 4h0m0s", "0 6h0m0s 6h0m0s"}
		if !slices.Equal(told, want) {
			t.Fatalf("told %q, want %q", told, want)
		}
	}
}

func TestClocks_stampAsTheyAre(t *testing.T) {
	t.Parallel()
	at := time.Unix(1760000000, 0)
	if wall := sim.NewWall(func() time.Time { return at }); !wall.Now().Equal(at) || wall.Elapsed() < 0 {
		t.Error("a wall clock stamps by the PBX's own")
	}
	fast := sim.NewFast(at, 1e6)
	if !sim.Sleep(t.Context(), fast, time.Hour) || fast.Now().Before(at.Add(time.Hour)) {
		t.Errorf("an hour later a fast clock shows %s", fast.Now())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if sim.Sleep(ended, sim.NewWall(time.Now), time.Hour) || sim.Pause(ended, time.Hour) || !sim.Pause(t.Context(), 0) {
		t.Error("a pause does not end with its context")
	}
}
