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
	"dozvon/client"
)

// over reports whether the PBX refused because the call is over: then its end was lost on the way.
func over(err error) bool {
	var refused *pbx.Refused
	return errors.As(err, &refused) && refused.Over
}

// believeOver ends the leg of a call of which the PBX says that it is over, which frees the
// employee at once, and has the statistics asked how it really ended. Where the call goes on
// elsewhere, the next event of it brings it back.
func (s *Commands) believeOver(ctx context.Context, integration *directory.Integration, callID, leg string) error {
	err := s.calls.Store.Write(ctx, func(tx *store.Tx) error { return s.endLeg(tx, integration, callID, leg) })
	if err != nil {
		return err
	}
	return s.askHowItEnded(integration)
}

// askHowItEnded has the statistics asked, where the PBX has any.
func (s *Commands) askHowItEnded(integration *directory.Integration) error {
	err := s.calls.reconciler.ReconcileSoon(integration.ID)
	if errors.Is(err, directory.ErrNoIntegration) {
		return nil
	}
	return err
}

func (s *Commands) endLeg(tx *store.Tx, integration *directory.Integration, callID, leg string) error {
	rec, err := tx.Call(callID)
	if err != nil {
		return err
	}
	if rec.View.State == client.StateEnded || leg == "" {
		return nil
	}
	slog.WarnContext(tx.Asked(), "the PBX says that a call is over whose end it never told", "call", callID, "state", rec.View.State)
	_, err = s.calls.applyEvent(tx, integration, call.Event{Kind: call.KindOver, Key: rec.Key, Leg: leg, At: integration.Clock(s.calls.Now()).UTC().Truncate(time.Second)})
	return err
}

// outcomeOver believes a command's late result that the call is over, if the leg that the command
// was about is still the one on which the call goes on. A route is refused so as well when the call
// was answered meanwhile, so of that nothing follows.
func (s *Commands) outcomeOver(tx *store.Tx, integration *directory.Integration, cmd store.Command) error {
	p, ok := integration.Provider.(pbx.Overer)
	if !ok || cmd.CallID == "" || cmd.Kind == store.CommandRoute || !p.Over(cmd.Code) {
		return nil
	}
	rec, err := tx.Call(cmd.CallID)
	if err != nil {
		return err
	}
	leg := rec.Facts.View().TalkLeg
	if !rec.Facts.LegSince(leg, cmd.At) {
		return nil
	}
	if err := s.endLeg(tx, integration, cmd.CallID, leg); err != nil {
		return err
	}
	if err := s.askHowItEnded(integration); err != nil { // the PBX's word holds without the statistics
		slog.WarnContext(tx.Asked(), "no comparison after a call that is over", "call", cmd.CallID, "integration", integration.ID, "err", err)
	}
	return nil
}
