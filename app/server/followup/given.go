package followup

import (
	"errors"
	"fmt"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// giveMissed takes a missed caller, whom somebody asks a colleague to call, off everybody's list: the colleague has
// taken them. Whom another one has taken, stays that one's. It returns how to take that back.
func (s *Service) giveMissed(tx *store.Tx, by client.Employee, task store.TaskRow) ([]undo.Before, error) {
	if task.Kind != client.TaskCallback || task.Phone == "" {
		return nil, nil
	}
	row, err := tx.Missed(phone.Number(task.Phone))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if row.State != client.MissedWaiting && (row.State != client.MissedTaken || row.TakenBy != by.ID) {
		return nil, nil
	}
	before := row
	row.State, row.TakenBy, row.TakenAt = client.MissedTaken, task.Assignee, s.Now().UTC()
	if err := s.saveMissed(tx, row); err != nil {
		return nil, err
	}
	return []undo.Before{{Kind: "missed_given", Was: formerly(before, row)}}, nil
}

// replaced finishes an open task of one's own that another one takes the place of, and returns it as it was; none for
// an empty id. ErrNotNow where it is over.
func (s *Service) replaced(tx *store.Tx, by client.Employee, id string) ([]store.TaskRow, error) {
	if id == "" {
		return nil, nil
	}
	row, err := tx.Task(id)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && row.Assignee != by.ID:
		return nil, crm.Wrong("instead_of", texts.Of("fault.no_own_task"))
	case err != nil:
		return nil, err
	case row.State != client.TaskOpen:
		return nil, ErrNotNow
	}
	former := row
	row.State, row.DoneAt, row.DoneBy = client.TaskDone, s.Now().UTC(), by.ID
	return []store.TaskRow{former}, s.saveTask(tx, row)
}

// formerMissed is a caller as they stood in the callback list. After is how somebody left them there; empty: a former
// version did not note it.
type formerMissed struct {
	store.MissedRow
	State string `json:"state"`
	After string `json:"after,omitempty"`
}

func formerly(before, after store.MissedRow) formerMissed {
	return formerMissed{before, string(before.State), claimOf(after)}
}

// claimOf is what people decide about a caller; that the caller rings again changes nothing of it.
func claimOf(row store.MissedRow) string {
	milli := func(at time.Time) int64 { return max(0, at.UnixMilli()) }
	return fmt.Sprint(row.State, " ", row.TakenBy, " ", milli(row.TakenAt), " ", milli(row.ClosedAt), " ", milli(row.ClearedAt))
}

// restoreMissed puts callers back where they stood in the callback list; undo.ErrLate for whom somebody has talked
// with, or decided about, since.
func (s *Service) restoreMissed(tx *store.Tx, _ client.Employee, was []formerMissed) error {
	for _, former := range was {
		if err := s.putBack(tx, former); err != nil {
			return err
		}
	}
	return nil
}

// restoreGiven puts a caller back whom a colleague was asked to call; where it is too late for that, the rest of what is
// taken back is not.
func (s *Service) restoreGiven(tx *store.Tx, _ client.Employee, was formerMissed) error {
	if err := s.putBack(tx, was); !errors.Is(err, undo.ErrLate) {
		return err
	}
	return nil
}

func (s *Service) putBack(tx *store.Tx, former formerMissed) error {
	number := phone.Number(former.Number)
	row, err := tx.Missed(number)
	if err != nil {
		return err
	}
	if former.After != "" && claimOf(row) != former.After {
		return undo.ErrLate
	}
	row.State, row.TakenBy, row.TakenAt = client.MissedState(former.State), former.TakenBy, former.TakenAt
	row.ClosedAt, row.ClosedBy, row.ClosedCall, row.Reason, row.ClearedAt = former.ClosedAt, former.ClosedBy, former.ClosedCall, former.Reason, former.ClearedAt
	return s.saveMissed(tx, row)
}
