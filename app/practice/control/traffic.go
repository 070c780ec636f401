package control

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/staff"
)

// trafficNumbers are clients of nobody: 7900 000 xx xx is not in use.
var trafficNumbers = []string{"79000000101", "79000000102", "79000000103", "79000000104", "79000000105", "79000000106"}

// Traffic makes random plausible calls.
type Traffic struct {
	// Scenarios are what is played; a name stands once for each share it has. Lines are our numbers.
	Scenarios, Lines []string
	Call             func(practice.CallRequest) (string, error)
	// Background runs work that the PBX's Close waits for; it reports false once it is closed.
	Background func(work func()) bool
	Log        *slog.Logger
}

// Start makes one call per every in the background until ctx ends. count bounds them; 0 means no
// bound. numbers are the clients; a built-in list if empty.
func (t Traffic) Start(ctx context.Context, every time.Duration, count int, numbers []string) error {
	if every <= 0 {
		return fmt.Errorf("starting traffic: the interval must be positive: %w", practice.ErrConfig)
	}
	if len(numbers) == 0 {
		numbers = trafficNumbers
	}
	for _, n := range numbers {
		if staff.Digits(n) == "" {
			return fmt.Errorf("starting traffic with %q: %w", n, practice.ErrNumber)
		}
	}
	if !t.Background(func() { t.run(ctx, every, count, numbers) }) {
		return practice.ErrClosed
	}
	return nil
}

func (t Traffic) run(ctx context.Context, every time.Duration, count int, numbers []string) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for made := 0; count == 0 || made < count; made++ {
		_, err := t.Call(practice.CallRequest{
			From: numbers[rand.IntN(len(numbers))], Line: t.Lines[rand.IntN(len(t.Lines))],
			Scenario: t.Scenarios[rand.IntN(len(t.Scenarios))],
		})
		if err != nil {
			t.Log.Warn("traffic call not started", "err", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
