// Package chores repeats what nobody waits for until the server ends.
package chores

import (
	"context"
	"time"
)

// Repeat does a chore at once, and then every so often until ctx ends.
func Repeat(ctx context.Context, every time.Duration, chore func()) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		chore()
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}
