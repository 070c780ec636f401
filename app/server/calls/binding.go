package calls

import (
	"context"
	"fmt"
	"time"

	"dozvon/app/server/callview"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/feed"
	"dozvon/app/server/store"
	"dozvon/app/server/store/form"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// Binding gives calls to whom they belong, and keeps them there as cards change.
type Binding struct{ calls *Service }

// Rebind gives every call of the numbers to whom a lookup finds now, except those that a person
// bound by hand. Each change gets its journal row, so open screens update by themselves.
func (s *Binding) Rebind(tx *store.Tx, numbers []string) error {
	done := map[string]bool{}
	for _, n := range numbers {
		if done[n] || n == "" {
			continue
		}
		done[n] = true
		if err := s.rebindOne(tx, phone.Number(n)); err != nil {
			return fmt.Errorf("binding the calls of %s: %w", phone.Number(n).Masked(), err)
		}
	}
	return nil
}

func (s *Binding) rebindOne(tx *store.Tx, number phone.Number) error {
	matches, err := subject.Lookup(tx, number)
	if err != nil {
		return err
	}
	// Whose number it is decides which card carries it in the PBX's address book.
	for _, m := range matches {
		if err := tx.TouchAddressbook(client.SubjectRef{Kind: m.Kind, ID: m.ID}); err != nil {
			return err
		}
	}
	live, err := tx.LiveCallsOfPhone(number)
	if err != nil {
		return err
	}
	for _, rec := range live {
		if err := s.assignCall(tx, rec, matches); err != nil {
			return fmt.Errorf("binding call %s: %w", rec.ID, err)
		}
	}
	_, owner := subject.First(matches)
	entries, err := tx.BindNumber(number, owner)
	if err != nil || len(entries) == 0 {
		return err
	}
	if err := feed.Publish(tx, entries); err != nil {
		return err
	}
	if err := s.publishRecent(tx, number); err != nil {
		return err
	}
	return s.calls.observe(func(o Observer) error { return o.OwnerChanged(tx, number) })
}

// Ended calls show as calls for a while after their end; older ones are entries of the feed only.
const (
	recentCalls = 24 * time.Hour
	recentMost  = 50
)

func (s *Binding) publishRecent(tx *store.Tx, number phone.Number) error {
	recent, err := tx.RecentCallsOfPhone(number, s.calls.Now().Add(-recentCalls), recentMost)
	if err != nil {
		return err
	}
	for _, rec := range recent {
		if err := s.Refresh(tx, &rec); err != nil {
			return err
		}
		if err := tx.Journal("call", stream.Callers(rec.Involved()), rec.View); err != nil {
			return err
		}
	}
	return nil
}

// assignCall binds a call that goes on.
func (s *Binding) assignCall(tx *store.Tx, rec store.CallRecord, matches []client.Subject) error {
	if rec.View.Direction == client.Internal {
		return nil
	}
	rec.View.Matches = matches
	if !rec.ByHand {
		rec.View.Subject, rec.Subject = subject.First(matches)
	}
	return s.Rewrite(tx, rec)
}

// Rewrite renders a call again after its subject or note changed, with its entry and notes.
func (s *Binding) Rewrite(tx *store.Tx, rec store.CallRecord) error {
	if rec.Erased() {
		return s.rewriteErased(tx, rec)
	}
	integration := s.calls.Directory.Snapshot().Integration(rec.IntegrationID)
	rec.View = callview.Of(s.calls.Directory.Snapshot(), integration, rec, rec.Facts.View())
	if err := tx.SaveCall(rec); err != nil {
		return err
	}
	if err := tx.Journal("call", stream.Callers(rec.Involved()), rec.View); err != nil {
		return err
	}
	if err := s.calls.saveCallEntry(tx, integration, rec); err != nil {
		return err
	}
	entries, err := tx.EntriesOfCall(rec.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.ID == rec.ID {
			continue
		}
		e.Subject, e.ByHand = rec.View.Subject, rec.ByHand
		if err := feed.Save(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// rewriteErased writes whose an erased call is. Nothing is left to render it from.
func (s *Binding) rewriteErased(tx *store.Tx, rec store.CallRecord) error {
	if err := tx.SaveCall(rec); err != nil {
		return err
	}
	if err := tx.Journal("call", stream.Callers(rec.Involved()), rec.View); err != nil {
		return err
	}
	return tx.BindCall(rec.ID, rec.Subject, rec.ByHand)
}

// RebindQuietly gives the calls of numbers to whom the numbers belong now. Ended calls change without
// a word, for a reset follows; a call that goes on is told at once.
func (s *Binding) RebindQuietly(tx *store.Tx, numbers []string) error {
	for _, n := range numbers {
		number := phone.Number(n)
		matches, err := subject.Lookup(tx, number)
		if err != nil {
			return err
		}
		live, err := tx.LiveCallsOfPhone(number)
		if err != nil {
			return err
		}
		for _, rec := range live {
			if err := s.assignCall(tx, rec, matches); err != nil {
				return fmt.Errorf("binding call %s: %w", rec.ID, err)
			}
		}
		_, owner := subject.First(matches)
		if _, err := tx.BindNumber(number, owner); err != nil {
			return err
		}
	}
	return nil
}

// Choose binds one call by hand: the person knows which of several owners called. It wins over
// any later lookup of the number. An empty reference gives the call back to the lookup.
func (s *Binding) Choose(ctx context.Context, by client.Employee, callID string, to client.SubjectRef) (client.Call, error) {
	var out client.Call
	err := s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := tx.Call(callID)
		if err != nil {
			return err
		}
		// Whose a past call is, whoever finds it in the feed may say: it is told, and can be undone.
		if rec.View.State != client.StateEnded {
			if err := mayTouch(by, rec); err != nil {
				return err
			}
		} else if err := s.calls.hearing().MayOpen(by, rec.Participants); err != nil {
			return err
		}
		was := binding{Call: rec.ID, To: form.RefOf(rec.Subject), ByHand: rec.ByHand}
		if out, err = s.chooseCall(tx, rec, to); err != nil {
			return err
		}
		name := "—"
		if out.Subject != nil {
			name = out.Subject.Name
		}
		if err := s.calls.Undo.Offer(tx, by, texts.Of("undo.call_bound", texts.Args{"name": name}).Both(), undoCalls(was)); err != nil {
			return err
		}
		return s.calls.Audit.Write(ctx, tx, by, access.ActionCallBind, "call:"+callID, nil)
	})
	return out, err
}

// chooseCall binds a call to a card, or, with an empty reference, to whom the lookup finds.
func (s *Binding) chooseCall(tx *store.Tx, rec store.CallRecord, to client.SubjectRef) (client.Call, error) {
	rec.ByHand = to.ID != ""
	if rec.ByHand {
		who, err := subject.Of(tx, to)
		if err != nil {
			return client.Call{}, err
		}
		rec.View.Subject, rec.Subject = &who, to
	} else {
		matches, err := subject.Lookup(tx, phone.Number(rec.View.Phone))
		if err != nil {
			return client.Call{}, err
		}
		rec.View.Subject, rec.Subject = subject.First(matches)
	}
	if err := s.Rewrite(tx, rec); err != nil {
		return client.Call{}, err
	}
	rec, err := tx.Call(rec.ID)
	return rec.View, err
}

// ReassignManual gives the calls that a person bound to a card to another card, or, with an empty one,
// to whom their numbers belong without it. It returns how to take that back.
func (s *Binding) ReassignManual(tx *store.Tx, from, to client.SubjectRef) (undo.Before, error) {
	bound, err := tx.HandBound(from)
	if err != nil {
		return undo.Before{}, err
	}
	var was []binding
	for _, rec := range bound {
		was = append(was, binding{Call: rec.ID, To: form.RefOf(rec.Subject), ByHand: true})
		if _, err := s.chooseCall(tx, rec, to); err != nil {
			return undo.Before{}, err
		}
	}
	return undoCalls(was...), nil
}

// binding is whose a call was.
type binding struct {
	Call   string   `json:"call"`
	To     form.Ref `json:"to"`
	ByHand bool     `json:"by_hand"`
}

// undoCalls is whose calls were, for an offer to take it back.
func undoCalls(was ...binding) undo.Before { return undo.Before{Kind: "calls", Was: was} }

// restoreCalls gives calls back to whom they were bound.
func (s *Binding) restoreCalls(tx *store.Tx, _ client.Employee, was []binding) error {
	for _, b := range was {
		rec, err := tx.Call(b.Call)
		if err != nil {
			return err
		}
		to := b.To.Ref()
		if !b.ByHand {
			to = client.SubjectRef{}
		}
		if _, err := s.chooseCall(tx, rec, to); err != nil {
			return err
		}
	}
	return nil
}

func auditCalls(was []binding) string {
	if len(was) == 0 {
		return ""
	}
	return audit.CallTarget(was[0].Call)
}

// Refresh shows an ended call under whom it is bound to today: its binding may have changed
// without the call having been written again. All else is as it was.
func (s *Binding) Refresh(tx *store.Tx, rec *store.CallRecord) error {
	return refresh(tx.Cards, rec)
}

func refresh(read subject.ReadCards, rec *store.CallRecord) error {
	if rec.View.State != client.StateEnded {
		return nil
	}
	known, err := subject.Resolve(read, []client.SubjectRef{rec.Subject})
	if err != nil {
		return err
	}
	rec.View.Subject = nil
	if who, ok := known[rec.Subject]; ok {
		rec.View.Subject = &who
	}
	if !rec.View.Test {
		name := subject.Why(rec.ByHand, rec.View)
		rec.View.Why = subject.JoinWhy(name.RU, subject.RestOfWhy(rec.View.Why))
		rec.View.WhyEN = subject.JoinWhy(name.EN, subject.RestOfWhy(rec.View.WhyEN))
	}
	return nil
}
