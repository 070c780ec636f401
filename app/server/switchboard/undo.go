package switchboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

const (
	// undoShown is for how long the app offers to take something back.
	undoShown = 10 * time.Second
	// undoGrace is how much later a click may still arrive.
	undoGrace = 20 * time.Second
	// undoKept is how long what was before is remembered, for looking into.
	undoKept = 24 * time.Hour
)

// ErrUndoLate says that there is nothing to take back any more: the time is over, or somebody has
// changed the same since.
var ErrUndoLate = errors.New("too late to take back")

// undoData is how to take an action back: what stood before it.
type undoData struct {
	Cards   []cardState       `json:"cards,omitempty"`
	Calls   []binding         `json:"calls,omitempty"`
	Entries []entryOwner      `json:"entries,omitempty"`
	Notes   []formerNote      `json:"notes,omitempty"`
	Missed  []store.MissedRow `json:"missed,omitempty"`
	Tasks   []store.TaskRow   `json:"tasks,omitempty"`
}

// target is what the audit says was taken back: the card or call, else the offer itself.
func (d undoData) target(id string) string {
	switch {
	case len(d.Cards) > 0:
		return targetOf(d.Cards[0].Ref)
	case len(d.Calls) > 0:
		return "call:" + d.Calls[0].Call
	}
	return "undo:" + id
}

// cardState is a card before an action (nil: it was made by it), and the version that the action
// gave it.
type cardState struct {
	Ref     client.SubjectRef `json:"ref"`
	Before  *crm.Card         `json:"before,omitempty"`
	Version int64             `json:"version"`
}

// binding is whose a call was.
type binding struct {
	Call   string            `json:"call"`
	To     client.SubjectRef `json:"to"`
	ByHand bool              `json:"by_hand"`
}

// entryOwner is whose an entry was.
type entryOwner struct {
	Entry string            `json:"entry"`
	To    client.SubjectRef `json:"to"`
}

// formerNote is what a note said.
type formerNote struct {
	Entry client.FeedEntry `json:"entry"`
}

// mayUndo lets an employee take back what they did. Programs and files act for nobody: theirs
// stays.
func (s *Switchboard) mayUndo(tx *store.Tx, by client.Employee, data undoData, ru, en string) error {
	if by.ID == "" {
		return nil
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encoding what was before: %w", err)
	}
	u := client.Undo{ID: s.NewID(), Text: ru, TextEN: en, Until: s.Now().UTC().Add(undoShown)}
	if err := tx.AddUndo(store.UndoRow{Undo: u, EmployeeID: by.ID, Data: raw}); err != nil {
		return err
	}
	return tx.Journal("undo", stream.Employee(by.ID), u)
}

// Undos lists what an employee may take back now, newest first.
func (s *Switchboard) Undos(ctx context.Context, by client.Employee) ([]client.Undo, error) {
	return s.Store.Undos(ctx, by.ID, s.Now())
}

// Undo takes an action of the employee's own back.
func (s *Switchboard) Undo(ctx context.Context, by client.Employee, id string) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.Undo(id)
		if err != nil {
			return err
		}
		if row.EmployeeID != by.ID {
			return ErrNotYours
		}
		if row.Done || s.Now().After(row.Until.Add(undoGrace)) {
			return ErrUndoLate
		}
		var data undoData
		if err := json.Unmarshal(row.Data, &data); err != nil {
			return fmt.Errorf("reading what was before: %w", err)
		}
		if err := s.takeBack(tx, by, data); err != nil {
			return err
		}
		if err := tx.UndoDone(id, s.Now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, access.ActionUndo, data.target(id), nil)
	})
}

func (s *Switchboard) takeBack(tx *store.Tx, by client.Employee, data undoData) error {
	// Newest first: an action that wrote a card twice is taken back from its end.
	for i := len(data.Cards) - 1; i >= 0; i-- {
		if err := s.takeBackCard(tx, by, data.Cards[i]); err != nil {
			return err
		}
	}
	for _, e := range data.Entries {
		if err := s.takeBackEntry(tx, e); err != nil {
			return err
		}
	}
	for _, b := range data.Calls {
		if err := s.takeBackBinding(tx, b); err != nil {
			return err
		}
	}
	for _, n := range data.Notes {
		if err := s.saveEntry(tx, n.Entry); err != nil {
			return err
		}
	}
	for _, row := range data.Missed {
		if err := s.putMissed(tx, row); err != nil {
			return err
		}
	}
	for _, row := range data.Tasks {
		if err := s.putTask(tx, row); err != nil {
			return err
		}
	}
	return nil
}

func (s *Switchboard) takeBackCard(tx *store.Tx, by client.Employee, state cardState) error {
	now, err := tx.Card(state.Ref)
	if err != nil {
		return err
	}
	if now.Version != state.Version {
		return fmt.Errorf("%s %s was changed since: %w", state.Ref.Kind, state.Ref.ID, ErrUndoLate)
	}
	if state.Before != nil {
		_, err = s.put(tx, by, &now, state.Before.Clone(), actionUndone)
		return err
	}
	_, err = s.put(tx, by, &now, now.Delete(s.Now().UTC(), nil), actionUndone)
	return err
}

func (s *Switchboard) takeBackEntry(tx *store.Tx, e entryOwner) error {
	if err := tx.GiveEntry(e.Entry, e.To); err != nil {
		return err
	}
	entry, err := tx.Entry(e.Entry)
	if err != nil {
		return err
	}
	return s.tellEntries(tx, []client.FeedEntry{entry})
}

func (s *Switchboard) takeBackBinding(tx *store.Tx, b binding) error {
	rec, err := tx.Call(b.Call)
	if err != nil {
		return err
	}
	to := b.To
	if !b.ByHand {
		to = client.SubjectRef{}
	}
	_, err = s.chooseCall(tx, rec, to)
	return err
}
