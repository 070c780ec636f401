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
)

// parkedKept is how long a request waits for its subscription to become known.
const parkedKept = 2 * time.Minute

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
	out, unknown := Foreign, false
	err = k.Store.Write(ctx, func(tx *store.Tx) error {
		out, unknown = Foreign, false
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
		unknown = true
		return err
	})
	if unknown && err == nil {
		k.unknown.note(i, by, out == Parked)
	}
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
			slog.InfoContext(ctx, "a request of an unknown subscription forgotten", "integration", i.ID)
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
		slog.ErrorContext(ctx, "a request that waited cannot be read", "integration", p.IntegrationID, "err", err)
		return nil
	}
	_, err = k.Calls.DeliverTo(ctx, p.IntegrationID, pbx.Request{
		Method: http.MethodPost, Path: r.Path, Query: r.Query, Header: http.Header{"Content-Type": {r.Type}}, Body: r.Body,
	})
	if errors.Is(err, pbx.ErrUnreadable) || errors.Is(err, pbx.ErrForged) || errors.Is(err, pbx.ErrForeign) || errors.Is(err, directory.ErrInactive) {
		slog.WarnContext(ctx, "a request that waited was refused", "integration", p.IntegrationID, "err", err)
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
