package followup

import (
	"context"
	"errors"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

const (
	// ringsLooked bounds how many missed calls of one number are counted.
	ringsLooked = 200
	// longestMissed is how long ago a call may have been missed that somebody is to be called back for: what
	// a PBX's clock tells that has lost its date is no such call.
	longestMissed = 5 * 365 * 24 * time.Hour
	// sameTry is within how long two missed calls are one try: people redial at once.
	sameTry = 2 * time.Minute
)

// UpdateMissed brings a number's row of the callback list up to date with its calls: who has not been
// talked with since they called stands in it. It is computed anew each time, so that late and
// repeated events cannot spoil it.
func (s *Service) UpdateMissed(tx *store.Tx, number phone.Number) error {
	if number == "" {
		return nil // nobody can be called back
	}
	row, err := tx.Missed(number)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	row.Number = string(number)
	since := s.countedAfter(row)
	talk, err := tx.LastTalk(number)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && talk.At.After(row.ClearedAt) {
		row.ClearedAt = talk.At
	}
	rings, err := tx.MissedSince(number, s.countedAfter(row), ringsLooked)
	if err != nil {
		return err
	}
	next := row
	if len(rings) > 0 {
		next = waiting(row, rings)
		if next.Line != row.Line || row.LineName == "" {
			next.LineName = s.Directory.LineName(next.IntegrationID, next.Line)
		}
	} else if !known {
		return nil
	} else if row.State == client.MissedWaiting || row.State == client.MissedTaken {
		next.State, next.ClosedAt, next.ClosedBy, next.ClosedCall = client.MissedSettled, talk.At, talk.EmployeeID, talk.CallID
		// A call whose events come late is told as missed until it is heard that somebody talked: it
		// was none of the tries.
		if rings, err = tx.MissedSince(number, since, ringsLooked); err != nil {
			return err
		}
		next.Rings = tries(rings)
	}
	if known && next == row {
		return nil
	}
	return s.saveMissed(tx, next)
}

// countedAfter is after when missed calls of a number count: since somebody talked or dismissed. What is told
// of a call so long ago is the past: nobody waits for its call-back, but who waited for it before.
func (s *Service) countedAfter(row store.MissedRow) time.Time {
	oldest := s.Now().Add(-longestMissed)
	open := row.State == client.MissedWaiting || row.State == client.MissedTaken
	if open && !row.FirstAt.After(oldest) {
		oldest = row.FirstAt.Add(-time.Millisecond)
	}
	if row.ClearedAt.After(oldest) {
		return row.ClearedAt
	}
	return oldest
}

// waiting is a caller's row while nobody has talked with them. Whoever took it keeps it when the
// caller rings again.
func waiting(row store.MissedRow, rings []store.Ring) store.MissedRow {
	last := rings[len(rings)-1]
	open := row.State == client.MissedWaiting || row.State == client.MissedTaken
	if !open {
		row.TakenBy, row.TakenAt = "", time.Time{}
	}
	row.State = client.MissedWaiting
	if row.TakenBy != "" {
		row.State = client.MissedTaken
	}
	row.FirstAt, row.LastAt, row.Line, row.IntegrationID = rings[0].At, last.At, last.Line, last.IntegrationID
	row.Rings = tries(rings)
	row.ClosedAt, row.ClosedBy, row.ClosedCall, row.Reason = time.Time{}, "", "", ""
	return row
}

// tries counts missed calls; those right after each other are one.
func tries(rings []store.Ring) int {
	n := 0
	for i, r := range rings {
		if i == 0 || r.At.Sub(rings[i-1].At) > sameTry {
			n++
		}
	}
	return n
}

func (s *Service) saveMissed(tx *store.Tx, row store.MissedRow) error {
	if err := tx.SaveMissed(row); err != nil {
		return err
	}
	all, err := s.callers(func(n phone.Number) (*client.Subject, error) { return subject.OwnerOf(tx, n) }, []store.MissedRow{row})
	if err != nil {
		return err
	}
	return tx.Journal("missed", stream.All, all[0])
}

// OwnerChanged publishes a caller of the callback list under the name they have now.
func (s *Service) OwnerChanged(tx *store.Tx, number phone.Number) error {
	row, err := tx.Missed(number)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.saveMissed(tx, row)
}

// callers makes of the rows what travels.
func (s *Service) callers(owner func(phone.Number) (*client.Subject, error), rows []store.MissedRow) ([]client.MissedCaller, error) {
	dir, limit := s.Directory, s.missedLimit()
	out := make([]client.MissedCaller, 0, len(rows))
	for _, r := range rows {
		who, err := owner(phone.Number(r.Number))
		if err != nil {
			return nil, err
		}
		m := client.MissedCaller{
			Phone: r.Number, State: r.State, Subject: who, Rings: r.Rings, FirstAt: r.FirstAt, LastAt: r.LastAt, Line: r.Line,
			TakenBy: dir.Person(r.TakenBy), TakenAt: moment(r.TakenAt), ClosedAt: moment(r.ClosedAt), ClosedBy: dir.Person(r.ClosedBy),
			CallID: r.ClosedCall, Reason: r.Reason, LineName: r.LineName,
		}
		if m.LineName == "" {
			m.LineName = dir.LineName(r.IntegrationID, r.Line)
		}
		if r.State == client.MissedWaiting || r.State == client.MissedTaken {
			red := r.FirstAt.Add(limit)
			m.RedAt = &red
		}
		out = append(out, m)
	}
	return out, nil
}

// CallbackList reads a page of the callback list.
func (s *Service) CallbackList(ctx context.Context, states []client.MissedState, c store.Cursor, limit int) ([]client.MissedCaller, *store.Cursor, error) {
	rows, next, err := s.Store.MissedPage(ctx, states, c, limit)
	if err != nil {
		return nil, nil, err
	}
	all, err := s.callers(func(n phone.Number) (*client.Subject, error) {
		matches, err := subject.LookupNow(ctx, s.Store, n)
		who, _ := subject.First(matches)
		return who, err
	}, rows)
	return all, next, err
}

// ClaimMissed says that an employee will call back; a second one is told who was quicker.
func (s *Service) ClaimMissed(ctx context.Context, by client.Employee, number phone.Number) (client.MissedCaller, error) {
	return s.changeMissed(ctx, by, number, "missed_taken", func(row *store.MissedRow) error {
		if row.State == client.MissedTaken && row.TakenBy != by.ID {
			return ErrTaken
		}
		row.State, row.TakenBy, row.TakenAt = client.MissedTaken, by.ID, s.Now().UTC()
		return nil
	})
}

// ReleaseMissed gives a caller back to the callback list.
func (s *Service) ReleaseMissed(ctx context.Context, by client.Employee, number phone.Number) (client.MissedCaller, error) {
	return s.changeMissed(ctx, by, number, "missed_released", func(row *store.MissedRow) error {
		row.State, row.TakenBy, row.TakenAt = client.MissedWaiting, "", time.Time{}
		return nil
	})
}

// DismissMissed says that no call-back is needed, and why.
func (s *Service) DismissMissed(ctx context.Context, by client.Employee, number phone.Number, reason string) (client.MissedCaller, error) {
	return s.changeMissed(ctx, by, number, "missed_dismissed", func(row *store.MissedRow) error {
		now := s.Now().UTC()
		row.State, row.ClosedAt, row.ClosedBy, row.ClosedCall = client.MissedDismissed, now, by.ID, ""
		row.Reason, row.ClearedAt = plaintext.Line(reason), now
		return nil
	})
}

func (s *Service) changeMissed(ctx context.Context, by client.Employee, number phone.Number, undone string, change func(*store.MissedRow) error) (client.MissedCaller, error) {
	var out client.MissedCaller
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.Missed(number)
		if err != nil {
			return err
		}
		if row.State != client.MissedWaiting && row.State != client.MissedTaken {
			return ErrNotNow
		}
		before := row
		if err := change(&row); err != nil {
			return err
		}
		if err := s.saveMissed(tx, row); err != nil {
			return err
		}
		all, err := s.callers(func(n phone.Number) (*client.Subject, error) { return subject.OwnerOf(tx, n) }, []store.MissedRow{row})
		if err != nil {
			return err
		}
		out = all[0]
		name := number.Pretty()
		if out.Subject != nil {
			name = out.Subject.Name
		}
		return s.Undo.Offer(tx, by, texts.Of("undo."+undone, texts.Args{"name": name}).Both(), undo.Before{Kind: "missed", Was: []formerMissed{formerly(before, row)}})
	})
	return out, err
}

// missedLimit is after how long a missed caller turns red.
func (s *Service) missedLimit() time.Duration {
	return time.Duration(s.Directory.School().MissedLimitMinutes) * time.Minute
}
