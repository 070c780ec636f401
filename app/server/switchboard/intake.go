package switchboard

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// HookPath precedes an integration's own word in the address that a PBX sends its requests to.
const HookPath = "/hook/"

// Deliver takes one request that came to the address which accounts of a kind share. When it returns
// no error, everything that the request told is durable: only then may the PBX be answered 200, because
// after that it forgets the event.
func (s *Switchboard) Deliver(ctx context.Context, kind string, r pbx.Request) (pbx.Answer, error) {
	var secret string
	secret, r.Path = SplitHook(r.Path)
	key, probe, err := s.accountOf(kind, r)
	if err != nil || probe {
		return pbx.Answer{}, err
	}
	t, err := s.trunkOf(kind, key)
	if errors.Is(err, ErrUnknownKey) && s.mayReload() {
		// Another node may have connected this PBX a moment ago.
		if err := s.Reload(ctx); err != nil {
			return pbx.Answer{}, err
		}
		t, err = s.trunkOf(kind, key)
	}
	if err != nil {
		return pbx.Answer{}, err
	}
	if t.hookSecret != "" && subtle.ConstantTimeCompare([]byte(secret), []byte(t.hookSecret)) != 1 {
		return pbx.Answer{}, ErrHookSecret
	}
	return s.deliver(ctx, t, r)
}

// HookOf finds the integration whose own word a path below HookPath begins with, and what follows the
// word; ErrUnknownKey. It takes the same time whatever the path is.
func (s *Switchboard) HookOf(ctx context.Context, path string) (id, rest string, err error) {
	path = strings.TrimLeft(path, "/")
	word := path[:min(len(path), hookLength)]
	id = s.integrationAt(word)
	if id == "" && len(word) == hookLength && s.mayReload() {
		// Another node may have connected this PBX a moment ago.
		if err := s.Reload(ctx); err != nil {
			return "", "", err
		}
		id = s.integrationAt(word)
	}
	if id == "" {
		return "", "", ErrUnknownKey
	}
	return id, path[len(word):], nil
}

// integrationAt compares with the words of all integrations, so that the time it takes tells nothing.
func (s *Switchboard) integrationAt(word string) (id string) {
	for _, t := range s.office.Load().trunks {
		if t.hookSecret != "" && subtle.ConstantTimeCompare([]byte(word), []byte(t.hookSecret)) == 1 {
			id = t.ID
		}
	}
	return id
}

// DeliverTo takes one request that came to an integration's own address, as Deliver does.
func (s *Switchboard) DeliverTo(ctx context.Context, id string, r pbx.Request) (pbx.Answer, error) {
	t := s.office.Load().byID[id]
	switch {
	case t == nil:
		return pbx.Answer{}, ErrUnknownKey
	case !t.Active || t.provider == nil:
		return pbx.Answer{}, directory.ErrInactive
	}
	return s.deliver(ctx, t, r)
}

func (s *Switchboard) deliver(ctx context.Context, t *trunk, r pbx.Request) (pbx.Answer, error) {
	arrived := s.Now()
	d, err := t.provider.Decode(r)
	if errors.Is(err, pbx.ErrForged) {
		s.Connectivity.forged(ctx, t.ID, arrived)
	}
	if err != nil {
		return pbx.Answer{}, err
	}
	if d.Unfit != nil {
		return pbx.Answer{}, s.keepUnfit(ctx, t, r.Path, d)
	}
	s.noteSeen(t, d, arrived)
	if d.Probe {
		return d.Answer, nil
	}
	touched, err := s.write(ctx, t, r.Path, d)
	if err != nil {
		return pbx.Answer{}, err
	}
	for _, rec := range touched {
		s.route(t, rec, rec.Facts.Show())
		s.Connectivity.arrived(ctx, rec, arrived)
	}
	return s.answer(ctx, t, d), nil
}

// reloadEvery bounds how often an unknown key lets the integrations be read: anybody can make one up.
const reloadEvery = time.Second

func (s *Switchboard) mayReload() bool {
	now, last := s.Now().UnixMilli(), s.reloadedFor.Load()
	return now-last >= reloadEvery.Milliseconds() && s.reloadedFor.CompareAndSwap(last, now)
}

// write makes all that a webhook told durable, and returns the calls that it changed.
func (s *Switchboard) write(ctx context.Context, t *trunk, path string, d pbx.Delivery) ([]store.CallRecord, error) {
	var touched []store.CallRecord
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		touched = touched[:0]
		if err := tx.AddRawEvent(s.NewID(), t.ID, path, d.Payload); err != nil {
			return err
		}
		for _, e := range d.Events {
			rec, err := s.take(tx, t, e)
			if err != nil {
				return err
			}
			if rec != nil {
				touched = append(touched, *rec)
			}
		}
		for _, o := range d.Outcomes {
			if err := s.outcome(tx, t, o); err != nil {
				return err
			}
		}
		for _, r := range d.Receipts {
			if err := s.receipt(tx, t, r); err != nil {
				return err
			}
		}
		return nil
	})
	return touched, err
}

