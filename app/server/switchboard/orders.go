package switchboard

import (
	"context"
	"errors"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/call"
	"dozvon/app/server/feed"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Dial is a click-to-call: the PBX rings the employee's own telephone first, then number. The
// call exists before the PBX is asked, so that not even its fastest event finds it missing.
func (s *Switchboard) Dial(ctx context.Context, by client.Employee, number phone.Number, subject *client.SubjectRef) (client.Call, error) {
	t, ext, err := s.office.Load().desk(by.ID)
	if err != nil {
		return client.Call{}, err
	}
	dialler, ok := t.provider.(pbx.Dialler)
	if !ok {
		return client.Call{}, ErrNoIntegration
	}
	id := s.NewID()
	begin := call.Event{
		Kind: call.KindDialled, At: s.Now().UTC().Truncate(time.Second), Command: id,
		From: call.Party{Extension: ext}, To: call.Party{Number: number},
	}
	rec, err := s.begin(ctx, t, store.CallRecord{ID: id, IntegrationID: t.ID, Command: id, Facts: call.FoldAll([]call.Event{begin})}, subject)
	if err != nil {
		return client.Call{}, err
	}
	if err := dialler.Dial(ctx, pbx.DialOrder{Command: id, Extension: ext, Number: number}); err != nil {
		return client.Call{}, errors.Join(err, s.refuse(context.WithoutCancel(ctx), t, id, err))
	}
	return rec.View, nil
}

func (s *Switchboard) begin(ctx context.Context, t *trunk, rec store.CallRecord, subject *client.SubjectRef) (store.CallRecord, error) {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		if subject != nil {
			chosen, err := s.subject(tx, *subject)
			if err != nil {
				return err
			}
			rec.View.Subject, rec.Subject, rec.ByHand = &chosen, *subject, true
		}
		if err := s.settle(tx, t, rec); err != nil {
			return err
		}
		var err error
		rec, err = tx.Call(rec.ID)
		return err
	})
	return rec, err
}

// refuse ends a call that the PBX never began, so that no screen waits for it.
func (s *Switchboard) refuse(ctx context.Context, t *trunk, id string, cause error) error {
	code := 0
	var refused *pbx.Refused
	if errors.As(cause, &refused) {
		code = refused.Code
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.take(tx, t, call.Event{Kind: call.KindRefused, Command: id, At: s.Now().UTC().Truncate(time.Second), Cause: code, End: call.EndFailed})
	})
}

// Hangup ends a call that concerns the employee.
func (s *Switchboard) Hangup(ctx context.Context, by client.Employee, id string) error {
	t, leg, _, err := s.liveLeg(ctx, by, id)
	if err != nil {
		return err
	}
	hanger, ok := t.provider.(pbx.Hanger)
	if !ok {
		return ErrNoIntegration
	}
	return hanger.Hangup(ctx, leg, s.NewID())
}

// Transfer hands a talking call to a colleague without asking (blind transfer).
func (s *Switchboard) Transfer(ctx context.Context, by client.Employee, id, extension string) error {
	t, leg, shown, err := s.liveLeg(ctx, by, id)
	if err != nil {
		return err
	}
	mover, ok := t.provider.(pbx.Transferrer)
	if !ok {
		return ErrNoIntegration
	}
	return mover.Transfer(ctx, pbx.TransferOrder{Command: s.NewID(), Leg: leg, From: shown.Extension, To: extension})
}

func (s *Switchboard) liveLeg(ctx context.Context, by client.Employee, id string) (*trunk, string, call.View, error) {
	rec, err := s.Store.Call(ctx, id)
	if err != nil {
		return nil, "", call.View{}, err
	}
	if err := mayTouch(by, rec); err != nil {
		return nil, "", call.View{}, err
	}
	shown := rec.Facts.Show()
	t := s.office.Load().byID[rec.IntegrationID]
	switch {
	case shown.State == call.Ended || shown.TalkLeg == "":
		return nil, "", shown, ErrEnded
	case t == nil || t.provider == nil:
		return nil, "", shown, ErrNoIntegration
	}
	return t, shown.TalkLeg, shown, nil
}

// mayTouch lets the employees whom a call concerns, and managers, act on it.
func mayTouch(by client.Employee, rec store.CallRecord) error {
	if access.AtLeast(by.Role, client.RoleManager) {
		return nil
	}
	for _, id := range rec.Concerned() {
		if id == by.ID {
			return nil
		}
	}
	return ErrNotYours
}

// NoteCall writes a note during a call or after it: an entry of its own in the feed, tied to the call.
func (s *Switchboard) NoteCall(ctx context.Context, by client.Employee, id string, in client.CallNote) (client.FeedEntry, error) {
	var out client.FeedEntry
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := tx.Call(id)
		if err != nil {
			return err
		}
		text := strings.TrimSpace(in.Text)
		if in.Outcome != "" {
			text = in.Outcome + ": " + text
		}
		out = feed.Note(s.NewID(), s.Now().UTC(), client.Person{ID: by.ID, Name: by.Name}, rec.View.Subject, text)
		out.CallID, out.Phone = rec.ID, rec.View.Phone
		if err := s.saveEntry(tx, out); err != nil {
			return err
		}
		rec.Note = strings.TrimSpace(rec.Note + "\n" + text)
		return s.rewrite(tx, rec)
	})
	return out, err
}
