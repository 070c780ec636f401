package calls

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/callview"
	"dozvon/app/server/directory"
	"dozvon/app/server/lifecycle"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/tracing"
	"dozvon/client"
)

// Deliver takes one request that came to the address which accounts of a kind share. When it returns
// no error, everything that the request told is durable: only then may the PBX be answered 200, because
// after that it forgets the event.
func (s *Service) Deliver(ctx context.Context, kind string, r pbx.Request) (pbx.Answer, error) {
	integration, err := s.Directory.Hooks.OfRequest(ctx, kind, &r)
	if err != nil || integration == nil {
		return pbx.Answer{}, err
	}
	return s.deliver(ctx, integration, r)
}

// DeliverTo takes one request that came to an integration's own address, as Deliver does.
func (s *Service) DeliverTo(ctx context.Context, id string, r pbx.Request) (pbx.Answer, error) {
	integration := s.Directory.Snapshot().Integration(id)
	switch {
	case integration == nil:
		return pbx.Answer{}, directory.ErrUnknownKey
	case !integration.Active || integration.Provider == nil:
		return pbx.Answer{}, directory.ErrInactive
	}
	return s.deliver(ctx, integration, r)
}

func (s *Service) deliver(ctx context.Context, integration *directory.Integration, r pbx.Request) (pbx.Answer, error) {
	arrived := s.Now()
	d, err := parse(ctx, integration, r)
	if errors.Is(err, pbx.ErrForged) {
		s.watchRequests(func(w RequestWatcher) { w.Forged(ctx, integration.ID, arrived) })
	}
	if err != nil {
		return pbx.Answer{}, err
	}
	// What comes by a subscription that is not ours changes nothing, and is answered as all else is, so
	// that a stranger learns nothing. What waits is durable.
	admission, err := s.admit(ctx, integration, d.Subscription, r)
	if err != nil || admission != lifecycle.Admitted {
		return d.Answer, err
	}
	if d.Unfit != nil {
		return pbx.Answer{}, s.keepUnfit(ctx, integration, r.Path, d)
	}
	s.noteSeen(integration, d, arrived)
	if d.Probe {
		return d.Answer, nil
	}
	if answerer, ok := integration.Provider.(pbx.Answerer); ok && d.Question != nil {
		return s.answers.ask(ctx, integration, r.Path, d, answerer), nil
	}
	touched, err := s.write(ctx, integration, r.Path, d, arrived)
	if err != nil {
		return pbx.Answer{}, err
	}
	if s.lifecycle != nil {
		s.lifecycle.Heard(integration.ID, d)
	}
	s.logWritten(ctx, integration, touched)
	for _, c := range touched {
		s.router.route(integration, *c.CallRecord, c.shown)
		s.watchRequests(func(w RequestWatcher) { w.Arrived(ctx, *c.CallRecord, arrived) })
	}
	return d.Answer, nil
}

// parse reads a request, which its integration's adapter verifies.
func parse(ctx context.Context, integration *directory.Integration, r pbx.Request) (pbx.Delivery, error) {
	_, span := tracing.Step(ctx, "parse")
	d, err := integration.Provider.Decode(r)
	span.SetAttributes(tracing.Events.Int(len(d.Events)))
	tracing.End(span, err)
	return d, err
}

// logWritten tells of each call that a webhook changed it, so that a call's lines lead to its requests.
func (s *Service) logWritten(ctx context.Context, integration *directory.Integration, touched []*settled) {
	if !slog.Default().Enabled(ctx, slog.LevelDebug) {
		return
	}
	for _, c := range touched {
		slog.DebugContext(ctx, "webhook written", "call", c.ID, "integration", integration.ID, "state", c.View.State)
	}
}

