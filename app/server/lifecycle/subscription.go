package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
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
	// overKept is how long what comes by a subscription that is over still counts: it was on its way.
	overKept = 10 * time.Minute
	// pendingLimit is how long after an attempt began its subscription may be unknown.
	pendingLimit = requestLimit + 15*time.Second
	// parkedKept is how long a request waits for its subscription to become known.
	parkedKept = 2 * time.Minute
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
	if current.HookURL != i.HookURL && !k.hasSeen(i.ID) {
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
	ask, cancel := context.WithTimeout(pbx.Unattended(ctx), requestLimit)
	err = subscriber.Subscribed(ask, wire(current))
	cancel()
	if errors.Is(err, pbx.ErrUnsubscribed) {
		slog.Warn("the subscription of a PBX has vanished", "integration", i.ID)
		return true, k.Store.Write(ctx, func(tx *store.Tx) error { return k.lose(tx, current) })
	}
	if err != nil {
		slog.Warn("the subscription of a PBX could not be asked for", "integration", i.ID, "err", err)
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
	ask, cancel := context.WithTimeout(ctx, requestLimit)
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
		Account: i.Account, HookURL: i.HookURL, Access: sealed,
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
	slog.Info("subscribed to a PBX's events", "integration", i.ID, "level", made.Level, "until", made.Until)
	if gap {
		k.compare(i.ID)
	}
	return k.publish(ctx, i.ID)
}

// compare asks for what the PBX's statistics knows of the time in which events may have been lost.
func (k *Keeper) compare(id string) {
	err := k.Calls.ReconcileSoon(id)
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
	pause := pauseOf(i.SubscriptionHealth.Failures + 1)
	words := pbx.SentenceOf(cause)
	slog.Warn("no subscription to a PBX's events", "integration", i.ID, "again_in", pause, "err", cause)
	again := k.Now().Add(pause)
	var blocked *pbx.Blocked
	if errors.As(cause, &blocked) && blocked.Until.After(again) {
		again = blocked.Until
	}
	err := k.Store.Write(ctx, func(tx *store.Tx) error { return tx.SubscriptionFailed(i.ID, words.RU, words.EN, again) })
	return errors.Join(err, k.publish(ctx, i.ID))
}

// endOthers ends every subscription but the one that stays, and forgets those that are over for long.
func (k *Keeper) endOthers(ctx context.Context, i *directory.Integration) error {
	var errs []error
	left := len(i.Subscriptions)
	for _, s := range i.Subscriptions {
		if s.State != store.SubscriptionOver && k.stays(i, s) || !k.rowDue(s) {
			continue
		}
		expired := !s.Until.IsZero() && k.Now().After(s.Until.Add(overKept))
		if s.State == store.SubscriptionOver || expired {
			left--
			errs = append(errs, k.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropSubscription(s.IntegrationID, s.ID) }))
			continue
		}
		errs = append(errs, k.end(ctx, i, s))
	}
	if left == 0 && i.Kind == "" {
		errs = append(errs, k.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropSubscriptionHealth(i.ID) }))
	}
	return errors.Join(errs...)
}

// end ends one subscription, with the account that made it.
func (k *Keeper) end(ctx context.Context, i *directory.Integration, s store.Subscription) error {
	provider := i.Provider
	if s.Account != i.Account || provider == nil {
		provider = k.formerly(s)
		defer closed(provider)
	}
	subscriber, ok := provider.(pbx.Subscriber)
	if !ok {
		return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndSubscription(s.IntegrationID, s.ID) })
	}
	ask, cancel := context.WithTimeout(ctx, requestLimit)
	err := subscriber.Unsubscribe(ask, wire(s))
	cancel()
	ctx = context.WithoutCancel(ctx)
	if err != nil && !errors.Is(err, pbx.ErrUnsubscribed) {
		pause := pauseOf(s.Tries + 1)
		slog.Warn("a subscription to a PBX's events was not ended", "integration", i.ID, "again_in", pause, "err", err)
		return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.PostponeSubscription(s.IntegrationID, s.ID, k.Now().Add(pause)) })
	}
	return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndSubscription(s.IntegrationID, s.ID) })
}

// Admission is what becomes of a request, by the subscription that it came by.
type Admission int

// Admissions: a request counts, is nobody's, or waits until it is known whose it is.
const (
	Admitted Admission = iota
	Foreign
	Parked
)

