// Package callers knows from memory what a PBX asks at the beginning of a call, while the caller
// waits: whose a number is, who was asked to call it back, and who talks now. It reads each number once,
// then all the others in the background, and drops from its cache what the journal tells to have changed,
// on this node or another one. So the answer does not wait for a writer that is busy, and hardly ever for
// the database.
package callers

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jellydator/ttlcache/v3"
	"golang.org/x/sync/singleflight"

	"dozvon/app/phone"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/client"
)

const (
	// kept bounds how many numbers are remembered, some 300 bytes each; the ones asked for longest ago go.
	kept = 200_000
	// pageOfNumbers is how many are read ahead between two rests.
	pageOfNumbers = 200
	// restBetween leaves the database to others while numbers are read ahead.
	restBetween = 20 * time.Millisecond
	// readLimit bounds the reading of one number.
	readLimit = 10 * time.Second
)

// Caller is what is known of a number.
type Caller struct {
	Subject *client.Subject // nil: nobody's
	Asked   string          // the employee who was asked to call back; empty: nobody
}

// Callbacks knows who was asked to call a number back.
type Callbacks interface {
	AskedFor(ctx context.Context, number phone.Number) (string, error)
}

// Cache remembers callers. Safe for concurrent use.
type Cache struct {
	store     *store.Store
	callbacks Callbacks
	known     *ttlcache.Cache[phone.Number, Caller]
	reading   singleflight.Group
	changes   atomic.Uint64 // how often something was dropped
	asked     atomic.Bool   // somebody has asked, so reading ahead is worth it
	wake      chan struct{} // has an element when reading ahead is due

	mu     sync.Mutex // guards what follows
	byCard map[string]map[phone.Number]bool
	reads  map[*read]bool // going on
	busy   map[string]client.PresenceState
}

// read is one reading of the database. What the journal tells to have changed meanwhile may have been read
// too early, so it is not remembered.
type read struct {
	all     bool
	numbers map[phone.Number]bool
	cards   map[string]bool
}

// New returns an empty cache. Follow must be told of the journal from then on.
func New(st *store.Store, callbacks Callbacks) *Cache {
	return &Cache{
		store: st, callbacks: callbacks, wake: make(chan struct{}, 1), byCard: map[string]map[phone.Number]bool{}, reads: map[*read]bool{},
		known: ttlcache.New(ttlcache.WithCapacity[phone.Number, Caller](kept), ttlcache.WithTTL[phone.Number, Caller](ttlcache.NoTTL)),
		busy:  map[string]client.PresenceState{},
	}
}

// Of tells what is known of a number. One that is not remembered is read until ctx ends.
func (c *Cache) Of(ctx context.Context, number phone.Number) (Caller, error) {
	if !c.asked.Swap(true) {
		c.readAhead()
	}
	if had := c.known.Get(number); had != nil {
		return had.Value(), nil
	}
	// A reading that began before a change was told may not know of it: who asks now does not join it.
	flight := fmt.Sprint(number, " ", c.changes.Load())
	result := c.reading.DoChan(flight, func() (any, error) {
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), readLimit)
		defer cancel()
		return c.load(work, number)
	})
	select {
	case r := <-result:
		if r.Err != nil {
			return Caller{}, r.Err
		}
		return r.Val.(Caller), nil
	case <-ctx.Done():
		return Caller{}, fmt.Errorf("reading whose %s is: %w", number.Masked(), ctx.Err())
	}
}

// Asked is how often a number was asked for, and how often it was remembered.
func (c *Cache) Asked() (hits, misses uint64) {
	m := c.known.Metrics()
	return m.Hits, m.Misses
}

// Talks tells whether an employee talks now, on whatever node that was told.
func (c *Cache) Talks(ctx context.Context, employeeID string) (bool, error) {
	c.mu.Lock()
	state, known := c.busy[employeeID]
	c.mu.Unlock()
	if known {
		return state == client.PresenceTalking, nil
	}
	r := c.begin()
	state, err := c.store.Presence(ctx, employeeID)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.reads, r)
	if err == nil && !r.all && !r.cards[employeeID] {
		c.busy[employeeID] = state
	}
	return state == client.PresenceTalking, err
}

