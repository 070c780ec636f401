package api

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
	apart    map[string]bool // paths that the common limit does not count
	firstBad time.Time
	blocked  bool
}

func newLimits(c Config) *limits {
	perSecond := func(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(n), n) }
	oncePer2s := func() *rate.Limiter { return rate.NewLimiter(rate.Every(2*time.Second), 1) }
	// callback and callback_group share one quota, as do the recordings' two ways (inferred).
	callbacks, recordings := perSecond(4), perSecond(10)
	reads, writes := perSecond(50), perSecond(10)
	return &limits{
		now: c.Now, off: c.NoLimits, all: perSecond(10),
		paths: map[string]*rate.Limiter{
			mango.PathCallback: callbacks, mango.PathCallbackGroup: callbacks, mango.PathHangup: perSecond(4),
			mango.PathRecordingStart: perSecond(4), mango.PathRoute: oncePer2s(), mango.PathTransfer: oncePer2s(),
			mango.PathUsers: oncePer2s(), mango.PathStats: oncePer2s(), mango.PathBalance: perSecond(2),
			mango.PathRecordingPost: recordings, mango.PathRecordingLink: recordings,
			mango.PathBookInit: reads, mango.PathBookCursor: reads,
			mango.PathBookCreate: writes, mango.PathBookUpdate: writes, mango.PathBookDelete: writes,
		},
		apart: map[string]bool{mango.PathBookInit: true, mango.PathBookCursor: true},
	}
}

// allow reports whether a request to path is within the rate limits of section 1.4.2, and counts it.
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
	// 50 reads of the address book a second do not fit into 10 of anything, so they count apart (inferred).
	return l.apart[path] || l.all.AllowN(now, 1)
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
