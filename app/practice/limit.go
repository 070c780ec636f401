package practice

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dozvon/app/mango"
)

// badRequestWindow is how long Mango remembers a wrong request: a second one
// inside it blocks the product until the window of the first has passed.
const badRequestWindow = 2 * time.Minute

// limits keeps Mango's quotas for the one product that the practice PBX has.
type limits struct {
	now func() time.Time
	off bool

	mu       sync.Mutex // guards what follows
	all      *rate.Limiter
	paths    map[string]*rate.Limiter
	firstBad time.Time
	blocked  bool
}

func newLimits(c Config) *limits {
	perSecond := func(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(n), n) }
	oncePer2s := func() *rate.Limiter { return rate.NewLimiter(rate.Every(2*time.Second), 1) }
	return &limits{
		now: c.Now, off: c.NoLimits, all: perSecond(10),
		paths: map[string]*rate.Limiter{
			mango.PathCallback: perSecond(4), mango.PathHangup: perSecond(4),
			mango.PathRoute: oncePer2s(), mango.PathTransfer: oncePer2s(), mango.PathUsers: oncePer2s(),
			mango.PathBalance: perSecond(2),
		},
	}
}

// allow reports whether a request to path is within the rate limits, and counts it.
func (l *limits) allow(path string) bool {
	if l.off {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if own, ok := l.paths[path]; ok && !own.AllowN(now, 1) {
		return false
	}
	return l.all.AllowN(now, 1)
}

// bad counts a wrong request.
func (l *limits) bad() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.firstBad) < badRequestWindow {
		l.blocked = true
		return
	}
	l.firstBad, l.blocked = now, false
}

// refused reports whether wrong requests have blocked the product.
func (l *limits) refused() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.off && l.blocked && l.now().Sub(l.firstBad) < badRequestWindow
}
