package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SubscriptionState is where a subscription to a PBX's events stands.
type SubscriptionState string

// States of a subscription. SubscriptionCurrent is the one of its account; SubscriptionReplaced lives
// beside its successor until it is ended; SubscriptionOver has ended, what it sent before may still come.
const (
	SubscriptionCurrent  SubscriptionState = "current"
	SubscriptionReplaced SubscriptionState = "replaced"
	SubscriptionOver     SubscriptionState = "over"
)

// Subscription is one that we made.
type Subscription struct {
	IntegrationID, ID string
	Began             time.Time
	Until             time.Time // zero: until it is ended
	Level             string
	State             SubscriptionState
	ChangedAt         time.Time // when it came into its state
	// Account is the keyed fingerprint of the account that made it and of the word in its address.
	Account string
	// HookPrint is the keyed fingerprint of the address that its events come to, which holds a secret
	// word; empty: an address that is not known, of before version 0.6.
	HookPrint string
	// Access is that account, sealed: with it the subscription can be ended.
	Access  string
	Tries   int // how often ending it failed
	RetryAt time.Time
}

// SubscriptionHealth is how the subscription of an integration goes on.
type SubscriptionHealth struct {
	WantedAt     time.Time // a new one was asked for then, and not made yet
	PendingUntil time.Time // one is being made; its id is not known
	LostAt       time.Time // one ended before its time
	RestoredAt   time.Time // the first one after LostAt began
	CheckedAt    time.Time
	Failures     int
	RetryAt      time.Time
	// Error says why the last attempt to make one failed; empty: it did not.
	Error, ErrorEN string
}

// Subscriptions reads all that we made and that are remembered, oldest first.
func (s *Store) Subscriptions(ctx context.Context) ([]Subscription, error) {
	return subscriptions(s.reads(ctx))
}

// Subscriptions reads all that we made and that are remembered, oldest first.
func (t *Tx) Subscriptions() ([]Subscription, error) { return subscriptions(t) }

func subscriptions(r reader) ([]Subscription, error) {
	rows, err := r.query(`
SELECT integration_id, id, began, until, level, state, changed_at, account, hook_print, access, tries, retry_at
FROM subscriptions ORDER BY integration_id, began, id`)
	if err != nil {
		return nil, fmt.Errorf("reading subscriptions: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (Subscription, error) {
		var s Subscription
		var began, until, changed, retry int64
		err := rows.Scan(&s.IntegrationID, &s.ID, &began, &until, &s.Level, &s.State, &changed, &s.Account, &s.HookPrint, &s.Access, &s.Tries, &retry)
		s.Began, s.Until, s.ChangedAt, s.RetryAt = fromMilli(began), momentOf(until), fromMilli(changed), momentOf(retry)
		return s, err
	})
}

// SubscriptionHealths reads how the subscriptions go on, by integration.
func (s *Store) SubscriptionHealths(ctx context.Context) (map[string]SubscriptionHealth, error) {
	return subscriptionHealths(s.reads(ctx))
}

func subscriptionHealths(r reader) (map[string]SubscriptionHealth, error) {
	rows, err := r.query(`
SELECT integration_id, wanted_at, pending_until, lost_at, restored_at, checked_at, failures, retry_at, error, error_en
FROM subscription_states`)
	if err != nil {
		return nil, fmt.Errorf("reading how subscriptions go on: %w", err)
	}
	all := map[string]SubscriptionHealth{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var h SubscriptionHealth
		var wanted, pending, lost, restored, checked, retry int64
		err := rows.Scan(&id, &wanted, &pending, &lost, &restored, &checked, &h.Failures, &retry, &h.Error, &h.ErrorEN)
		h.WantedAt, h.PendingUntil, h.LostAt = momentOf(wanted), momentOf(pending), momentOf(lost)
		h.RestoredAt, h.CheckedAt, h.RetryAt = momentOf(restored), momentOf(checked), momentOf(retry)
		all[id] = h
		return struct{}{}, err
	})
	return all, err
}

// PutSubscription keeps one that was made as the current one of its integration; those that were
// current are replaced.
func (t *Tx) PutSubscription(s Subscription) error {
	_, err := t.exec("UPDATE subscriptions SET state = ?, changed_at = ? WHERE integration_id = ? AND id <> ? AND state = ?",
		SubscriptionReplaced, t.store.now().UnixMilli(), s.IntegrationID, s.ID, SubscriptionCurrent)
	if err == nil {
		err = t.keepSubscription(s, SubscriptionCurrent)
	}
	if err != nil {
		return fmt.Errorf("keeping a subscription of %s: %w", s.IntegrationID, err)
	}
	return nil
}

