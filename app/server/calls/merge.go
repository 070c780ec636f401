package calls

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/feed"
	"dozvon/app/server/match"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// Merges makes one call of two records that the PBX turns out to have told of one.
type Merges struct{ calls *Service }

// Join makes two keys of the PBX one call, whatever is known of either. Idempotent.
func (s *Service) Join(tx *store.Tx, integration *directory.Integration, j pbx.Join) error {
	_, err := s.merges.join(tx, integration, j, nil)
	return err
}

// join makes two keys of the PBX one call, whatever is known of either: a call that comes later under the
// other key, or an event of it, belongs to the one. Idempotent. Two clients' calls stay two: news are
// events that are not folded yet, which may tell whose they are. The calls that changed are returned.
func (s *Merges) join(tx *store.Tx, integration *directory.Integration, j pbx.Join, news []call.Event) ([]*settled, error) {
	if j.Key == "" || j.Other == "" {
		return nil, nil
	}
	root, err := tx.RootKey(integration.ID, j.Key)
	if err != nil {
		return nil, err
	}
	other, err := tx.RootKey(integration.ID, j.Other)
	if err != nil || root == other {
		return nil, err
	}
	into, err := found(tx.CallOfRoot(integration.ID, root))
	if err != nil {
		return nil, err
	}
	from, err := found(tx.CallOfRoot(integration.ID, other))
	if err != nil {
		return nil, err
	}
	one, err := factsOf(tx, integration, root, into, news)
	if err != nil {
		return nil, err
	}
	two, err := factsOf(tx, integration, other, from, news)
	if err != nil {
		return nil, err
	}
	switch {
	case isGuest(from, j.Other, one):
		return s.move(tx, integration, j.Other, from, into)
	case isGuest(into, j.Key, two):
		return s.move(tx, integration, j.Key, into, from)
	case match.Apart(one, two):
		return nil, nil
	}
	if err := tx.JoinKeys(integration.ID, root, other); err != nil {
		return nil, err
	}
	switch {
	case from == nil:
		return nil, nil
	case into == nil:
		from.Key = root
		return nil, tx.SaveCall(*from)
	}
	c, err := s.merge(tx, integration, into, *from)
	return []*settled{c}, err
}

// factsOf is all that is known of the call that goes on under a key.
func factsOf(tx *store.Tx, integration *directory.Integration, root string, rec *store.CallRecord, news []call.Event) (call.Call, error) {
	var facts call.Call
	if rec != nil {
		facts = rec.Facts
	}
	for _, e := range news {
		key, err := tx.RootKey(integration.ID, e.Key)
		if err != nil {
			return call.Call{}, err
		}
		if key == root {
			facts = call.Fold(facts, e)
		}
	}
	return facts, nil
}

// isGuest reports whether what a call was told of under a key is, by the PBX's word, of another call, that of
// another client: a consultation was taken for the wrong one's.
func isGuest(rec *store.CallRecord, key string, other call.Call) bool {
	if rec == nil || rec.Key == key {
		return false
	}
	guest, own := splitBy(rec.Facts, key)
	return len(guest.Events) > 0 && match.Apart(own, other) && !match.Apart(guest, other)
}

// splitBy parts what a call was told of under a key from the rest.
func splitBy(c call.Call, key string) (of, rest call.Call) {
	for _, e := range c.Events {
		if e.Key == key {
			of = call.Fold(of, e)
			continue
		}
		rest = call.Fold(rest, e)
	}
	return of, rest
}

