package rest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
)

// TestRest_aNapEndsWhenSomebodyRouses: what is put on the queue must not wait for the nap's end, and when
// it has shown something there are no more naps.
func TestRest_aNapEndsWhenSomebodyRouses(t *testing.T) {
	test.NewTempApp(t)
	r := New()
	r.nap, r.looks = time.Hour, time.Millisecond
	var shown atomic.Bool
	looked := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Naps(ctx, func() bool {
			select {
			case looked <- struct{}{}:
			case <-ctx.Done():
			}
			return shown.Load()
		})
	}()
	<-looked // while it was taken for seen
	<-looked // before the first nap
	r.Rouse()
	<-looked // before the second
	shown.Store(true)
	r.Rouse()
	<-looked
	<-looked // seen: it looks by itself
	cancel()
	<-ended
}

func TestRest_givesMemoryBackOnceItIsQuiet(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for name, c := range map[string]struct {
		grows []uint64 // by every look
		want  int      // at this look memory is given back; -1: never
	}{
		"much, then quiet":           {[]uint64{100 * mb, mb, mb, mb, mb, mb, mb}, 5},
		"busy all the time":          {[]uint64{20 * mb, 20 * mb, 20 * mb, 20 * mb, 20 * mb, 20 * mb, 20 * mb}, -1},
		"never much":                 {[]uint64{mb, mb, mb, mb, mb, mb, mb}, -1},
		"little, for a long time":    {[]uint64{3 * mb, 3 * mb, 3 * mb, 3 * mb, 3 * mb, 3 * mb}, 5},
		"quiet, busy, quiet":         {[]uint64{100 * mb, mb, mb, mb, 50 * mb, mb, mb, mb, mb, mb}, 9},
		"given back, then used less": {[]uint64{100 * mb, mb, mb, mb, mb, mb, 0, 0, 0, 0, 0, 0}, 5},
	} {
		var now uint64
		var quiet calm
		got := -1
		for n, by := range c.grows {
			now += by
			if quiet.look(now) {
				if got >= 0 {
					t.Errorf("%s: given back again at look %d", name, n)
				}
				got = n
				quiet.tidied(now)
			}
		}
		if got != c.want {
			t.Errorf("%s: given back at look %d, want %d", name, got, c.want)
		}
	}
}
