// Package followup is what is left to do after a call: the callback list of missed callers, tasks and
// reminders, notes. It follows the calls, which tell it what became of them and know nothing of it.
package followup

import (
	"errors"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/feed"
	"dozvon/app/server/store"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// Service keeps the callback list, tasks and notes. The exported fields are required. Safe for
// concurrent use.
type Service struct {
	Store     *store.Store
	Audit     *audit.Log
	Undo      *undo.Offers
	Directory Directory
	Calls     Calls
	Hearing   access.Recordings
	Now       func() time.Time
	NewID     func() string
}

// Directory is who and what the school has.
type Directory interface {
	// Person is nil for nobody, EmployeeName empty.
	Person(employeeID string) *client.Person
	EmployeeName(employeeID string) string
	// LineName is what a line is called, or was when its integration was still there.
	LineName(integrationID, line string) string
	Numbers() phone.Reader
	School() client.School
}

// Calls changes the calls that notes are about.
type Calls interface {
	// Refresh shows an ended call under whom it is bound to today.
	Refresh(tx *store.Tx, rec *store.CallRecord) error
	// Rewrite saves and publishes a call whose note changed, with its entry.
	Rewrite(tx *store.Tx, rec store.CallRecord) error
}

var (
	// ErrTaken says that a colleague has claimed the caller already.
	ErrTaken = errors.New("a colleague has taken this caller")
	// ErrNotNow says that the record is in a state in which this cannot be done.
	ErrNotNow = errors.New("not possible in the present state")
)

// New returns a service whose offers to take changes back are registered. It takes the fields of s.
func New(s Service) *Service {
	undo.Register(s.Undo, "notes", s.restoreNotes, nil)
	undo.Register(s.Undo, "missed", s.restoreMissed, nil)
	undo.Register(s.Undo, "missed_given", s.restoreGiven, nil)
	undo.Register(s.Undo, "tasks", s.restoreTasks, nil)
	return &s
}

// CallSettled follows a call that was written: a talk settles the missed calls of its number and
// finishes the tasks about it, and the callback list is brought up to date.
func (s *Service) CallSettled(tx *store.Tx, before client.Call, rec store.CallRecord) error {
	after := rec.View
	answered := after.AnsweredAt != nil && before.AnsweredAt == nil
	ended := after.State == client.StateEnded && before.State != client.StateEnded
	if answered {
		if err := settleMissed(tx, rec); err != nil {
			return err
		}
		if err := s.finishTasks(tx, rec); err != nil {
			return err
		}
	}
	turned := answered || ended || after.Result != before.Result
	if !turned || after.Direction == client.Internal || after.Test {
		return nil
	}
	return s.UpdateMissed(tx, phone.Number(after.Phone))
}

// CallsMerged publishes the tasks that came with a call that turned out to be another one, and counts the
// missed calls of their numbers anew.
func (s *Service) CallsMerged(tx *store.Tx, into store.CallRecord, numbers []phone.Number) error {
	tasks, err := tx.TasksOfCall(into.ID)
	if err != nil {
		return err
	}
	for _, row := range tasks {
		if err := s.saveTask(tx, row); err != nil {
			return err
		}
	}
	for _, n := range numbers {
		if err := s.UpdateMissed(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// missedKept bounds how many missed calls of one number a later conversation settles.
const missedKept = 200

// settleMissed closes the missed calls of a number once anybody has talked with it.
func settleMissed(tx *store.Tx, rec store.CallRecord) error {
	if rec.View.Phone == "" {
		return nil
	}
	missed, err := tx.Feed(store.FeedFilter{Types: []string{string(entry.CallMissed)}, Phone: phone.Number(rec.View.Phone)}, store.Start, missedKept)
	if err != nil {
		return err
	}
	for _, e := range missed {
		if e.Settled != nil || e.At.After(*rec.View.AnsweredAt) {
			continue
		}
		e.Settled = &entry.Settled{By: rec.View.Employee, At: *rec.View.AnsweredAt, CallID: rec.ID}
		if err := feed.Save(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Names by which the last change of a record is kept, see store.Tx.NoteChange.
func entryRecord(id string) string { return "entry:" + id }
func taskRecord(id string) string  { return "task:" + id }

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
