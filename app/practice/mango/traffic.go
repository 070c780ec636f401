package mango

import (
	"fmt"
	"math/rand/v2"
	"time"

	"dozvon/app/mango"
)

// trafficNumbers are clients of nobody: 7900 000 xx xx is not in use.
var trafficNumbers = []string{"79000000101", "79000000102", "79000000103", "79000000104", "79000000105", "79000000106"}

// trafficScenarios is an ordinary day: most calls are answered. A name stands once for each share it has.
var trafficScenarios = []string{
	"answered", "answered", "answered", "answered", "direct", "direct", "group", "group",
	"missed", "busy", "declined", "ivr-abandoned", "group-missed", "hold", "transfer-blind", "outbound", "outbound",
}

// Traffic makes random plausible calls in the background, one per every. count
// bounds them; 0 means until Close. numbers are the clients; a built-in list if empty.
func (p *PBX) Traffic(every time.Duration, count int, numbers []string) error {
	if every <= 0 {
		return fmt.Errorf("starting traffic: the interval must be positive: %w", ErrConfig)
	}
	if len(numbers) == 0 {
		numbers = trafficNumbers
	}
	for _, n := range numbers {
		if mango.Digits(n) == "" {
			return fmt.Errorf("starting traffic with %q: %w", n, ErrNumber)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.running.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for made := 0; count == 0 || made < count; made++ {
			_, err := p.Call(CallRequest{
				From: numbers[rand.IntN(len(numbers))], Line: dialledLines()[rand.IntN(len(dialledLines()))].Number,
				Scenario: trafficScenarios[rand.IntN(len(trafficScenarios))],
			})
			if err != nil {
				p.config.Log.Warn("traffic call not started", "err", err)
			}
			select {
			case <-ticker.C:
			case <-p.ctx.Done():
				return
			}
		}
	})
	return nil
}