// noteSeen notes when the newest webhook came, and how late.
func (s *Switchboard) noteSeen(t *trunk, d pbx.Delivery, now time.Time) {
	last := lastSeen{at: now}
	for _, e := range d.Events {
		if e.Kind == call.KindLeg {
			// The PBX's time stamps are whole seconds, so the delay is known to half of one.
			last.delay = max(now.Sub(e.At)-time.Second/2, 0)
		}
	}
	if had, ok := s.seen.Load(t.ID); ok && last.delay == 0 {
		last.delay = had.(lastSeen).delay
	}
	s.seen.Store(t.ID, last)
}

// HookPrefix precedes the secret word in the path of a webhook's address.
const HookPrefix = "k-"

// hookLength is the length of the secret word.
const hookLength = 26

// SplitHook parts the secret word from the path of a webhook. The PBX joins the address and the
// path of its event without a slash of its own, so the word may be followed by either.
func SplitHook(path string) (secret, rest string) {
	path = strings.TrimLeft(path, "/")
	word, ok := strings.CutPrefix(path, HookPrefix)
	if !ok || len(word) < hookLength {
		return "", path
	}
	return word[:hookLength], strings.TrimLeft(word[hookLength:], "/")
}

// accountOf reads of which account a request to the kind's shared address is.
func (s *Switchboard) accountOf(kind string, r pbx.Request) (key string, probe bool, err error) {
	at := slices.IndexFunc(s.Kinds, func(k pbx.Kind) bool { return k.Name == kind && k.Shared != nil })
	if at < 0 {
		return "", false, ErrUnknownKey
	}
	return s.Kinds[at].Shared.Key(r)
}

func (s *Switchboard) trunkOf(kind, key string) (*trunk, error) {
	for _, t := range s.office.Load().trunks {
		if t.Kind != kind || t.APIKey != key || t.provider == nil {
			continue
		}
		if !t.Active {
			return nil, directory.ErrInactive
		}
		return t, nil
	}
	return nil, ErrUnknownKey
}

// ApplyEvent folds an event into its call that no webhook told.
func (s *Switchboard) ApplyEvent(ctx context.Context, integrationID string, e call.Event) error {
	t := s.office.Load().byID[integrationID]
	if t == nil {
		return fmt.Errorf("integration %s: %w", integrationID, store.ErrNotFound)
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := s.take(tx, t, e)
		return err
	})
}

// take folds one event into its call; nil when that changed nothing.
func (s *Switchboard) take(tx *store.Tx, t *trunk, e call.Event) (*store.CallRecord, error) {
	return s.takeAll(tx, t, []call.Event{e})
}

// takeAll folds events of one call into it.
func (s *Switchboard) takeAll(tx *store.Tx, t *trunk, events []call.Event) (*store.CallRecord, error) {
	events = s.completed(events)
	e := events[0]
	rec, err := tx.CallOf(t.ID, e.Key, e.Command)
	switch {
	case errors.Is(err, store.ErrNotFound) && e.Key == "":
		slog.Info("event of no known call ignored", "kind", e.Kind)
		return nil, nil
	case errors.Is(err, store.ErrNotFound):
		rec = store.CallRecord{ID: s.NewID(), IntegrationID: t.ID}
	case err != nil:
		return nil, err
	}
	if rec.Key == "" {
		rec.Key = e.Key
	}
	if err := s.Refresh(tx, &rec); err != nil {
		return nil, err
	}
	known := len(rec.Facts.Events)
	for _, e := range events {
		rec.Facts = foldLate(rec.Facts, e, t.clock(s.Now()))
	}
	if len(rec.Facts.Events) == known {
		return nil, nil // a repeat: nothing to write, nothing to tell
	}
	err = s.settle(tx, t, &rec)
	return &rec, err
}

// settle computes what people see of a call, writes it, and tells the screens.
func (s *Switchboard) settle(tx *store.Tx, t *trunk, rec *store.CallRecord) error {
	shown := rec.Facts.Show()
	if err := s.bind(tx, rec, shown); err != nil {
		return err
	}
	s.markIdle(rec, shown)
	fresh := s.render(t, *rec, shown)
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
	if err := tx.Journal("call", stream.Callers(rec.Concerned()), rec.View); err != nil {
		return err
	}
	if err := s.saveCallEntry(tx, t, *rec); err != nil {
		return err
	}
	if err := s.observe(func(o Observer) error { return o.CallSettled(tx, before, *rec) }); err != nil {
		return err
	}
	if ended {
		slog.Info("call ended", "call", rec.ID, "direction", rec.View.Direction, "result", rec.View.Result,
			"phone", phone.Number(rec.View.Phone).Masked())
	}
	return s.Presence.followCall(tx, before, rec.View)
}
