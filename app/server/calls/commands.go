package calls

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// DialOrder is what a click-to-call asks for.
type DialOrder struct {
	Number phone.Number
	// Colleague is whom to call instead of a number: an employee, by id or by extension.
	Colleague directory.Colleague
	Subject   *client.SubjectRef
	Group     string // rings this group of the PBX instead of the employee
	// Integration is over which PBX; empty: the first on which the employee has an extension and that can.
	Integration string
	// Request makes a repeat harmless: a second order of the same employee with it gives the first one's
	// call. Without it the same number within sameClick does.
	Request string
}

// sameClick is within how long an employee who dials the same number again means the same call: a
// double click, or two programs that both heard of one.
const sameClick = 2 * time.Second

// Commands carries out what employees ask of the PBX about calls, and follows what becomes of it.
type Commands struct{ calls *Service }

// Dial is a click-to-call: the PBX rings the employee's own telephone first, then the number. The
// call exists before the PBX is asked, so that not even its fastest event finds it missing.
func (s *Commands) Dial(ctx context.Context, by client.Employee, o DialOrder) (client.Call, error) {
	over, err := s.dialsOver(ctx, by, o)
	if err != nil {
		return client.Call{}, err
	}
	integration := over.integration
	// What the PBX is told is an id of ours, so that two employees' programs cannot mean the same.
	id := s.calls.NewID()
	command := id
	begin := call.Event{
		Kind: call.KindDialled, At: s.calls.Now().UTC().Truncate(time.Second), Command: command,
		From: call.Party{Extension: cmp.Or(o.Group, over.extension)}, To: call.Party{Number: o.Number, Extension: over.colleague},
	}
	rec, repeated, err := s.Begin(ctx, integration, by, store.CallRecord{
		ID: id, IntegrationID: integration.ID, Command: command, Facts: call.FoldAll([]call.Event{begin}),
		Asked: store.Asked{By: by.ID, At: s.calls.Now(), Request: o.Request},
	}, o)
	if err != nil || repeated {
		return rec.View, err
	}
	key, err := over.dial(ctx, pbx.DialOrder{Command: command, Extension: over.extension, Number: o.Number, Colleague: over.colleague})
	if err != nil {
		return client.Call{}, errors.Join(err, s.Refuse(context.WithoutCancel(ctx), integration, command, err))
	}
	s.DialAnswered(ctx, integration, rec.ID, key)
	return rec.View, nil
}

// dials is over which PBX a click-to-call goes, whose telephone rings first, and how it is asked.
type dials struct {
	integration          *directory.Integration
	extension, colleague string
	dial                 func(context.Context, pbx.DialOrder) (key string, err error)
}

// dialsOver finds the first PBX that can dial for the employee; of a group the first that has it.
func (s *Commands) dialsOver(ctx context.Context, by client.Employee, o DialOrder) (dials, error) {
	snapshot := s.calls.Directory.Snapshot()
	if o.Colleague != (directory.Colleague{}) {
		over, own, theirs, err := snapshot.Reaches(by, o.Integration, o.Colleague)
		if err != nil {
			return dials{}, err
		}
		return dials{over, own, theirs, over.Provider.(pbx.ColleagueDialler).DialColleague}, nil
	}
	can := func(p pbx.Provider) bool { _, err := dialFunc(p, o.Group); return err == nil }
	first, ext, err := snapshot.ExtensionOf(by.ID, o.Integration, can)
	if err != nil {
		return dials{}, err
	}
	if o.Group != "" {
		if first, ext, err = s.hasGroup(ctx, by, o); err != nil {
			return dials{}, err
		}
	}
	dial, err := dialFunc(first.Provider, o.Group)
	return dials{integration: first, extension: ext, dial: dial}, err
}

// hasGroup finds the first PBX of the employee that has the group.
func (s *Commands) hasGroup(ctx context.Context, by client.Employee, o DialOrder) (*directory.Integration, string, error) {
	last := pbx.ErrNoGroup
	for _, i := range s.calls.Directory.Snapshot().Integrations() {
		dialler, ok := i.Provider.(pbx.GroupDialler)
		ext := i.ExtensionOf(by.ID)
		if !ok || !i.Active || ext == "" || o.Integration != "" && o.Integration != i.ID {
			continue
		}
		has, err := dialler.HasGroup(ctx, o.Group)
		if err == nil && has {
			return i, ext, nil
		}
		if err != nil {
			last = err // this one may have it
		}
	}
	return nil, "", last
}

func dialFunc(p pbx.Provider, group string) (func(context.Context, pbx.DialOrder) (string, error), error) {
	if group == "" {
		if d, ok := p.(pbx.Dialler); ok {
			return d.Dial, nil
		}
		return nil, directory.ErrNoIntegration
	}
	d, ok := p.(pbx.GroupDialler)
	if !ok {
		return nil, directory.ErrNoIntegration
	}
	return func(ctx context.Context, o pbx.DialOrder) (string, error) { return d.DialGroup(ctx, o, group) }, nil
}

