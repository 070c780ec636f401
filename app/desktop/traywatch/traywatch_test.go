package traywatch_test

import (
	"context"
	"testing"
	"time"

	"dozvon/app/desktop/traywatch"
)

// TestFollow_waitsForATrayThatIsLate, and says that there is none when it does not come.
func TestFollow_waitsForATrayThatIsLate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		changes []bool
		wait    time.Duration
		want    []bool
	}{
		{"it comes and goes and comes back", []bool{true, false, true}, time.Hour, []bool{true, true}},
		{"none comes", []bool{false}, time.Millisecond, []bool{false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			told := make(chan bool)
			watch := func(ctx context.Context, change func(bool)) error {
				for _, has := range tt.changes {
					change(has)
				}
				<-ctx.Done()
				return nil
			}
			go traywatch.Follow(t.Context(), watch, tt.wait, func(has bool) { told <- has })
			for n, want := range tt.want {
				if got := <-told; got != want {
					t.Errorf("told %d is %v, want %v", n, got, want)
				}
			}
		})
	}
}