// move takes what a call was told of under a key out of it, and gives it to another one, if that has begun.
func (s *Merges) move(tx *store.Tx, integration *directory.Integration, key string, from, to *store.CallRecord) ([]*settled, error) {
	if to == nil {
		return nil, nil
	}
	slog.InfoContext(tx.Asked(), "a consultation is another client's", "call", from.ID, "to", to.ID)
	if err := tx.NameRow(integration.ID, key, to.Key, ""); err != nil {
		return nil, err
	}
	moved, rest := splitBy(from.Facts, key)
	from.Facts, to.Facts = rest, mergeFacts(to.Facts, moved)
	var all []*settled
	for _, rec := range []*store.CallRecord{from, to} {
		if err := s.calls.Binding.Refresh(tx, rec); err != nil {
			return nil, err
		}
		c, err := s.calls.settle(tx, integration, rec)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// found makes a call that is not there nil.
func found(rec store.CallRecord, err error) (*store.CallRecord, error) {
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &rec, err
}

// merge makes of two records of one call one: into. All that was noted on, asked of and bound to the
// other goes along, screens drop its card, and it has no feed entry any more. Its keys must be into's by
// now.
func (s *Merges) merge(tx *store.Tx, integration *directory.Integration, into *store.CallRecord, from store.CallRecord) (*settled, error) {
	slog.InfoContext(tx.Asked(), "two calls are one", "call", into.ID, "merged", from.ID)
	if err := tx.MergeCall(from, into.ID); err != nil {
		return nil, err
	}
	closed, err := s.publishMerged(tx, into.ID, from)
	if err != nil {
		return nil, err
	}
	phoneWas := into.View.Phone
	into.Facts = mergeFacts(into.Facts, from.Facts)
	into.Note = mergeNotes(into.Note, from.Note)
	if from.ByHand && !into.ByHand {
		into.ByHand, into.Subject, into.View.Subject = true, from.Subject, from.View.Subject
	}
	c, err := s.calls.settle(tx, integration, into)
	if err != nil {
		return nil, err
	}
	if err := takeAlong(tx, *into, closed); err != nil {
		return nil, err
	}
	numbers := []phone.Number{phone.Number(into.View.Phone), phone.Number(phoneWas), phone.Number(from.View.Phone)}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	return c, s.calls.observe(func(o Observer) error { return o.CallsMerged(tx, *into, numbers) })
}

// publishMerged tells the screens that a call and its entry are gone, and frees whom it kept busy. It
// returns who settled the call, where it was a missed one.
func (s *Merges) publishMerged(tx *store.Tx, into string, from store.CallRecord) (*entry.Settled, error) {
	gone := from.View
	gone.State, gone.Ringing, gone.Can, gone.Consulting = client.StateEnded, []string{}, nil, nil
	gone.Deleted, gone.MergedInto = true, into
	if err := tx.Journal("call", stream.Callers(from.Involved()), gone); err != nil {
		return nil, err
	}
	if err := s.calls.Presence.CallChanged(tx, from.View, client.Call{ID: from.ID, State: client.StateEnded}); err != nil {
		return nil, err
	}
	entry, err := tx.Entry(from.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return entry.Settled, feed.Drop(tx, entry.ID)
}

// takeAlong brings notes and messages that came with a call under its subject and its id, and that
// somebody has talked with the caller since.
func takeAlong(tx *store.Tx, rec store.CallRecord, settled *entry.Settled) error {
	entries, err := tx.EntriesOfCall(rec.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.ID == rec.ID {
			if settled == nil || e.Settled != nil || e.Type != entry.CallMissed {
				continue
			}
			e.Settled = settled
		}
		e.CallID, e.Subject, e.ByHand = rec.ID, rec.View.Subject, rec.ByHand
		if err := feed.Save(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// mergeFacts folds one call into another. A colleague whom an employee asked by click-to-call while the
// client's call went on does not make that call an ordered one.
func mergeFacts(into, from call.Call) call.Call {
	intoBegan, fromBegan := firstLeg(into), firstLeg(from)
	if intoBegan.IsZero() && !fromBegan.IsZero() {
		into = reopened(into)
	}
	if fromBegan.IsZero() && !intoBegan.IsZero() {
		from = reopened(from)
	}
	for _, e := range from.Events {
		later := !intoBegan.IsZero() && e.At.After(intoBegan.Add(match.ClockSkew))
		if later && (e.Kind == call.KindDialled || e.Kind == call.KindRefused) {
			continue
		}
		into = call.Fold(into, e)
	}
	return into
}

// reopened is an order that was closed because nothing was heard of it: by now something is.
func reopened(c call.Call) call.Call {
	return call.Call{Events: slices.DeleteFunc(slices.Clone(c.Events), func(e call.Event) bool { return e.Kind == call.KindClosed })}
}

func firstLeg(c call.Call) time.Time {
	var at time.Time
	for _, e := range c.Events {
		if e.Kind == call.KindLeg && (at.IsZero() || e.At.Before(at)) {
			at = e.At
		}
	}
	return at
}

func mergeNotes(a, b string) string {
	if a == b || b == "" {
		return a
	}
	return strings.TrimSpace(a + "\n" + b)
}

// answeredDial gives an ordered call the key that the PBX answered with. An event may have made a call of
// that key before: the two become one, the ordered one. Idempotent.
func (s *Merges) answeredDial(tx *store.Tx, integration *directory.Integration, callID, key string) error {
	if key == "" {
		return nil
	}
	rec, err := tx.Call(callID)
	if err != nil {
		return err
	}
	root, err := tx.RootKey(integration.ID, key)
	if err != nil || rec.Key == root {
		return err
	}
	other, err := found(tx.CallOfRoot(integration.ID, root))
	if err != nil {
		return err
	}
	if rec.Key == "" {
		return s.giveKey(tx, integration, &rec, root, other)
	}
	if other != nil {
		return fmt.Errorf("the PBX answered call %s with the key of call %s", rec.ID, other.ID)
	}
	// It was found by its number, and the answer names it otherwise than its events do.
	return tx.JoinKeys(integration.ID, rec.Key, root)
}

// giveKey gives an ordered call its key, and what came under that key.
func (s *Merges) giveKey(tx *store.Tx, integration *directory.Integration, rec *store.CallRecord, root string, other *store.CallRecord) error {
	rec.Key = root
	if other == nil {
		return tx.SaveCall(*rec)
	}
	_, err := s.merge(tx, integration, rec, *other)
	return err
}

// orderOf finds the click-to-call that a call of the PBX is, where neither a key nor our command tells it:
// the oldest order of the employee to the number within the PBX's time. Nil: it is none. A leg on which
// only the employee's own telephone rings names no number; it is the order if there is but one.
func (s *Merges) orderOf(tx *store.Tx, integration *directory.Integration, rec store.CallRecord, events []call.Event) (*store.CallRecord, error) {
	if rec.Command != "" {
		return nil, nil
	}
	m, ok := integration.Provider.(pbx.Matcher)
	if !ok {
		return s.commandedBy(tx, integration, rec, events)
	}
	within := time.Duration(m.MatchSeconds()) * time.Second
	for _, e := range events {
		extension, to, ok := orderedBy(e)
		if !ok {
			continue
		}
		number := to.Number
		began := e.At
		if first := firstLeg(rec.Facts); !first.IsZero() && first.Before(began) {
			began = first
		}
		all, err := tx.OrderedCalls(integration.ID, number, began.Add(-within))
		if err != nil {
			return nil, err
		}
		fit := slices.DeleteFunc(all, func(o store.CallRecord) bool {
			return !ordered(o, extension) || to.Extension != "" && o.Facts.OrderedTo().Extension != to.Extension || o.Asked.At.After(began.Add(match.ClockSkew))
		})
		if len(fit) == 1 || len(fit) > 1 && to != (call.Party{}) {
			return &fit[0], nil
		}
	}
	return nil, nil
}

// commandedBy finds the click-to-call of which an event carries our command, where one that carried only
// the key has made another call before.
func (s *Merges) commandedBy(tx *store.Tx, integration *directory.Integration, rec store.CallRecord, events []call.Event) (*store.CallRecord, error) {
	e := events[0]
	if rec.View.ID == "" || e.Kind != call.KindLeg || e.Command == "" {
		return nil, nil
	}
	order, err := found(tx.CallOf(integration.ID, "", e.Command))
	if order == nil || err != nil || order.ID == rec.ID || order.Key != "" {
		return nil, err
	}
	return order, nil
}

// orderedBy reads of an event of an outbound or internal call who would have ordered it, and to whom.
func orderedBy(e call.Event) (extension string, to call.Party, ok bool) {
	switch {
	case e.Kind != call.KindLeg || e.Command != "":
		return "", call.Party{}, false
	case e.Callback && e.To.Extension != "":
		return e.To.Extension, call.Party{}, true
	case e.From.Extension != "" && e.To.Outside() && e.To.Number != "":
		return e.From.Extension, call.Party{Number: e.To.Number}, true
	case e.From.Extension != "" && e.To.Extension != "":
		return e.From.Extension, call.Party{Extension: e.To.Extension}, true
	}
	return "", call.Party{}, false
}

// ordered reports whether a call was asked for by an employee and is still waiting for its first event. One
// that the PBX has refused never begins.
func ordered(rec store.CallRecord, extension string) bool {
	mine := false
	for _, e := range rec.Facts.Events {
		switch {
		case e.Kind == call.KindLeg, e.Kind == call.KindRefused && (e.Cause != 0 || e.Said != ""):
			return false
		case e.Kind == call.KindDialled && e.From.Extension == extension:
			mine = true
		}
	}
	return mine
}