// Begin writes the new call, unless the same order has made one already. It counts and looks in the
// transaction that writes, so that two at once, also on two nodes, make one call.
func (s *Commands) Begin(ctx context.Context, integration *directory.Integration, by client.Employee, made store.CallRecord, o DialOrder) (out store.CallRecord, repeated bool, err error) {
	err = s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		rec := made
		repeated = false
		if rec.Asked.By != "" {
			had, err := tx.AskedBefore(rec, rec.Asked.At.Add(-sameClick))
			if err == nil {
				out, repeated = had, true
				return nil
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if o.Number != "" {
				if err := s.mayDial(tx, by, o.Number); err != nil {
					return err
				}
			}
		}
		if o.Subject != nil && o.Number != "" {
			chosen, err := subject.Of(tx, *o.Subject)
			if err != nil {
				return err
			}
			rec.View.Subject, rec.Subject, rec.ByHand = &chosen, *o.Subject, true
		}
		if _, err := s.calls.settle(tx, integration, &rec); err != nil {
			return err
		}
		out = rec
		return nil
	})
	return out, repeated, err
}

// Refuse ends a call that the PBX never began, so that no screen waits for it.
func (s *Commands) Refuse(ctx context.Context, integration *directory.Integration, command string, cause error) error {
	return s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := s.calls.applyEvent(tx, integration, call.Event{
			Kind: call.KindRefused, Command: command, At: s.calls.Now().UTC().Truncate(time.Second), Cause: pbx.CodeOf(cause), Said: pbx.SaidOf(cause), End: call.EndFailed,
		})
		return err
	})
}

// order is a command about a living call that concerns the employee.
type order struct {
	by          client.Employee
	integration *directory.Integration
	call        store.CallRecord
	shown       call.View
	id          string // of the command
}

// command finds the call, notes the command so that its result finds who asked, and sends it.
func (s *Commands) command(ctx context.Context, by client.Employee, callID, kind string, send func(order) error) error {
	o, err := s.order(ctx, by, callID)
	if err != nil {
		return err
	}
	cmd := store.Command{
		Command:       client.Command{ID: o.id, Kind: kind, CallID: callID, State: client.CommandAccepted},
		IntegrationID: o.integration.ID, EmployeeID: by.ID, At: s.calls.Now(),
	}
	if err := s.calls.Store.Write(ctx, func(tx *store.Tx) error { return tx.SaveCommand(cmd) }); err != nil {
		return err
	}
	err = send(o)
	if err == nil {
		return nil
	}
	if over(err) {
		err = errors.Join(err, s.believeOver(context.WithoutCancel(ctx), o.integration, callID, o.shown.TalkLeg))
	}
	cmd.State, cmd.Code, cmd.Said = client.CommandRefused, pbx.CodeOf(err), pbx.SaidOf(err)
	return errors.Join(err, s.calls.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.SaveCommand(cmd) }))
}

func (s *Commands) order(ctx context.Context, by client.Employee, callID string) (order, error) {
	rec, err := s.calls.Store.Call(ctx, callID)
	if err != nil {
		return order{}, err
	}
	if err := mayTouch(by, rec); err != nil {
		return order{}, err
	}
	o := order{by: by, call: rec, shown: rec.Facts.View(), integration: s.calls.Directory.Snapshot().Integration(rec.IntegrationID), id: s.calls.NewID()}
	switch {
	case o.shown.State == call.Ended || o.shown.TalkLeg == "":
		return o, ErrEnded
	case o.integration == nil || o.integration.Provider == nil:
		return o, directory.ErrNoIntegration
	}
	o.shown.TalkExtension = o.shown.Side(o.integration.ExtensionOf(by.ID))
	return o, nil
}

// mayTouch lets the employees whom a call concerns, and managers, act on it.
func mayTouch(by client.Employee, rec store.CallRecord) error {
	if access.AtLeast(by.Role, client.RoleManager) {
		return nil
	}
	for _, id := range rec.Involved() {
		if id == by.ID {
			return nil
		}
	}
	return access.ErrNotYours
}

// DialAnswered gives an ordered call the key that the PBX answered with. Its telephone rings: what fails
// now is no failure of the call, whose events tell the rest.
func (s *Commands) DialAnswered(ctx context.Context, integration *directory.Integration, callID, key string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
	defer cancel()
	var rec store.CallRecord
	err := s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		err := s.calls.merges.answeredDial(tx, integration, callID, key)
		if err == nil {
			rec, err = tx.Call(callID)
		}
		return err
	})
	if err != nil {
		slog.ErrorContext(ctx, "the PBX's key of a call was not noted", "call", callID, "err", err)
		return
	}
	if !firstLeg(rec.Facts).IsZero() { // an event was quicker than the answer
		s.calls.watchRequests(func(w RequestWatcher) { w.Arrived(ctx, rec, s.calls.Now()) })
	}
}
