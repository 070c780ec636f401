package directory

import (
	"context"
	"log/slog"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// lastSeen is when an integration's newest webhook came, and how much later than its own time.
type lastSeen struct {
	at    time.Time
	delay time.Duration
	noted bool // stored already
}

// NoteSeen notes when an integration's newest webhook came, and how late; a delay of 0 is not known.
func (d *Directory) NoteSeen(integrationID string, at time.Time, delay time.Duration) {
	last := lastSeen{at: at, delay: delay}
	if had, ok := d.seen.Load(integrationID); ok && last.delay == 0 {
		last.delay = had.(lastSeen).delay
	}
	d.seen.Store(integrationID, last)
}

// healthClaim is within how long the same change is told once: the nodes look every two seconds.
const healthClaim = 20 * time.Second

// publishHealth tells the accountants when the way to a PBX closes or opens.
func (d *Directory) publishHealth(ctx context.Context) error {
	for _, integration := range d.Snapshot().integrations {
		p, ok := integration.Provider.(pbx.HealthReporter)
		if !ok {
			continue
		}
		now := p.Health().State
		was, known := d.health.Swap(integration.ID, now)
		if was == any(now) || (!known && now == pbx.Healthy) {
			continue
		}
		// One node tells of it; all of them see it.
		tells, err := d.cfg.Store.Claim(ctx, "health "+integration.ID+" "+string(now), d.cfg.Node, healthClaim, false)
		if err != nil {
			return err
		}
		if !tells {
			continue
		}
		slog.WarnContext(ctx, "the way to the PBX changed", "integration", integration.ID, "state", now, "code", p.Health().Code)
		if _, err := d.PublishIntegration(ctx, integration.ID); err != nil {
			return err
		}
	}
	return nil
}

// Way is the state of the way to PBXs of a kind, as it is counted: "off", "sealed" where a secret of theirs cannot
// be read, else a state of pbx.Health.
type Way struct{ Kind, State string }

// States of a Way beside those of pbx.Health.
const (
	WayOff    = "off"
	WaySealed = "sealed"
)

// WaysOf counts the integrations by the state of the way to their PBX, as it was found last. Every kind has every
// state, so that none is missing because it is rare.
func WaysOf(d *Directory) map[Way]int {
	count := map[Way]int{}
	for _, kind := range d.cfg.Kinds {
		for _, state := range []string{WayOff, WaySealed, string(pbx.Healthy), string(pbx.Degraded), string(pbx.Resting)} {
			count[Way{kind.Name, state}] = 0
		}
	}
	for _, integration := range d.Snapshot().integrations {
		if integration.kind.Name == "" {
			continue // of a kind that this program does not know
		}
		state := string(pbx.Healthy)
		if found, ok := d.health.Load(integration.ID); ok {
			state = string(found.(pbx.HealthState))
		}
		switch {
		case integration.sealed != nil:
			state = WaySealed
		case !integration.Active:
			state = WayOff
		}
		count[Way{integration.kind.Name, state}]++
	}
	return count
}

// noteLastEvents notes when the newest webhooks came, of those that are not noted yet.
func (d *Directory) noteLastEvents(ctx context.Context) error {
	seen := map[string]lastSeen{}
	d.seen.Range(func(id, v any) bool {
		if last := v.(lastSeen); !last.noted {
			seen[id.(string)] = last
		}
		return true
	})
	if len(seen) == 0 {
		return nil
	}
	err := d.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		for id, last := range seen {
			if err := tx.TouchIntegration(id, last.at, last.delay); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for id, last := range seen {
		noted := last
		noted.noted = true
		d.seen.CompareAndSwap(id, last, noted)
	}
	return nil
}
