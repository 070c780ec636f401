package switchboard

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/store"
	"dozvon/client"
)

// CloseForgotten ends the calls whose end the PBX never told.
func (s *Switchboard) CloseForgotten(ctx context.Context) error {
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

func (s *Switchboard) forgotten(rec store.CallRecord, now time.Time) bool {
	connected := s.Directory.Snapshot().Integration(rec.IntegrationID) != nil
	switch {
	case !connected && now.Sub(rec.View.StartedAt) > silentLimit:
		return true // nobody is there to tell the end
	case !rec.IdleSince.IsZero() && now.Sub(rec.IdleSince) > idleLimit:
		return true
	case rec.Key == "" && now.Sub(rec.View.StartedAt) > silentLimit:
		return true
	}
	return now.Sub(rec.View.StartedAt) > forgottenLimit
}

func (s *Switchboard) closeCall(ctx context.Context, id string, now time.Time) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := tx.Call(id)
		if err != nil {
			return err
		}
		if rec.View.State == client.StateEnded || !s.forgotten(rec, now) {
			return nil
		}
		slog.Warn("call closed without the PBX's word", "call", id, "state", rec.View.State)
		rec.Facts = call.Fold(rec.Facts, call.Event{Kind: call.KindClosed, Key: rec.Key, At: now.UTC().Truncate(time.Second)})
		return s.settle(tx, s.Directory.Snapshot().Integration(rec.IntegrationID), &rec)
	})
}
