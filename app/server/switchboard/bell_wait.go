package switchboard

import (
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"dozvon/app/server/chores"
	"dozvon/app/server/store"
)

// bells are the bell tests of this node that wait for their first webhook, which may come to any node:
// that one finds in the database that somebody waits, and leaves word there.
type bells struct {
	mu      sync.Mutex             // guards what follows
	waiting map[string]waitingBell // by call
	asked   map[string]time.Time   // integration → when it was asked whether another node waits
}

type waitingBell struct {
	integration string
	ring        chan bellRing
}

// bellRing is what happened to the first webhook of a test's call.
type bellRing struct {
	Arrived   time.Time `json:"arrived"`
	Committed time.Time `json:"committed"`
	Forged    bool      `json:"forged"` // it was not signed with our key
}

const (
	// bellLook is how often it is looked whether another node got the webhook.
	bellLook = 150 * time.Millisecond
	// bellAsk bounds how often a forged webhook makes this node ask whether another one waits: anybody
	// can send those.
	bellAsk = time.Second
)

// Names of what the nodes share: by call who waits and what came, by integration until when any test
// waits and when a forged webhook came last.
func ringName(callID string) string          { return "ring " + callID }
func waitName(integrationID string) string   { return "bell " + integrationID }
func forgedName(integrationID string) string { return "forged " + integrationID }

// awaitRing lets a test wait for its call's first webhook, on whatever node it comes.
func (s *Switchboard) awaitRing(ctx context.Context, callID, integrationID string) (<-chan bellRing, func(), error) {
	until := s.Now().Add(bellWait)
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
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
	ring := s.bells.wait(callID, integrationID)
	looking, stop := context.WithCancel(ctx)
	go chores.Repeat(looking, bellLook, func() { s.lookForRing(looking, callID, integrationID) })
	return ring, func() {
		stop()
		s.bells.forget(callID)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
		defer cancel()
		if err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetShared(ringName(callID), nil) }); err != nil {
			slog.Warn("a bell test was not forgotten", "err", err)
		}
	}, nil
}

// lookForRing looks for what another node has left.
func (s *Switchboard) lookForRing(ctx context.Context, callID, integrationID string) {
	if raw, err := s.Store.Shared(ctx, ringName(callID)); err == nil && raw != nil {
		var r bellRing
		if json.Unmarshal(raw, &r) == nil && !r.Arrived.IsZero() {
			s.bells.ring(callID, r)
			return
		}
	}
	if raw, err := s.Store.Shared(ctx, forgedName(integrationID)); err == nil && raw != nil {
		s.bells.ring(callID, bellRing{Arrived: ofMillis(raw), Forged: true})
	}
}

// rung tells a waiting test of its call's first webhook, here or on another node.
func (s *Switchboard) rung(ctx context.Context, rec store.CallRecord, arrived time.Time) {
	if !rec.View.Test {
		return
	}
	r := bellRing{Arrived: arrived, Committed: s.Now()}
	if s.bells.ring(rec.ID, r) {
		return
	}
	raw, _ := json.Marshal(r) // times: it cannot fail
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		waits, err := tx.Shared(ringName(rec.ID))
		if err != nil || string(waits) != "{}" {
			return err
		}
		return tx.SetShared(ringName(rec.ID), raw)
	})
	if err != nil {
		slog.Warn("a bell test was not told of its webhook", "call", rec.ID, "err", err)
	}
}

// forged tells the tests of an integration that a webhook came whose signature is wrong.
func (s *Switchboard) forged(ctx context.Context, integrationID string, arrived time.Time) {
	if s.bells.forged(integrationID, arrived) || !s.bells.mayAsk(integrationID, arrived) {
		return
	}
	until, err := s.Store.Shared(ctx, waitName(integrationID))
	if err == nil && ofMillis(until).After(arrived) {
		err = s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetShared(forgedName(integrationID), millis(arrived)) })
	}
	if err != nil {
		slog.Warn("a bell test was not told of a forged webhook", "err", err)
	}
}

func (b *bells) wait(callID, integrationID string) <-chan bellRing {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[string]waitingBell{}
	}
	ch := make(chan bellRing, 1)
	b.waiting[callID] = waitingBell{integrationID, ch}
	return ch
}

func (b *bells) forget(callID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.waiting, callID)
}

// ring tells the waiting test, if it is this node's.
func (b *bells) ring(callID string, r bellRing) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	w, ok := b.waiting[callID]
	if ok {
		delete(b.waiting, callID)
		w.ring <- r
	}
	return ok
}

// forged tells this node's tests of an integration; false when there is none.
func (b *bells) forged(integrationID string, arrived time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	told := false
	for id, w := range b.waiting {
		if w.integration == integrationID {
			delete(b.waiting, id)
			w.ring <- bellRing{Arrived: arrived, Forged: true}
			told = true
		}
	}
	return told
}

func (b *bells) mayAsk(integrationID string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.asked == nil {
		b.asked = map[string]time.Time{}
	}
	if now.Sub(b.asked[integrationID]).Abs() < bellAsk {
		return false
	}
	b.asked[integrationID] = now
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