func (c *Cache) begin() *read {
	r := &read{numbers: map[phone.Number]bool{}, cards: map[string]bool{}}
	c.mu.Lock()
	c.reads[r] = true
	c.mu.Unlock()
	return r
}

func (c *Cache) load(ctx context.Context, number phone.Number) (Caller, error) {
	r := c.begin()
	who, ids, err := c.look(ctx, number)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.reads, r)
	if err != nil || r.all || r.numbers[number] {
		return who, err
	}
	for _, id := range ids {
		if r.cards[id] {
			return who, nil
		}
	}
	for _, id := range ids {
		if c.byCard[id] == nil {
			c.byCard[id] = map[phone.Number]bool{}
		}
		c.byCard[id][number] = true
	}
	c.known.Set(number, who, ttlcache.DefaultTTL)
	return who, nil
}

// look reads a number, and names the cards that it found.
func (c *Cache) look(ctx context.Context, number phone.Number) (Caller, []string, error) {
	var who Caller
	matches, err := subject.LookupNow(ctx, c.store, number)
	if err != nil {
		return who, nil, err
	}
	who.Subject, _ = subject.First(matches)
	ids := make([]string, len(matches))
	for i, m := range matches {
		ids[i] = m.ID
	}
	who.Asked, err = c.callbacks.AskedFor(ctx, number)
	return who, ids, err
}

// Follow drops what rows of the journal tell to have changed. It is called in their order and does not
// wait.
func (c *Cache) Follow(rows []store.Row) {
	for _, row := range rows {
		switch row.Type {
		case "client", "contract":
			var card struct {
				ID     string         `json:"id"`
				Phones []phone.Number `json:"phones"`
			}
			c.forget(row, &card, func() { c.drop(card.ID, card.Phones) })
		case "task":
			var task struct {
				Phone phone.Number `json:"phone"`
			}
			c.forget(row, &task, func() { c.drop("", []phone.Number{task.Phone}) })
		case "presence":
			var presence client.Presence
			c.forget(row, &presence, func() { c.present(presence) })
		case "reset":
			c.dropAll()
		}
	}
}

// forget drops everything when a row cannot be read: nobody knows what it changed.
func (c *Cache) forget(row store.Row, into any, drop func()) {
	if err := json.Unmarshal(row.Data, into); err != nil {
		slog.Error("a change was not read for the callers that are remembered", "type", row.Type, "err", err)
		c.dropAll()
		return
	}
	drop()
}

func (c *Cache) drop(card string, numbers []phone.Number) {
	c.changes.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	for n := range c.byCard[card] {
		numbers = append(numbers, n)
	}
	delete(c.byCard, card)
	for _, n := range numbers {
		c.known.Delete(n)
	}
	for r := range c.reads {
		if card != "" {
			r.cards[card] = true
		}
		for _, n := range numbers {
			r.numbers[n] = true
		}
	}
}

func (c *Cache) present(p client.Presence) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy[p.EmployeeID] = p.State
	for r := range c.reads {
		r.cards[p.EmployeeID] = true
	}
}

func (c *Cache) dropAll() {
	c.changes.Add(1)
	c.mu.Lock()
	c.known.DeleteAll()
	c.byCard, c.busy = map[string]map[phone.Number]bool{}, map[string]client.PresenceState{}
	for r := range c.reads {
		r.all = true
	}
	c.mu.Unlock()
	if c.asked.Load() {
		c.readAhead()
	}
}

func (c *Cache) readAhead() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run reads the numbers of all cards ahead, once somebody has asked, until ctx ends.
func (c *Cache) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		if err := c.readAll(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "numbers were not read ahead, each is read when it calls", "err", err)
		}
	}
}

func (c *Cache) readAll(ctx context.Context) error {
	var after phone.Number
	for read := 0; read < kept; {
		numbers, err := c.store.OwnedNumbers(ctx, after, pageOfNumbers)
		if err != nil || len(numbers) == 0 {
			return err
		}
		for _, n := range numbers {
			if c.known.Has(n) {
				continue
			}
			if _, err := c.load(ctx, n); err != nil {
				return err
			}
		}
		after, read = numbers[len(numbers)-1], read+len(numbers)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(restBetween):
		}
	}
	return nil
}
