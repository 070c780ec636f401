package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// overKept is how long what comes by a subscription that is over still counts: it was on its way.
const overKept = 10 * time.Minute

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
	ask, cancel, err := k.request(ctx, i.ID)
	if err != nil {
		return err
	}
	err = subscriber.Unsubscribe(ask, wire(s))
	cancel()
	ctx = context.WithoutCancel(ctx)
	if err != nil && !errors.Is(err, pbx.ErrUnsubscribed) {
		pause := pauseOf(s.Tries + 1)
		slog.WarnContext(ctx, "a subscription to a PBX's events was not ended", "integration", i.ID, "again_in", pause, "err", err)
		return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.PostponeSubscription(s.IntegrationID, s.ID, k.Now().Add(pause)) })
	}
	return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndSubscription(s.IntegrationID, s.ID) })
}

// opened is an account as it is kept beside a subscription.
type opened struct {
	Kind        string            `json:"kind"`
	URL         string            `json:"url"`
	Credentials map[string]string `json:"credentials"`
}

// access seals the account with which a subscription is made.
func (k *Keeper) access(i *directory.Integration) (string, error) {
	raw, err := json.Marshal(opened{i.Kind, i.APIURL, i.Credentials})
	if err != nil {
		return "", fmt.Errorf("encoding an account: %w", err)
	}
	return k.Sealer.Seal(string(raw))
}

// formerly makes the adapter of the account that made a subscription; nil when it cannot be opened
// any more, or its kind is not known any more.
func (k *Keeper) formerly(s store.Subscription) pbx.Provider {
	raw, err := k.Sealer.Unseal(s.Access)
	var of opened
	if err == nil {
		err = json.Unmarshal([]byte(raw), &of)
	}
	if err != nil {
		slog.Warn("the account of a former subscription cannot be opened, it ends by itself", "integration", s.IntegrationID, "err", err)
		return nil
	}
	for _, kind := range k.Kinds {
		if kind.Name == of.Kind {
			return kind.New(pbx.Account{Credentials: of.Credentials, URL: of.URL, Now: k.Now, Outbound: k.Outbound})
		}
	}
	return nil
}

func closed(p pbx.Provider) {
	if c, ok := p.(io.Closer); ok {
		if err := c.Close(); err != nil {
			slog.Warn("the adapter of a former account not closed", "err", err)
		}
	}
}
