package calls

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
	"dozvon/client"
)

// CloseForgotten ends the calls whose end the PBX never told.
func (s *Service) CloseForgotten(ctx context.Context) error {
	active, err := s.Store.ActiveCalls(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	var failed error // one call must not keep the others from being closed
	for _, rec := range active {
		if s.forgotten(rec, now) {
			failed = errors.Join(failed, s.closeCall(ctx, rec.ID, now))
		}
	}
	return failed
}

func (s *Service) forgotten(rec store.CallRecord, now time.Time) bool {
	integration := s.Directory.Snapshot().Integration(rec.IntegrationID)
	switch {
	case integration == nil && now.Sub(rec.View.StartedAt) > silentLimit:
		return true // nobody is there to tell the end
	case silent(integration, rec, now):
		return true
	case rec.Key == "" && now.Sub(rec.View.StartedAt) > silentLimit:
		return true
	}
	return now.Sub(rec.View.StartedAt) > forgottenLimit
}

// silent reports whether no leg of a call has lived for as long as its PBX may take for another word.
func silent(integration *directory.Integration, rec store.CallRecord, now time.Time) bool {
	return !rec.IdleSince.IsZero() && now.Sub(rec.IdleSince) > grace(integration)
}

// grace is how long a call whose legs have all ended waits for another word of its PBX.
func grace(integration *directory.Integration) time.Duration {
	if integration == nil {
		return idleLimit
	}
	return cmp.Or(integration.KindOfPBX().Grace, idleLimit)
}

func (s *Service) closeCall(ctx context.Context, id string, now time.Time) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := tx.Call(id)
		if err != nil {
			return err
		}
		if rec.View.State == client.StateEnded || !s.forgotten(rec, now) {
			return nil
		}
		integration := s.Directory.Snapshot().Integration(rec.IntegrationID)
		closed := call.Event{Kind: call.KindClosed, Key: rec.Key, At: now.UTC().Truncate(time.Second)}
		closed.Silent = silent(integration, rec, now)
		if closed.Silent && integration != nil && integration.KindOfPBX().Name != "" && !integration.KindOfPBX().Summarises {
			closed.Quiet = true
		} else {
			slog.WarnContext(ctx, "call closed without the PBX's word", "call", id, "state", rec.View.State)
		}
		rec.Facts = call.Fold(rec.Facts, closed)
		_, err = s.settle(tx, integration, &rec)
		return err
	})
}
