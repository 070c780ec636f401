package switchboard

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/crm"
	"dozvon/app/server/feed"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// Deliver takes one webhook. When it returns nil, everything that the webhook told is durable:
// only then may the PBX be answered 200, because after that it forgets the event.
func (s *Switchboard) Deliver(ctx context.Context, key, path string, form url.Values) error {
	t, err := s.trunkOf(key)
	if err != nil {
		return err
	}
	d, err := t.provider.Decode(path, form)
	if err != nil {
		return err
	}
	s.seen.Store(t.ID, s.Now())
	if d.Probe {
		return nil
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddRawEvent(s.NewID(), t.ID, path, d.Payload); err != nil {
			return err
		}
		for _, e := range d.Events {
			if err := s.take(tx, t, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Switchboard) trunkOf(key string) (*trunk, error) {
	for _, t := range s.office.Load().trunks {
		if t.APIKey != key || t.provider == nil {
			continue
		}
		if !t.Active {
			return nil, ErrInactive
		}
		return t, nil
	}
	return nil, ErrUnknownKey
}

// take folds one event into its call.
func (s *Switchboard) take(tx *store.Tx, t *trunk, e call.Event) error {
	rec, err := tx.CallOf(t.ID, e.Key, e.Command)
	switch {
	case errors.Is(err, store.ErrNotFound) && e.Key == "":
		slog.Info("event of no known call ignored", "kind", e.Kind)
		return nil
	case errors.Is(err, store.ErrNotFound):
		rec = store.CallRecord{ID: s.NewID(), IntegrationID: t.ID}
	case err != nil:
		return err
	}
	if rec.Key == "" {
		rec.Key = e.Key
	}
	known := len(rec.Facts.Events)
	rec.Facts = call.Fold(rec.Facts, e)
	if len(rec.Facts.Events) == known {
		return nil // a repeat: nothing to write, nothing to tell
	}
	return s.settle(tx, t, rec)
}

// settle computes what people see of a call, writes it, and tells the screens.
func (s *Switchboard) settle(tx *store.Tx, t *trunk, rec store.CallRecord) error {
	shown := rec.Facts.Show()
	if err := s.bind(tx, &rec, shown); err != nil {
		return err
	}
	s.markIdle(&rec, shown)
	fresh := s.render(t, rec, shown)
	if fresh.Phone != "" && rec.View.Phone == "" {
		if err := s.recall(tx, &fresh); err != nil {
			return err
		}
	}
	answered := fresh.AnsweredAt != nil && rec.View.AnsweredAt == nil
	ended := fresh.State == client.StateEnded && rec.View.State != client.StateEnded
	rec.View = fresh
	if err := tx.SaveCall(rec); err != nil {
		return err
	}
	if err := tx.Journal("call", stream.Callers(rec.Concerned()), rec.View); err != nil {
		return err
	}
	if err := s.enter(tx, t, rec); err != nil {
		return err
	}
	if answered {
		if err := s.settleMissed(tx, rec); err != nil {
			return err
		}
	}
	if ended {
		slog.Info("call ended", "call", rec.ID, "direction", rec.View.Direction, "result", rec.View.Result,
			"phone", phone.Number(rec.View.Phone).Masked())
	}
	return s.tellPresence(tx, s.presence.call(rec.View))
}

// bind looks the number up, contract first, unless a person has chosen already.
func (s *Switchboard) bind(tx *store.Tx, rec *store.CallRecord, shown call.View) error {
	if shown.Direction == call.Internal {
		rec.View.Subject, rec.View.Matches, rec.Subject = nil, nil, client.SubjectRef{}
		return nil
	}
	if rec.View.ID != "" && rec.View.Phone == string(shown.Phone) {
		return nil
	}
	matches, err := s.lookup(tx, shown.Phone)
	if err != nil {
		return err
	}
	rec.View.Matches = matches
	if rec.ByHand {
		return nil
	}
	rec.View.Subject, rec.Subject = first(matches)
	return nil
}

func (s *Switchboard) lookup(tx *store.Tx, number phone.Number) ([]client.Subject, error) {
	contracts, clients, err := tx.Owners(number)
	if err != nil {
		return nil, err
	}
	return crm.Subjects(contracts, clients), nil
}

func first(matches []client.Subject) (*client.Subject, client.SubjectRef) {
	if len(matches) == 0 {
		return nil, client.SubjectRef{}
	}
	return &matches[0], client.SubjectRef{Kind: matches[0].Kind, ID: matches[0].ID}
}

func (s *Switchboard) markIdle(rec *store.CallRecord, shown call.View) {
	switch {
	case !shown.Idle:
		rec.IdleSince = time.Time{}
	case rec.IdleSince.IsZero():
		rec.IdleSince = s.Now()
	}
}

// tellingTypes are the entries that tell an operator something of a caller; that a card was made
// tells nothing.
var tellingTypes = []string{
	string(client.EntryCallIn), string(client.EntryCallMissed), string(client.EntryCallOut),
	string(client.EntryNote), string(client.EntrySMS),
}

// recall finds what the call card tells of the past: how often this number called before, and
// the newest thing known of it.
func (s *Switchboard) recall(tx *store.Tx, c *client.Call) error {
	n, err := tx.CountCallsBefore(phone.Number(c.Phone), c.StartedAt)
	if err != nil {
		return err
	}
	c.Before = n
	filter := store.FeedFilter{Phone: phone.Number(c.Phone), To: c.StartedAt}
	if c.Subject != nil {
		filter = store.FeedFilter{Subject: client.SubjectRef{Kind: c.Subject.Kind, ID: c.Subject.ID}, To: c.StartedAt}
	}
	filter.Types = tellingTypes
	entries, err := tx.Feed(filter, store.Start, 1)
	if err != nil || len(entries) == 0 {
		return err
	}
	c.LastNote = &client.LastNote{At: entries[0].At, Type: string(entries[0].Type), Text: entries[0].Description, TextEN: entries[0].DescriptionEN}
	return nil
}

// enter writes the call's one feed entry.
func (s *Switchboard) enter(tx *store.Tx, t *trunk, rec store.CallRecord) error {
	e, ok := feed.OfCall(rec.View, sourceName(t))
	if !ok {
		return nil
	}
	if e.Type != client.EntryCallMissed {
		return s.saveEntry(tx, e)
	}
	entries, err := tx.EntriesOfCall(rec.ID)
	if err != nil {
		return err
	}
	for _, old := range entries {
		if old.ID == e.ID {
			e.Settled = old.Settled // a late event must not reopen what a talk has closed
		}
	}
	return s.saveEntry(tx, e)
}

func (s *Switchboard) saveEntry(tx *store.Tx, e client.FeedEntry) error {
	if err := tx.SaveEntry(e, feed.Search(e)); err != nil {
		return err
	}
	return tx.Journal("feed", stream.All, e)
}

// missedKept bounds how many missed calls of one number a later conversation settles.
const missedKept = 200

// settleMissed closes the missed calls of a number once anybody has talked with it.
func (s *Switchboard) settleMissed(tx *store.Tx, rec store.CallRecord) error {
	if rec.View.Phone == "" {
		return nil
	}
	missed, err := tx.Feed(store.FeedFilter{Types: []string{string(client.EntryCallMissed)}, Phone: phone.Number(rec.View.Phone)}, store.Start, missedKept)
	if err != nil {
		return err
	}
	for _, e := range missed {
		if e.Settled != nil || e.At.After(*rec.View.AnsweredAt) {
			continue
		}
		e.Settled = &client.Settled{By: rec.View.Employee, At: *rec.View.AnsweredAt, CallID: rec.ID}
		if err := s.saveEntry(tx, e); err != nil {
			return err
		}
	}
	return nil
}

func sourceName(t *trunk) string {
	if t == nil || t.provider == nil {
		return ""
	}
	return t.provider.SourceName()
}