func (t *Tx) keepSubscription(s Subscription, state SubscriptionState) error {
	return t.put("subscriptions", "integration_id, id", columns{
		{"integration_id", once{s.IntegrationID}},
		{"id", once{s.ID}},
		{"began", s.Began.UnixMilli()},
		{"until", milliOf(s.Until)},
		{"level", s.Level},
		{"state", state},
		{"changed_at", t.store.now().UnixMilli()},
		{"account", s.Account},
		{"hook_print", s.HookPrint},
		{"access", s.Access},
		{"tries", 0},
		{"retry_at", 0},
	})
}

// FoundSubscription keeps one that the server was never told of, to be ended; one that is known stays as it is.
func (t *Tx) FoundSubscription(s Subscription) error {
	_, err := t.SubscriptionIs(s.IntegrationID, s.ID)
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	err = t.keepSubscription(s, SubscriptionReplaced)
	if err != nil {
		return fmt.Errorf("keeping a subscription of %s that was found: %w", s.IntegrationID, err)
	}
	return nil
}

// SubscriptionIs is the state of one; ErrNotFound.
func (t *Tx) SubscriptionIs(integrationID, id string) (Subscription, error) {
	s := Subscription{IntegrationID: integrationID, ID: id}
	var began int64
	err := t.row("SELECT began, state, account FROM subscriptions WHERE integration_id = ? AND id = ?", integrationID, id).Scan(&began, &s.State, &s.Account)
	s.Began = fromMilli(began)
	return s, missing(err, "subscription")
}

// EndSubscription notes that one is over.
func (t *Tx) EndSubscription(integrationID, id string) error {
	_, err := t.exec("UPDATE subscriptions SET state = ?, changed_at = ? WHERE integration_id = ? AND id = ?",
		SubscriptionOver, t.store.now().UnixMilli(), integrationID, id)
	if err != nil {
		return fmt.Errorf("ending a subscription of %s: %w", integrationID, err)
	}
	return nil
}

// PostponeSubscription notes that ending one failed, and when to try again.
func (t *Tx) PostponeSubscription(integrationID, id string, again time.Time) error {
	_, err := t.exec("UPDATE subscriptions SET tries = tries + 1, retry_at = ? WHERE integration_id = ? AND id = ?", again.UnixMilli(), integrationID, id)
	if err != nil {
		return fmt.Errorf("postponing the end of a subscription of %s: %w", integrationID, err)
	}
	return nil
}

// DropSubscription forgets one.
func (t *Tx) DropSubscription(integrationID, id string) error {
	if _, err := t.exec("DELETE FROM subscriptions WHERE integration_id = ? AND id = ?", integrationID, id); err != nil {
		return fmt.Errorf("forgetting a subscription of %s: %w", integrationID, err)
	}
	return nil
}

// changeHealth changes some columns of an integration's row.
func (t *Tx) changeHealth(integrationID, set string, args ...any) error {
	_, err := t.exec("INSERT INTO subscription_states (integration_id) VALUES (?) ON CONFLICT (integration_id) DO NOTHING", integrationID)
	if err == nil {
		_, err = t.exec("UPDATE subscription_states SET "+set+" WHERE integration_id = ?", append(args, integrationID)...)
	}
	if err != nil {
		return fmt.Errorf("noting how the subscription of %s goes on: %w", integrationID, err)
	}
	return nil
}

// WantSubscription asks for a new one at once.
func (t *Tx) WantSubscription(integrationID string) error {
	return t.changeHealth(integrationID, "wanted_at = ?, retry_at = 0", t.store.now().UnixMilli())
}

// SubscriptionPending notes that one is being made, until a moment at the latest; zero: none is any more.
func (t *Tx) SubscriptionPending(integrationID string, until time.Time) error {
	return t.changeHealth(integrationID, "pending_until = ?", milliOf(until))
}

// SubscriptionAnew forgets that attempts have failed: what they were made with has changed since.
func (t *Tx) SubscriptionAnew(integrationID string) error {
	_, err := t.exec("UPDATE subscription_states SET failures = 0, retry_at = 0, error = '', error_en = '' WHERE integration_id = ?", integrationID)
	if err != nil {
		return fmt.Errorf("forgetting how the subscription of %s failed: %w", integrationID, err)
	}
	return nil
}

// SubscriptionMade notes that one was made, and answers what was asked for at wanted; what was asked
// for since is still wanted.
func (t *Tx) SubscriptionMade(integrationID string, wanted time.Time) error {
	now := t.store.now().UnixMilli()
	return t.changeHealth(integrationID, `pending_until = 0, retry_at = 0, error = '', error_en = '', checked_at = ?,
  restored_at = CASE WHEN lost_at > restored_at THEN ? ELSE restored_at END,
  wanted_at = CASE WHEN wanted_at <= ? THEN 0 ELSE wanted_at END`, now, now, milliOf(wanted))
}