// Admit tells what becomes of a request that came by a subscription. One that waits is durable.
func (k *Keeper) Admit(ctx context.Context, i *directory.Integration, by string, r pbx.Request) (Admission, error) {
	if _, ok := subscriberOf(i); !ok {
		return Admitted, nil
	}
	for _, s := range i.Subscriptions {
		if s.ID == by && s.Account == i.Account {
			return Admitted, nil
		}
	}
	if by == "" {
		return Foreign, nil
	}
	sealed, err := k.sealed(r)
	if err != nil {
		return Foreign, err
	}
	out := Foreign
	err = k.Store.Write(ctx, func(tx *store.Tx) error {
		out = Foreign
		// Another node may have made it a moment ago.
		s, err := tx.SubscriptionIs(i.ID, by)
		if err == nil && s.Account == i.Account {
			out = Admitted
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		waits, err := tx.Park(store.ParkedRequest{ID: k.NewID(), IntegrationID: i.ID, SubscriptionID: by, Request: sealed})
		if waits {
			out = Parked
		}
		return err
	})
	return out, err
}

// parkedRequest is a request as it is kept. Of its headers only the type of the body can matter then.
type parkedRequest struct {
	Path  string     `json:"path"`
	Query url.Values `json:"query"`
	Type  string     `json:"type"`
	Body  []byte     `json:"body"`
}

// sealed is a request as it waits: nobody has taken its secrets out yet.
func (k *Keeper) sealed(r pbx.Request) (string, error) {
	raw, err := json.Marshal(parkedRequest{r.Path, r.Query, r.Header.Get("Content-Type"), r.Body})
	if err != nil {
		return "", fmt.Errorf("encoding a request: %w", err)
	}
	return k.Sealer.Seal(string(raw))
}

// replay delivers the requests that waited, once it is known that they are ours, and forgets those of
// which nobody has come to know.
func (k *Keeper) replay(ctx context.Context, i *directory.Integration) error {
	all, err := k.Store.Parked(ctx)
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, s := range i.Subscriptions {
		ours[s.ID] = s.Account == i.Account
	}
	for _, p := range all {
		if p.IntegrationID != i.ID {
			continue
		}
		switch late := k.Now().Sub(p.At) > parkedKept; {
		case ours[p.SubscriptionID] && i.Active:
			err = k.deliverParked(ctx, p)
		case !late && i.Kind != "":
			continue
		default:
			// It may have been ours: of a subscription that the PBX made and could not tell us of.
			slog.Info("a request of an unknown subscription forgotten", "integration", i.ID)
			k.compare(i.ID)
		}
		if err != nil {
			return err
		}
		if err := k.Store.Write(ctx, func(tx *store.Tx) error { return tx.Unpark(p.ID) }); err != nil {
			return err
		}
	}
	return nil
}

// deliverParked delivers one; an error says that it must be tried again.
func (k *Keeper) deliverParked(ctx context.Context, p store.ParkedRequest) error {
	raw, err := k.Sealer.Unseal(p.Request)
	var r parkedRequest
	if err == nil {
		err = json.Unmarshal([]byte(raw), &r)
	}
	if err != nil {
		slog.Error("a request that waited cannot be read", "integration", p.IntegrationID, "err", err)
		return nil
	}
	_, err = k.Calls.DeliverTo(ctx, p.IntegrationID, pbx.Request{
		Method: http.MethodPost, Path: r.Path, Query: r.Query, Header: http.Header{"Content-Type": {r.Type}}, Body: r.Body,
	})
	if errors.Is(err, pbx.ErrUnreadable) || errors.Is(err, pbx.ErrForged) || errors.Is(err, pbx.ErrForeign) || errors.Is(err, directory.ErrInactive) {
		slog.Warn("a request that waited was refused", "integration", p.IntegrationID, "err", err)
		return nil
	}
	return err
}

// Note writes down, in the transaction that makes a request durable, that its subscription has ended.
// One that was replaced is not missed.
func (k *Keeper) Note(tx *store.Tx, integrationID string, d pbx.Delivery) error {
	if !d.Ended || d.Subscription == "" {
		return nil
	}
	s, err := tx.SubscriptionIs(integrationID, d.Subscription)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case s.State == store.SubscriptionCurrent:
		return k.lose(tx, s)
	}
	return tx.EndSubscription(integrationID, d.Subscription)
}

// Heard does what a durable request asks for.
func (k *Keeper) Heard(integrationID string, d pbx.Delivery) {
	if d.Stranger {
		k.stranger(integrationID)
	}
	if d.Gap {
		k.compare(integrationID)
	}
	if d.Stranger || d.Ended {
		k.wake()
	}
}