// write makes all that a webhook told durable, and returns the calls that it changed, each as it stands
// after the last of its events.
func (s *Service) write(ctx context.Context, integration *directory.Integration, path string, d pbx.Delivery, arrived time.Time) ([]*settled, error) {
	var touched []*settled
	ctx, span := tracing.Step(ctx, "commit")
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		span.AddEvent("written") // it had waited for its turn until now
		touched = touched[:0]
		raw := s.NewID()
		if err := tx.AddRawEvent(raw, integration.ID, path, d.Payload); err != nil {
			return err
		}
		if s.lifecycle != nil {
			if err := s.lifecycle.Note(tx, integration.ID, d); err != nil {
				return err
			}
		}
		untold, err := s.merges.untoldJoins(tx, integration, d)
		if err != nil {
			return err
		}
		joins := slices.Concat(d.Joins, untold)
		if touched, err = s.joinAll(tx, integration, joins, d.Events, touched); err != nil {
			return err
		}
		for _, e := range d.Events {
			rec, err := s.applyEvent(tx, integration, e)
			if errors.Is(err, errErased) {
				err = tx.DropRawEvent(raw)
			}
			if err != nil {
				return err
			}
			touched = latest(touched, rec)
		}
		// What one of the calls of a join needs to have begun for.
		if touched, err = s.joinAll(tx, integration, joins, nil, touched); err != nil {
			return err
		}
		for _, o := range d.Outcomes {
			if err := s.Commands.outcome(tx, integration, o); err != nil {
				return err
			}
		}
		for _, r := range d.Receipts {
			if err := s.Texts.receipt(tx, integration, r); err != nil {
				return err
			}
		}
		return nil
	})
	span.SetAttributes(tracing.Calls.Int(len(touched)))
	tracing.End(span, err)
	if err == nil && s.reactions != nil {
		for _, c := range touched {
			s.reactions.Stored(c.ID, c.news, arrived)
		}
	}
	return touched, err
}

// joinAll makes calls one, and puts those that changed in the place of their earlier states.
func (s *Service) joinAll(tx *store.Tx, integration *directory.Integration, joins []pbx.Join, news []call.Event, touched []*settled) ([]*settled, error) {
	for _, j := range joins {
		changed, err := s.merges.join(tx, integration, j, news)
		if err != nil {
			return nil, err
		}
		for _, c := range changed {
			touched = latest(touched, c)
		}
	}
	return touched, nil
}

// noteSeen notes when the newest webhook came, and how late.
func (s *Service) noteSeen(integration *directory.Integration, d pbx.Delivery, now time.Time) {
	var delay time.Duration
	for _, e := range d.Events {
		if e.Kind == call.KindLeg {
			// The PBX's time stamps are whole seconds, so the delay is known to half of one.
			delay = max(now.Sub(e.At)-time.Second/2, 0)
		}
	}
	s.Directory.NoteSeen(integration.ID, now, delay)
}

// ApplyEvent folds an event into its call that no webhook told.
func (s *Service) ApplyEvent(ctx context.Context, integrationID string, e call.Event) error {
	integration := s.Directory.Snapshot().Integration(integrationID)
	if integration == nil {
		return fmt.Errorf("integration %s: %w", integrationID, store.ErrNotFound)
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := s.applyEvent(tx, integration, e)
		return notErased(err)
	})
}

// applyEvent folds one event into its call; nil when that changed nothing.
func (s *Service) applyEvent(tx *store.Tx, integration *directory.Integration, e call.Event) (*settled, error) {
	return s.applyEvents(tx, integration, []call.Event{e})
}

// ApplyEvents folds events of one call into it that no webhook told; nil when that changed nothing.
func (s *Service) ApplyEvents(tx *store.Tx, integration *directory.Integration, events []call.Event) (*store.CallRecord, error) {
	c, err := s.applyEvents(tx, integration, events)
	if c == nil || err != nil {
		return nil, notErased(err)
	}
	return c.CallRecord, nil
}

// applyEvents folds events of one call into it; errErased when that was erased.
func (s *Service) applyEvents(tx *store.Tx, integration *directory.Integration, events []call.Event) (*settled, error) {
	events = s.completed(events)
	rec, err := s.callOf(tx, integration, events)
	if rec == nil || err != nil {
		return nil, err
	}
	if err := s.Binding.Refresh(tx, rec); err != nil {
		return nil, err
	}
	known := rec.Facts
	for _, e := range events {
		rec.Facts = foldLate(rec.Facts, e, integration.Clock(s.Now()))
	}
	if call.Same(known, rec.Facts) {
		return nil, nil // a repeat: nothing to write, nothing to tell
	}
	c, err := s.settle(tx, integration, rec)
	if err == nil {
		c.news = names(events)
	}
	return c, err
}