// SubscriptionFailed notes that none could be made, why, and when to try again.
func (t *Tx) SubscriptionFailed(integrationID, why, whyEN string, again time.Time) error {
	return t.changeHealth(integrationID, "pending_until = 0, failures = failures + 1, error = ?, error_en = ?, retry_at = ?", why, whyEN, again.UnixMilli())
}

// SubscriptionLost notes that the current one ended before its time. quick: it had hardly begun, so that
// the next one waits until again.
func (t *Tx) SubscriptionLost(integrationID string, quick bool, again time.Time) error {
	now := t.store.now().UnixMilli()
	if quick {
		return t.changeHealth(integrationID, "lost_at = ?, failures = failures + 1, retry_at = ?", now, again.UnixMilli())
	}
	return t.changeHealth(integrationID, "lost_at = ?, failures = 0, retry_at = 0", now)
}

// SubscriptionChecked notes that the current one lives, or could not be asked for.
func (t *Tx) SubscriptionChecked(integrationID string, lives bool) error {
	now := t.store.now().UnixMilli()
	if lives {
		return t.changeHealth(integrationID, "checked_at = ?, failures = 0", now)
	}
	return t.changeHealth(integrationID, "checked_at = ?", now)
}

// SubscriptionFailures is how many attempts failed one after the other.
func (t *Tx) SubscriptionFailures(integrationID string) (int, error) {
	var n int
	err := t.row("SELECT failures FROM subscription_states WHERE integration_id = ?", integrationID).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("reading how the subscription of %s goes on: %w", integrationID, err)
	}
	return n, nil
}

// DropSubscriptionHealth forgets how the subscription of an integration went.
func (t *Tx) DropSubscriptionHealth(integrationID string) error {
	if _, err := t.exec("DELETE FROM subscription_states WHERE integration_id = ?", integrationID); err != nil {
		return fmt.Errorf("forgetting how the subscription of %s went: %w", integrationID, err)
	}
	return nil
}

// ParkedRequest is a request that came by a subscription whose id was not known yet.
type ParkedRequest struct {
	ID, IntegrationID, SubscriptionID string
	At                                time.Time
	Request                           string // sealed
}

// parkedMost bounds how many requests wait for one integration.
const parkedMost = 500

// ErrManyParked says that so many requests wait that no more are kept.
var ErrManyParked = errors.New("too many wait already")

// Park keeps a request while a subscription of the integration is being made. false: none is, so that the
// request is nobody's. ErrManyParked.
func (t *Tx) Park(p ParkedRequest) (bool, error) {
	now := t.store.now().UnixMilli()
	var pending, waiting int
	err := t.row(`
SELECT (SELECT COUNT(*) FROM subscription_states WHERE integration_id = ? AND pending_until > ?),
  (SELECT COUNT(*) FROM parked_requests WHERE integration_id = ?)`, p.IntegrationID, now, p.IntegrationID).Scan(&pending, &waiting)
	switch {
	case err != nil:
		return false, fmt.Errorf("asking whether a subscription of %s is being made: %w", p.IntegrationID, err)
	case pending == 0:
		return false, nil
	case waiting >= parkedMost:
		return false, fmt.Errorf("requests that wait for a subscription of %s: %w", p.IntegrationID, ErrManyParked)
	}
	err = t.add("parked_requests", columns{
		{"id", p.ID},
		{"integration_id", p.IntegrationID},
		{"subscription_id", p.SubscriptionID},
		{"at", now},
		{"request", p.Request},
	})
	if err != nil {
		return false, fmt.Errorf("keeping a request for a subscription of %s: %w", p.IntegrationID, err)
	}
	return true, nil
}

// Parked reads the requests that wait, oldest first.
func (s *Store) Parked(ctx context.Context) ([]ParkedRequest, error) {
	rows, err := s.reads(ctx).query("SELECT id, integration_id, subscription_id, at, request FROM parked_requests ORDER BY at, id")
	if err != nil {
		return nil, fmt.Errorf("reading requests that wait for a subscription: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (ParkedRequest, error) {
		var p ParkedRequest
		var at int64
		err := rows.Scan(&p.ID, &p.IntegrationID, &p.SubscriptionID, &at, &p.Request)
		p.At = fromMilli(at)
		return p, err
	})
}

// Unpark forgets a request that waited.
func (t *Tx) Unpark(id string) error {
	if _, err := t.exec("DELETE FROM parked_requests WHERE id = ?", id); err != nil {
		return fmt.Errorf("forgetting a request that waited for a subscription: %w", err)
	}
	return nil
}
