package reconcile

import (
	"context"
	"log/slog"
	"time"

	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// aliveEvery is how often the server notes that it lives.
	aliveEvery = 20 * time.Second
	// outageLeast is from how long on an absence is told: a restart takes less.
	outageLeast = time.Minute
	// Causes of an outage.
	causeServer = "server"
	causePBX    = "pbx"
)

// Coverage is what the feed knows of a period, and what it does not: when the server was away, when the
// PBX's events did not come, until when calls were compared with the PBX's own list.
type Coverage struct {
	Store     *store.Store
	Directory *directory.Directory
	Now       func() time.Time
	NewID     func() string
	// Away tells when, of a time in which this server noted nothing, events did not come; they overlap where they like.
	// Nil: in all of it. A school of several that is closed while nobody uses it is opened by the first event.
	Away  func(ctx context.Context, from, to time.Time) ([]client.Outage, error)
	alive time.Time // when it was last noted that the server lives; Run's alone
}

// Run notes that the server lives, until ctx ends.
func (c *Coverage) Run(ctx context.Context) {
	chores.Repeat(ctx, "alive", choresEvery, func() error {
		err := c.noteAlive(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "it was not noted that the server lives", "err", err)
		}
		return err
	})
}

// noteAlive notes that the server lives; the first time after a start also how long it did not.
func (c *Coverage) noteAlive(ctx context.Context) error {
	now := c.Now()
	if now.Sub(c.alive) < aliveEvery {
		return nil
	}
	begins := c.alive.IsZero()
	err := c.Store.Write(ctx, func(tx *store.Tx) error {
		last, err := tx.Alive(now)
		if err != nil || !begins || last.IsZero() || now.Sub(last) < outageLeast {
			return err
		}
		return c.addOutages(ctx, tx, last, now)
	})
	if err == nil {
		c.alive = now
	}
	return err
}

func (c *Coverage) addOutages(ctx context.Context, tx *store.Tx, from, to time.Time) (err error) {
	away := []client.Outage{{From: from, To: to}}
	if c.Away != nil {
		if away, err = c.Away(ctx, from, to); err != nil {
			return err
		}
	}
	for _, o := range away {
		if o.To.Sub(o.From) < outageLeast {
			continue
		}
		slog.InfoContext(ctx, "the server was away", "since", o.From, "for", o.To.Sub(o.From).Round(time.Second))
		o.Cause = causeServer
		if err := tx.AddOutage(c.NewID(), o); err != nil {
			return err
		}
	}
	return nil
}

// noteSilence notes when the PBX's events did not come: around every call that only its statistics
// told of.
func (c *Coverage) noteSilence(ctx context.Context, restored []time.Time) error {
	if len(restored) == 0 {
		return nil
	}
	return c.Store.Write(ctx, func(tx *store.Tx) error {
		for _, at := range restored {
			known, err := tx.RestoredIn(at)
			if err != nil {
				return err
			}
			if known {
				continue
			}
			from, to, err := tx.Silence(at)
			if err != nil {
				return err
			}
			if from.IsZero() {
				from = at
			}
			if to.IsZero() {
				to = c.Now()
			}
			// Single events are lost now and then; that is no silence to speak of.
			if to.Sub(from) < outageLeast {
				continue
			}
			if err := tx.AddOutage(c.NewID(), client.Outage{From: from, To: to, Cause: causePBX, Restored: 1}); err != nil {
				return err
			}
		}
		return nil
	})
}

// FeedHealth says what the feed knows of a period, and what it does not.
func (c *Coverage) FeedHealth(ctx context.Context, from, to time.Time) (client.FeedHealth, error) {
	h := client.FeedHealth{From: from.UTC(), To: to.UTC(), Outages: []client.Outage{}}
	if until := certainUntil(c.Directory.Snapshot().Integrations()); until.Before(h.To) {
		h.To = until.UTC()
	}
	var err error
	if h.Outages, err = c.Store.Outages(ctx, from, to); err != nil {
		return h, err
	}
	for _, o := range h.Outages {
		h.Restored += o.Restored
	}
	if h.To.Before(h.From) {
		h.To = h.From
		return h, nil
	}
	h.Calls, h.Confirmed, err = c.Store.CountConfirmed(ctx, h.From, h.To)
	return h, err
}

// certainUntil is until when the calls were compared with every PBX that is on; while none is, with the
// last one that was. Zero: with none.
func certainUntil(integrations []*directory.Integration) time.Time {
	var on, off time.Time
	active := false
	for _, integration := range integrations {
		switch {
		case !integration.Active:
			if integration.CertainUntil.After(off) {
				off = integration.CertainUntil
			}
		case !active || integration.CertainUntil.Before(on):
			active, on = true, integration.CertainUntil
		}
	}
	if active {
		return on
	}
	return off
}
