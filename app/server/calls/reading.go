package calls

import (
	"context"
	"slices"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// Refresh shows an ended call under whom it is bound to today: its binding may have changed
// without the call having been written again. All else is as it was.
func (s *Service) Refresh(tx *store.Tx, rec *store.CallRecord) error {
	return refresh(tx.Cards, rec)
}

func refresh(read subject.ReadCards, rec *store.CallRecord) error {
	if rec.View.State != client.StateEnded {
		return nil
	}
	known, err := subject.Resolve(read, []client.SubjectRef{rec.Subject})
	if err != nil {
		return err
	}
	rec.View.Subject = nil
	if who, ok := known[rec.Subject]; ok {
		rec.View.Subject = &who
	}
	if !rec.View.Test {
		name := subject.Why(rec.ByHand, rec.View)
		rec.View.Why = subject.JoinWhy(name.RU, subject.RestOfWhy(rec.View.Why))
		rec.View.WhyEN = subject.JoinWhy(name.EN, subject.RestOfWhy(rec.View.WhyEN))
	}
	return nil
}

// Call reads one call as it stands today; store.ErrNotFound, access.ErrNotParticipant.
func (s *Service) Call(ctx context.Context, by client.Employee, id string) (client.Call, error) {
	rec, err := s.Store.Call(ctx, id)
	if err != nil {
		return client.Call{}, err
	}
	if err := s.hearing().MayOpen(by, rec.Participants); err != nil {
		return client.Call{}, err
	}
	err = refresh(subject.Cards(ctx, s.Store), &rec)
	return rec.View, err
}

// Calls reads a page of calls as they stand today, newest first, and the cursor of the next. Where the
// school keeps calls to those who took part, others' are left out, so a page may be short.
func (s *Service) Calls(ctx context.Context, by client.Employee, told bool, c store.Cursor, limit int) ([]client.Call, *store.Cursor, error) {
	all, err := s.Store.Calls(ctx, c, limit)
	if err != nil {
		return nil, nil, err
	}
	var next *store.Cursor
	if n := len(all); n == limit && n > 0 {
		next = &store.Cursor{At: all[n-1].View.StartedAt.UnixMilli(), ID: all[n-1].ID}
	}
	out := []client.Call{}
	for _, rec := range s.openable(by, all, told) {
		if err := refresh(subject.Cards(ctx, s.Store), &rec); err != nil {
			return nil, nil, err
		}
		out = append(out, rec.View)
	}
	return out, next, nil
}

// ActiveCalls lists the calls that go on.
func (s *Service) ActiveCalls(ctx context.Context, by client.Employee, told bool) ([]client.Call, error) {
	all, err := s.Store.ActiveCalls(ctx)
	if err != nil {
		return nil, err
	}
	out := []client.Call{}
	for _, rec := range s.openable(by, all, told) {
		out = append(out, rec.View)
	}
	return out, nil
}

// openable are the calls that an employee may open, or only those of which the stream tells them.
func (s *Service) openable(by client.Employee, all []store.CallRecord, told bool) []store.CallRecord {
	return slices.DeleteFunc(all, func(rec store.CallRecord) bool {
		return s.hearing().MayOpen(by, rec.Participants) != nil || (told && !stream.MaySee(by, stream.Callers(rec.Participants)))
	})
}

// hearing tells who may open calls and hear their recordings.
func (s *Service) hearing() access.Recordings {
	return access.Recordings{ParticipantsOnly: s.Directory.ParticipantsOnly}
}
