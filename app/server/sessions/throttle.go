package sessions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/jellydator/ttlcache/v3"

	"dozvon/app/server/store"
)

// A login may be tried 5 times at once from one address, then once in ten seconds; all logins
// together 200 times from one address, then 20 times a minute: a school sits behind one address.
const (
	loginBurst, loginEvery     = 5, 10 * time.Second
	addressBurst, addressEvery = 200, 3 * time.Second
	longestSpan                = addressBurst * addressEvery
)

// bucketsKept bounds what is remembered in this process; what is forgotten stands in the database.
const bucketsKept = 20_000

// throttle counts tries to sign in before a password is checked, and gives back those that
// succeed. Nothing counts by login alone: a stranger elsewhere then could lock a person out.
//
// The database has the truth, for all nodes and over restarts. What this process knows of it comes
// first, so that a flood is refused without a word to the database; only who gets a turn to hash,
// a few dozens a second, takes a try there. A row means nothing once its bucket is full again,
// ten minutes at most, so the table is bounded by what can be hashed in that time.
type throttle struct {
	store *store.Store
	now   func() time.Time
	mu    sync.Mutex
	known *ttlcache.Cache[string, time.Time] // bucket → when it is full again
	last  time.Time                          // the newest moment that the clock has told
	back  time.Duration                      // by how much the clock was set back, which the database has not been told
}

// backAtLeast is by how much a clock goes back when it is set back; what is less costs nobody a try.
const backAtLeast = time.Second

func newThrottle(st *store.Store, now func() time.Time) *throttle {
	return &throttle{store: st, now: now, known: ttlcache.New(
		ttlcache.WithCapacity[string, time.Time](bucketsKept), ttlcache.WithDisableTouchOnHit[string, time.Time](),
	)}
}

// try is one taken try: the buckets it came out of.
type try struct {
	from    string // the address as it is counted
	buckets []store.Bucket
}

// try tells from which buckets a login at an address takes.
func tryOf(login, address string) try {
	from := counted(address)
	sum := sha256.Sum256([]byte(login))
	return try{from: from, buckets: []store.Bucket{
		{Key: "address " + from, Burst: addressBurst, Every: addressEvery},
		{Key: "login " + hex.EncodeToString(sum[:16]) + " " + from, Burst: loginBurst, Every: loginEvery},
	}}
}

// counted is an address as it is counted: one of IPv6 by its network of 64 bits, which is what a
// single household has.
func counted(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	at = at.Unmap().WithZone("")
	if at.Is4() {
		return at.String()
	}
	network, err := at.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return network.String()
}

// take takes a try as far as this process knows; *store.NoTries.
func (t *throttle) take(tr try) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.moment()
	next := make([]time.Time, len(tr.buckets))
	for i, b := range tr.buckets {
		var wait time.Duration
		if next[i], wait = b.Take(t.fullAt(b), now); wait > 0 {
			return &store.NoTries{Bucket: b, FullAt: next[i], Wait: wait}
		}
	}
	for i, b := range tr.buckets {
		t.known.Set(b.Key, next[i], b.Span())
	}
	return nil
}

// moment is now. A clock that was set back takes along when the buckets are full: else everybody would
// wait for the clock to come back to where it was. t.mu is held.
func (t *throttle) moment() time.Time {
	now := t.now()
	if back := t.last.Sub(now); back >= backAtLeast {
		slog.Warn("the clock was set back", "by", back.Round(time.Second))
		t.back += back
		for key, item := range t.known.Items() {
			t.known.Set(key, item.Value().Add(-back), ttlcache.PreviousOrDefaultTTL)
		}
		t.last = now
	}
	if now.After(t.last) {
		t.last = now
	}
	return now
}

// setBack is by how much the clock was set back since the database was told.
func (t *throttle) setBack() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.back
}

func (t *throttle) toldBack(by time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.back -= by
}

func (t *throttle) fullAt(b store.Bucket) time.Time {
	if item := t.known.Get(b.Key); item != nil {
		return item.Value()
	}
	return time.Time{}
}

// confirm takes the same try out of the database, where other nodes take theirs; *store.NoTries.
func (t *throttle) confirm(ctx context.Context, tr try) error {
	if back := t.setBack(); back > 0 {
		if err := t.store.Write(ctx, func(tx *store.Tx) error { return tx.SetTriesBack(back) }); err != nil {
			t.giveBack(tr)
			return err
		}
		t.toldBack(back)
	}
	err := t.store.Write(ctx, func(tx *store.Tx) error {
		for _, b := range tr.buckets {
			if err := tx.TakeTry(b); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	t.giveBack(tr)
	t.learn(err)
	return err
}

// learn remembers that a bucket is empty, as the database says.
func (t *throttle) learn(err error) {
	empty, ok := asNoTries(err)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fullAt(empty.Bucket).Before(empty.FullAt) {
		t.known.Set(empty.Bucket.Key, empty.FullAt, empty.Bucket.Span())
	}
}

// giveBack undoes take.
func (t *throttle) giveBack(tr try) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, b := range tr.buckets {
		if item := t.known.Get(b.Key); item != nil {
			t.known.Set(b.Key, item.Value().Add(-b.Every), b.Span())
		}
	}
}