func names(events []call.Event) []string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = e.ID()
	}
	return out
}

// callOf finds or begins the call that events belong to; nil when there is none and none can begin.
func (s *Service) callOf(tx *store.Tx, integration *directory.Integration, events []call.Event) (*store.CallRecord, error) {
	e := events[0]
	rec, err := found(tx.CallOf(integration.ID, e.Key, e.Command))
	if err != nil {
		return nil, err
	}
	if rec == nil && e.Key == "" {
		slog.InfoContext(tx.Asked(), "event of no known call ignored", "kind", e.Kind)
		return nil, nil
	}
	if rec == nil {
		rec = &store.CallRecord{ID: s.NewID(), IntegrationID: integration.ID}
	}
	if rec.Key == "" && e.Key != "" {
		if rec.Key, err = tx.RootKey(integration.ID, e.Key); err != nil {
			return nil, err
		}
	}
	if rec.View.ID == "" && s.Erasures != nil { // nobody knows of it
		erased, err := s.Erasures.Erased(tx, integration.ID, rec.Key, events)
		if err != nil {
			return nil, err
		}
		if erased {
			return nil, errErased
		}
	}
	restored, err := s.merges.restoredAs(tx, integration, *rec, events)
	if err != nil {
		return nil, err
	}
	if restored != nil {
		if rec, err = s.merges.giveName(tx, integration, rec, restored); err != nil {
			return nil, err
		}
	}
	order, err := s.merges.orderOf(tx, integration, *rec, events)
	if order == nil || err != nil {
		return rec, err
	}
	if rec.View.ID == "" { // it is new, and nobody knows of it
		order.Key = rec.Key
		return order, nil
	}
	return order, s.merges.giveKey(tx, integration, order, rec.Key, rec)
}

// settled is a call that was written, with the view of it that was computed for that.
type settled struct {
	*store.CallRecord
	shown call.View
	news  []string // the names of the events that a request brought
}

// latest puts a call, if there is one, in the place of its earlier states.
func latest(all []*settled, c *settled) []*settled {
	if c == nil {
		return all
	}
	for _, had := range all {
		if had.ID == c.ID {
			c.news = append(c.news, had.news...)
		}
	}
	all = slices.DeleteFunc(all, func(had *settled) bool { return had.ID == c.ID })
	return append(all, c)
}

// settle computes the view of a call, once for all who follow, and saves it.
func (s *Service) settle(tx *store.Tx, integration *directory.Integration, rec *store.CallRecord) (*settled, error) {
	shown := rec.Facts.View()
	if err := s.save(tx, integration, rec, shown); err != nil {
		return nil, err
	}
	return &settled{CallRecord: rec, shown: shown}, nil
}

// save computes what people see of a call, writes it, and publishes it.
func (s *Service) save(tx *store.Tx, integration *directory.Integration, rec *store.CallRecord, shown call.View) error {
	if err := s.bind(tx, rec, shown); err != nil {
		return err
	}
	s.markIdle(rec, shown)
	fresh := callview.Of(s.Directory.Snapshot(), integration, *rec, shown)
	if fresh.Phone != "" && rec.View.Phone == "" {
		if err := s.recall(tx, &fresh); err != nil {
			return err
		}
	}
	ended := fresh.State == client.StateEnded && rec.View.State != client.StateEnded
	before := rec.View
	same := reflect.DeepEqual(before, fresh)
	rec.View, rec.Confirmed = fresh, shown.Listed
	if err := tx.SaveCall(*rec); err != nil || same {
		return err // the PBX's own record often tells only what is known: no screen need hear of that
	}
	if err := tx.Journal("call", stream.Callers(rec.Involved()), rec.View); err != nil {
		return err
	}
	if err := s.saveCallEntry(tx, integration, *rec); err != nil {
		return err
	}
	if err := s.observe(func(o Observer) error { return o.CallSettled(tx, before, *rec) }); err != nil {
		return err
	}
	if ended {
		slog.InfoContext(tx.Asked(), "call ended", "call", rec.ID, "direction", rec.View.Direction, "result", rec.View.Result,
			"phone", phone.Number(rec.View.Phone).Masked())
	}
	return s.Presence.CallChanged(tx, before, rec.View)
}
