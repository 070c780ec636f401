package calls

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// lateLimit is how long after its own time an event of a leg may come and still tell of what goes
// on now. Events normally take less than a second; a telephone does not ring for so long.
const lateLimit = 5 * time.Minute

// foldLate folds an event. A leg of which nothing was told in time is over as far as it is known:
// after an outage the PBX may tell of calls that nobody can answer any more, and whoever caught a
// webhook may send it again.
func foldLate(c call.Call, e call.Event, now time.Time) call.Call {
	if e.Kind != call.KindLeg || e.State == call.LegEnded || now.Sub(e.At) <= lateLimit || c.ToldInTime(e.Leg) {
		return call.Fold(c, e)
	}
	c = call.Fold(c, e)
	return call.Fold(c, call.Event{Kind: call.KindOver, Key: e.Key, At: e.At, Leg: e.Leg})
}

// keepUnfit keeps what the PBX has signed and what cannot be true, so that nothing is lost, and
// changes nothing by it.
func (s *Service) keepUnfit(ctx context.Context, integration *directory.Integration, path string, d pbx.Delivery) error {
	slog.WarnContext(ctx, "webhook kept, but not believed", "integration", integration.ID, "why", d.Unfit)
	err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddRawEvent(s.NewID(), integration.ID, path, d.Payload) })
	if err != nil {
		return err
	}
	return errors.Join(d.Unfit)
}
