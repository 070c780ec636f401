package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subscription"
)

const (
	// checkEvery is how often it is asked whether a subscription still lives.
	checkEvery = 3 * time.Minute
	// quickLoss is how long a subscription must have lived so that the next one is made at once.
	quickLoss = time.Minute
	// pendingLimit is how long after an attempt began its subscription may be unknown.
	pendingLimit = requestLimit + 15*time.Second
)

// subscriptionDue reports whether something is to be done, by what was read last. It may be wrong for a
// moment: who acts reads again.
func (k *Keeper) subscriptionDue(i *directory.Integration) bool {
	for _, s := range i.Subscriptions {
		if k.rowDue(s) && (s.State == store.SubscriptionOver || !k.stays(i, s)) {
			return true
		}
	}
	if !wanted(i) {
		return false
	}
	return k.makeDue(i) || k.checkDue(i)
}

// rowDue reports whether one that does not stay is to be ended, or forgotten.
func (k *Keeper) rowDue(s store.Subscription) bool {
	now := k.Now()
	if s.State == store.SubscriptionOver {
		return now.Sub(s.ChangedAt) >= overKept
	}
	return !now.Before(s.RetryAt)
}

// stays reports whether a subscription is the one that shall live.
func (k *Keeper) stays(i *directory.Integration, s store.Subscription) bool {
	return wanted(i) && s.State == store.SubscriptionCurrent && s.Account == i.Account
}

func (k *Keeper) makeDue(i *directory.Integration) bool {
	now := k.Now()
	if now.Before(i.SubscriptionHealth.RetryAt) {
		return false
	}
	current, lives := subscription.Current(i.Integration, i.Account)
	if !lives || !i.SubscriptionHealth.WantedAt.IsZero() {
		return true
	}
	// This server's own name may have changed while it was down.
	if current.HookPrint != i.HookPrint && !k.hasSeen(i.ID) {
		return true
	}
	return !current.Until.IsZero() && !now.Before(subscription.Half(current))
}

func (k *Keeper) checkDue(i *directory.Integration) bool {
	_, lives := subscription.Current(i.Integration, i.Account)
	return lives && (!k.hasSeen(i.ID) || k.Now().Sub(i.SubscriptionHealth.CheckedAt) >= checkEvery)
}

func (k *Keeper) hasSeen(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.seen[id]
}

func (k *Keeper) setSeen(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.seen[id] = true
}

// live makes a new subscription when one is due, or asks whether the present one lives.
func (k *Keeper) live(ctx context.Context, i *directory.Integration) error {
	subscriber, ok := subscriberOf(i)
	if !ok {
		return nil
	}
	if k.makeDue(i) {
		k.setSeen(i.ID)
		return k.subscribe(ctx, i, subscriber)
	}
	if !k.checkDue(i) {
		return nil
	}
	k.setSeen(i.ID)
	current, _ := subscription.Current(i.Integration, i.Account)
	lost, err := k.check(ctx, i, subscriber, current)
	if err != nil || !lost {
		return err
	}
	if i, err = k.fresh(ctx, i.ID); err != nil || !wanted(i) || !k.makeDue(i) {
		return err
	}
	return k.subscribe(ctx, i, subscriber)
}

// check asks whether the current subscription lives. One that cannot be asked for is not lost.
func (k *Keeper) check(ctx context.Context, i *directory.Integration, subscriber pbx.Subscriber, current store.Subscription) (lost bool, err error) {
	ask, cancel, err := k.request(pbx.Unattended(ctx), i.ID)
	if err != nil {
		return false, err
	}
	err = subscriber.Subscribed(ask, wire(current))
	cancel()
	if errors.Is(err, pbx.ErrUnsubscribed) {
		slog.WarnContext(ctx, "the subscription of a PBX has vanished", "integration", i.ID)
		return true, k.Store.Write(ctx, func(tx *store.Tx) error { return k.lose(tx, current) })
	}
	if err != nil {
		slog.WarnContext(ctx, "the subscription of a PBX could not be asked for", "integration", i.ID, "err", err)
	}
	lives := err == nil
	return false, k.Store.Write(ctx, func(tx *store.Tx) error { return tx.SubscriptionChecked(i.ID, lives) })
}

func wire(s store.Subscription) pbx.Subscription {
	return pbx.Subscription{ID: s.ID, Began: s.Began, Until: s.Until, Level: s.Level}
}

