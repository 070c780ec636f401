package connectivity

import (
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"dozvon/app/server/calls"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
)

// Tests are the tests of the way from us to a PBX and back, as far as the server sees it.
type Tests struct {
	Store     *store.Store
	Directory *directory.Directory
	Commands  *calls.Commands
	Now       func() time.Time
	NewID     func() string

	timers  chores.Timers
	waiting waitingTests
}

// Close hangs up what still rings.
func (c *Tests) Close() { c.timers.Stop() }

// writeLimit bounds a write that no request waits for.
const writeLimit = 10 * time.Second

// waitingTests are the connectivity tests of this node that wait for their first webhook, which may come to any node:
// that one finds in the database that somebody waits, and leaves word there.
type waitingTests struct {
	mu      sync.Mutex             // guards what follows
	waiting map[string]waitingTest // by call
	asked   map[string]time.Time   // integration → when it was asked whether another node waits
}

type waitingTest struct {
	integration string
	ring        chan firstWebhook
}

// firstWebhook is what happened to the first webhook of a test's call.
type firstWebhook struct {
	Arrived   time.Time `json:"arrived"`
	Committed time.Time `json:"committed"`
	Forged    bool      `json:"forged"` // it was not signed with our key
}

const (
	// lookEvery is how often it is looked whether another node got the webhook.
	lookEvery = 150 * time.Millisecond
	// askEvery bounds how often a forged webhook makes this node ask whether another one waits: anybody
	// can send those.
	askEvery = time.Second
)

// Names of what the nodes share: by call who waits and what came, by integration until when any test
// waits and when a forged webhook came last.
func ringName(callID string) string          { return "ring " + callID }
func waitName(integrationID string) string   { return "bell " + integrationID }
func forgedName(integrationID string) string { return "forged " + integrationID }

// await lets a test wait for its call's first webhook, on whatever node it comes.
func (c *Tests) await(ctx context.Context, callID, integrationID string) (<-chan firstWebhook, func(), error) {
	until := c.Now().Add(webhookWait)
	err := c.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetShared(ringName(callID), []byte("{}")); err != nil {
			return err
		}
		if err := tx.SetShared(forgedName(integrationID), nil); err != nil {
			return err
		}
		return tx.SetShared(waitName(integrationID), millis(until))
	})
	if err != nil {
		return nil, nil, err
	}
	ring := c.waiting.wait(callID, integrationID)
	looking, stop := context.WithCancel(ctx)
	go chores.Repeat(looking, "connectivity", lookEvery, func() error {
		c.look(looking, callID, integrationID)
		return nil
	})
	return ring, func() {
		stop()
		c.waiting.forget(callID)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
		defer cancel()
		if err := c.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetShared(ringName(callID), nil) }); err != nil {
			slog.WarnContext(ctx, "a connectivity test was not forgotten", "err", err)
		}
	}, nil
}

// look looks for what another node has left.
func (c *Tests) look(ctx context.Context, callID, integrationID string) {
	if raw, err := c.Store.Shared(ctx, ringName(callID)); err == nil && raw != nil {
		var r firstWebhook
		if json.Unmarshal(raw, &r) == nil && !r.Arrived.IsZero() {
			c.waiting.ring(callID, r)
			return
		}
	}
	if raw, err := c.Store.Shared(ctx, forgedName(integrationID)); err == nil && raw != nil {
		c.waiting.ring(callID, firstWebhook{Arrived: ofMillis(raw), Forged: true})
	}
}

// Arrived hands a waiting test its call's first webhook, here or on another node.
func (c *Tests) Arrived(ctx context.Context, rec store.CallRecord, arrived time.Time) {
	if !rec.View.Test {
		return
	}
	r := firstWebhook{Arrived: arrived, Committed: c.Now()}
	if c.waiting.ring(rec.ID, r) {
		return
	}
	raw, _ := json.Marshal(r) // times: it cannot fail
	err := c.Store.Write(ctx, func(tx *store.Tx) error {
		waits, err := tx.Shared(ringName(rec.ID))
		if err != nil || string(waits) != "{}" {
			return err
		}
		return tx.SetShared(ringName(rec.ID), raw)
	})
	if err != nil {
		slog.WarnContext(ctx, "a connectivity test was not told of its webhook", "call", rec.ID, "err", err)
	}
}

// Forged hands the tests of an integration the news that a webhook came whose signature is wrong.
func (c *Tests) Forged(ctx context.Context, integrationID string, arrived time.Time) {
	if c.waiting.forged(integrationID, arrived) || !c.waiting.mayAsk(integrationID, arrived) {
		return
	}
	until, err := c.Store.Shared(ctx, waitName(integrationID))
	if err == nil && ofMillis(until).After(arrived) {
		err = c.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetShared(forgedName(integrationID), millis(arrived)) })
	}
	if err != nil {
		slog.WarnContext(ctx, "a connectivity test was not told of a forged webhook", "err", err)
	}
}

func (w *waitingTests) wait(callID, integrationID string) <-chan firstWebhook {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting == nil {
		w.waiting = map[string]waitingTest{}
	}
	ch := make(chan firstWebhook, 1)
	w.waiting[callID] = waitingTest{integrationID, ch}
	return ch
}

func (w *waitingTests) forget(callID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.waiting, callID)
}

// ring hands it to the waiting test, if it is this node's.
func (w *waitingTests) ring(callID string, r firstWebhook) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	test, ok := w.waiting[callID]
	if ok {
		delete(w.waiting, callID)
		test.ring <- r
	}
	return ok
}

// forged hands it to this node's tests of an integration; false when there is none.
func (w *waitingTests) forged(integrationID string, arrived time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := false
	for id, test := range w.waiting {
		if test.integration == integrationID {
			delete(w.waiting, id)
			test.ring <- firstWebhook{Arrived: arrived, Forged: true}
			found = true
		}
	}
	return found
}

func (w *waitingTests) mayAsk(integrationID string, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked == nil {
		w.asked = map[string]time.Time{}
	}
	if now.Sub(w.asked[integrationID]).Abs() < askEvery {
		return false
	}
	w.asked[integrationID] = now
	return true
}

func millis(at time.Time) []byte { return strconv.AppendInt(nil, at.UnixMilli(), 10) }

func ofMillis(raw []byte) time.Time {
	ms, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
