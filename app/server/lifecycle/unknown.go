package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

const (
	// unknownMost is how many unknown subscriptions of one integration are asked about in unknownKept: one
	// leaks only when a server dies between its request and the answer, and whoever sends made-up ids shall
	// cost the PBX nothing.
	unknownMost = 10
	unknownKept = time.Hour
	// unknownTries is how often it is asked about one where the PBX does not answer.
	unknownTries = 5
)

// unknown are subscriptions that send to an address of ours and that nobody here has made, as far as is
// known: this process may have died before it heard of one. Safe for concurrent use.
type unknown struct {
	keeper *Keeper

	mu  sync.Mutex
	ids map[string]map[string]*unknownOne // by integration
}

type unknownOne struct {
	since time.Time
	again time.Time // when it is asked about; zero: no more
	tries int
}

// remember keeps one, to be asked about from a moment on.
func (u *unknown) remember(integration, id string, now, from time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	of := u.ids[integration]
	if of == nil {
		of = map[string]*unknownOne{}
		u.ids[integration] = of
	}
	for known, one := range of {
		if now.Sub(one.since) >= unknownKept {
			delete(of, known)
		}
	}
	if of[id] == nil && len(of) < unknownMost {
		of[id] = &unknownOne{since: now, again: from}
	}
}

// due lists those that are to be asked about now.
func (u *unknown) due(integration string, now time.Time) []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	var all []string
	for id, one := range u.ids[integration] {
		if !one.again.IsZero() && !now.Before(one.again) {
			all = append(all, id)
		}
	}
	return all
}

// asked notes that one was asked about, in vain where known is false.
func (u *unknown) asked(integration, id string, known bool, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	one := u.ids[integration][id]
	if one == nil {
		return
	}
	if one.tries++; known || one.tries >= unknownTries {
		one.again = time.Time{}
		return
	}
	one.again = now.Add(pauseOf(one.tries))
}

// note remembers the subscription of an event that is nobody's, or waits.
func (u *unknown) note(i *directory.Integration, id string, parked bool) {
	if _, ok := i.Provider.(pbx.SubscriptionFinder); !ok || !wanted(i) {
		return
	}
	now := u.keeper.Now()
	from := now
	if parked { // its answer may be on its way
		from = now.Add(pendingLimit)
	}
	u.remember(i.ID, id, now, from)
	u.keeper.wake()
}

// find asks the PBX where unknown subscriptions send to. One that sends to us is ours: what came by it
// counts, and as one that was replaced it is ended.
func (u *unknown) find(ctx context.Context, i *directory.Integration) error {
	finder, ok := i.Provider.(pbx.SubscriptionFinder)
	if !ok || !wanted(i) {
		return nil
	}
	var errs []error
	for _, id := range u.due(i.ID, u.keeper.Now()) {
		ask, cancel, err := u.keeper.request(pbx.Unattended(ctx), i.ID)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		found, err := finder.FindSubscription(ask, id, i.HookURL)
		cancel()
		gone := errors.Is(err, pbx.ErrUnsubscribed)
		u.asked(i.ID, id, err == nil || gone, u.keeper.Now())
		if err != nil {
			slog.InfoContext(ctx, "an unknown subscription sends to our address", "integration", i.ID, "ours", false, "err", err)
			continue
		}
		slog.WarnContext(ctx, "a subscription of ours was found that this server was never told of", "integration", i.ID)
		errs = append(errs, u.keep(context.WithoutCancel(ctx), i, found))
	}
	return errors.Join(errs...)
}

// keep stores one that was found.
func (u *unknown) keep(ctx context.Context, i *directory.Integration, found pbx.Subscription) error {
	sealed, err := u.keeper.access(i)
	if err != nil {
		return err
	}
	return u.keeper.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.FoundSubscription(store.Subscription{
			IntegrationID: i.ID, ID: found.ID, Began: found.Began, Until: found.Until, Level: found.Level,
			Account: i.Account, HookPrint: i.HookPrint, Access: sealed,
		})
	})
}
