package calls

import (
	"context"
	"errors"

	"dozvon/app/server/crm"
	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/directory"
	"dozvon/app/server/feed"
	"dozvon/app/server/pbx"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Texts sends messages and follows what becomes of them.
type Texts struct{ calls *Service }

// SendSMS sends a message through the PBX in the employee's name. Its feed entry exists before
// the PBX is asked and then follows what becomes of it.
func (s *Texts) SendSMS(ctx context.Context, by client.Employee, number phone.Number, in client.SMSInput) (entry.Entry, error) {
	if in.Text = plaintext.Text(in.Text); in.Text == "" {
		return entry.Entry{}, crm.Wrong("text", texts.Of("fault.empty"))
	}
	can := func(p pbx.Provider) bool { _, ok := p.(pbx.Texter); return ok }
	integration, ext, err := s.calls.Directory.Snapshot().ExtensionOf(by.ID, in.IntegrationID, can)
	if err != nil {
		return entry.Entry{}, err
	}
	texter := integration.Provider.(pbx.Texter)
	cmd := store.Command{
		Command:       client.Command{ID: s.calls.NewID(), Kind: store.CommandSMS, State: client.CommandAccepted},
		IntegrationID: integration.ID, EmployeeID: by.ID, EntryID: s.calls.NewID(), At: s.calls.Now(),
	}
	var e entry.Entry
	err = s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		who, err := s.subjectOf(tx, number, in.Subject)
		if err != nil {
			return err
		}
		e = feed.SMS(cmd.EntryID, s.calls.Now().UTC(), client.Person{ID: by.ID, Name: by.Name}, who, number, in.Text)
		e.ByHand = in.Subject != nil
		e.Source, e.SourceName = integration.Kind, s.calls.sourceOf(integration.Kind)
		if err := s.calls.Commands.maySend(tx, by); err != nil {
			return err
		}
		if err := tx.SaveCommand(cmd); err != nil {
			return err
		}
		return feed.Save(tx, e)
	})
	if err != nil {
		return entry.Entry{}, err
	}
	err = texter.Text(ctx, pbx.TextOrder{Command: cmd.ID, Extension: ext, Text: in.Text, Number: number})
	if err == nil {
		return e, nil
	}
	if errors.Is(err, pbx.ErrUncertain) {
		return e, errors.Join(err, s.smsUncertain(context.WithoutCancel(ctx), cmd.EntryID))
	}
	cmd.State, cmd.Code, cmd.Said = client.CommandRefused, pbx.CodeOf(err), pbx.SaidOf(err)
	return e, errors.Join(err, s.calls.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.SaveCommand(cmd); err != nil {
			return err
		}
		return s.smsState(tx, cmd.EntryID, entry.Failed, integration, cmd.Code, cmd.Said)
	}))
}

// smsUncertain says of a message that it may have gone: its entry goes on waiting for the PBX's word.
func (s *Texts) smsUncertain(ctx context.Context, entryID string) error {
	return s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		e, err := tx.Entry(entryID)
		if err != nil || e.Delivery != entry.Sending {
			return err
		}
		why := texts.Of("feed.sms_uncertain").Both()
		e.Why, e.WhyEN = why.RU, why.EN
		return feed.Save(tx, e)
	})
}

func (s *Texts) subjectOf(tx *store.Tx, number phone.Number, chosen *client.SubjectRef) (*client.Subject, error) {
	if chosen != nil {
		who, err := subject.Of(tx, *chosen)
		return &who, err
	}
	matches, err := subject.Lookup(tx, number)
	if err != nil {
		return nil, err
	}
	who, _ := subject.First(matches)
	return who, nil
}

func (s *Texts) smsOutcome(tx *store.Tx, cmd store.Command) error {
	state := entry.Sent
	if cmd.State == client.CommandRefused {
		state = entry.Failed
	}
	return s.smsState(tx, cmd.EntryID, state, s.calls.Directory.Snapshot().Integration(cmd.IntegrationID), cmd.Code, cmd.Said)
}

// receipt notes whether a message arrived.
func (s *Texts) receipt(tx *store.Tx, integration *directory.Integration, r pbx.Receipt) error {
	cmd, err := tx.Command(integration.ID, r.Command)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	state := entry.Delivered
	if r.Cause != 0 {
		state = entry.Failed
	}
	return s.smsState(tx, cmd.EntryID, state, integration, r.Cause, "")
}

// smsState moves a message's entry on. Results may come in any order, so what is final stays.
func (s *Texts) smsState(tx *store.Tx, entryID string, state entry.Delivery, integration *directory.Integration, code int, said string) error {
	e, err := tx.Entry(entryID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // it was erased with its person
	}
	if err != nil {
		return err
	}
	if e.Delivery == entry.Delivered || e.Delivery == entry.Failed || e.Delivery == state {
		return nil
	}
	e.Delivery, e.Why, e.WhyEN = state, "", ""
	if (code != 0 || said != "") && integration != nil && integration.Provider != nil {
		w := inWords(integration.Provider, code, said)
		e.Why, e.WhyEN = w.RU, w.EN
	}
	return feed.Save(tx, e)
}