// lose notes that the current subscription has ended. The next one comes at once, unless this one had
// hardly begun: then something is wrong, and asking again and again would not mend it.
func (k *Keeper) lose(tx *store.Tx, s store.Subscription) error {
	if err := tx.EndSubscription(s.IntegrationID, s.ID); err != nil {
		return err
	}
	failures, err := tx.SubscriptionFailures(s.IntegrationID)
	if err != nil {
		return err
	}
	now := k.Now()
	return tx.SubscriptionLost(s.IntegrationID, now.Sub(s.Began) < quickLoss, now.Add(pauseOf(failures+1)))
}

// subscribe makes a new subscription. The former one lives on until endOthers ends it.
func (k *Keeper) subscribe(ctx context.Context, i *directory.Integration, subscriber pbx.Subscriber) error {
	sealed, err := k.access(i)
	if err != nil {
		return err
	}
	began := k.Now()
	if err := k.Store.Write(ctx, func(tx *store.Tx) error { return tx.SubscriptionPending(i.ID, began.Add(pendingLimit)) }); err != nil {
		return err
	}
	ask, cancel, err := k.request(ctx, i.ID)
	if err != nil {
		return err
	}
	made, err := subscriber.Subscribe(ask, i.HookURL)
	cancel()
	if err == nil {
		err = valid(made)
	}
	// What the PBX has made must be known even if this server ends now.
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		return k.subscribeFailed(ctx, i, err)
	}
	gap := k.gapBefore(i)
	row := store.Subscription{
		IntegrationID: i.ID, ID: made.ID, Began: made.Began, Until: made.Until, Level: made.Level,
		Account: i.Account, HookPrint: i.HookPrint, Access: sealed,
	}
	err = k.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutSubscription(row); err != nil {
			return err
		}
		return tx.SubscriptionMade(i.ID, i.SubscriptionHealth.WantedAt)
	})
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "subscribed to a PBX's events", "integration", i.ID, "level", made.Level, "until", made.Until)
	if gap {
		k.compare(i.ID)
	}
	return k.publish(ctx, i.ID)
}

// compare asks for what the PBX's statistics knows of the time in which events may have been lost.
func (k *Keeper) compare(id string) {
	err := k.Reconciler.ReconcileSoon(id)
	if err == nil || errors.Is(err, directory.ErrNoIntegration) || errors.Is(err, directory.ErrInactive) || errors.Is(err, store.ErrNotFound) {
		return // there is nothing to compare with
	}
	slog.Warn("no comparison after events were lost", "integration", id, "err", err)
}

func valid(made pbx.Subscription) error {
	switch {
	case made.ID == "":
		return fmt.Errorf("%w: a subscription without an id", pbx.ErrUnclear)
	case !made.Until.IsZero() && !made.Until.After(made.Began):
		return fmt.Errorf("%w: a subscription that ends before it begins", pbx.ErrUnclear)
	}
	return nil
}

// gapBefore reports whether events may have been lost: a subscription had been there and none lived
// until now, or the PBX has made one of which we never heard.
func (k *Keeper) gapBefore(i *directory.Integration) bool {
	h := i.SubscriptionHealth
	if h.LostAt.After(h.RestoredAt) || h.Failures > 0 {
		return true
	}
	current, lives := subscription.Current(i.Integration, i.Account)
	return lives && !current.Until.IsZero() && k.Now().After(current.Until)
}

func (k *Keeper) subscribeFailed(ctx context.Context, i *directory.Integration, cause error) error {
	now, err := k.fresh(ctx, i.ID)
	if err != nil {
		return err
	}
	if now.Account != i.Account { // people have changed it meanwhile: the new one has not failed
		slog.WarnContext(ctx, "no subscription with a former account", "integration", i.ID, "err", cause)
		return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.SubscriptionPending(i.ID, time.Time{}) })
	}
	pause := pauseOf(i.SubscriptionHealth.Failures + 1)
	words := pbx.SentenceOf(cause)
	slog.WarnContext(ctx, "no subscription to a PBX's events", "integration", i.ID, "again_in", pause, "err", cause)
	again := k.Now().Add(pause)
	var blocked *pbx.Blocked
	if errors.As(cause, &blocked) && blocked.Until.After(again) {
		again = blocked.Until
	}
	err = k.Store.Write(ctx, func(tx *store.Tx) error { return tx.SubscriptionFailed(i.ID, words.RU, words.EN, again) })
	return errors.Join(err, k.publish(ctx, i.ID))
}
