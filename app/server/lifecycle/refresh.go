package lifecycle

import (
	"context"
	"log/slog"
	"maps"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
)

const (
	// refreshEvery is how often a directory is read though nothing tells that it has changed.
	refreshEvery = time.Hour
	// strangerEvery is how often at most it is read because of people whom it does not know.
	strangerEvery = 30 * time.Second
)

// refresh is the reading of one adapter's own directory, by this process: every node has an adapter.
type refresh struct {
	provider pbx.Provider
	owners   map[string]string // the table that it was read with
	at       time.Time         // when it was read last, or tried
	failures int
	retryAt  time.Time
	stranger bool // somebody was named who is not in it
}

// refreshDue reports whether the adapter's directory is to be read.
func (k *Keeper) refreshDue(i *directory.Integration) bool {
	if _, ok := i.Provider.(pbx.Refresher); !ok || !i.Active {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	had, now := k.refreshes[i.ID], k.Now()
	switch {
	case had == nil || had.provider != i.Provider || !maps.Equal(had.owners, i.Owners()):
		return true
	case now.Before(had.retryAt):
		return false
	case had.failures > 0:
		return true
	case had.stranger && now.Sub(had.at) >= strangerEvery:
		return true
	}
	return now.Sub(had.at) >= refreshEvery
}

// refresh reads the adapter's directory.
func (k *Keeper) refresh(ctx context.Context, i *directory.Integration) {
	k.mu.Lock()
	failures := 0
	if had := k.refreshes[i.ID]; had != nil && had.provider == i.Provider {
		failures = had.failures
		had.stranger = false // who is named from now on asks again
	}
	k.mu.Unlock()
	ask, cancel := context.WithTimeout(pbx.Unattended(ctx), requestLimit)
	defer cancel()
	err := i.Provider.(pbx.Refresher).Refresh(ask)
	now := k.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	had := k.refreshes[i.ID]
	next := &refresh{provider: i.Provider, owners: i.Owners(), at: now, stranger: had != nil && had.stranger}
	if err != nil {
		next.failures = failures + 1
		next.retryAt = now.Add(pauseOf(next.failures))
		if ctx.Err() == nil {
			slog.WarnContext(ctx, "the employees of a PBX were not read", "integration", i.ID, "again_in", pauseOf(next.failures), "err", err)
		}
	}
	k.refreshes[i.ID] = next
}

// stranger notes that somebody was named whom the adapter's directory does not know.
func (k *Keeper) stranger(integrationID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if had := k.refreshes[integrationID]; had != nil {
		had.stranger = true
	}
}
