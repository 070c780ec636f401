package calls

import (
	"context"
	"slices"

	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// Reader reads calls as they stand today.
type Reader struct{ calls *Service }

// Call reads one call as it stands today; store.ErrNotFound, access.ErrNotParticipant.
func (s *Reader) Call(ctx context.Context, by client.Employee, id string) (client.Call, error) {
	rec, err := s.calls.Store.Call(ctx, id)
	if err != nil {
		return client.Call{}, err
	}
	if err := s.calls.hearing().MayOpen(by, rec.Participants); err != nil {
		return client.Call{}, err
	}
	err = refresh(subject.Cards(ctx, s.calls.Store), &rec)
	return rec.View, err
}

// Calls reads a page of calls as they stand today, newest first, and the cursor of the next. Where the
// school keeps calls to those who took part, others' are left out, so a page may be short.
func (s *Reader) Calls(ctx context.Context, by client.Employee, told bool, c store.Cursor, limit int) ([]client.Call, *store.Cursor, error) {
	all, err := s.calls.Store.Calls(ctx, c, limit)
	if err != nil {
		return nil, nil, err
	}
	var next *store.Cursor
	if n := len(all); n == limit && n > 0 {
		next = &store.Cursor{At: all[n-1].View.StartedAt.UnixMilli(), ID: all[n-1].ID}
	}
	out := []client.Call{}
	for _, rec := range s.openable(by, all, told) {
		if err := refresh(subject.Cards(ctx, s.calls.Store), &rec); err != nil {
			return nil, nil, err
		}
		out = append(out, rec.View)
	}
	return out, next, nil
}

// ActiveCalls lists the calls that go on.
func (s *Reader) ActiveCalls(ctx context.Context, by client.Employee, told bool) ([]client.Call, error) {
	all, err := s.calls.Store.ActiveCalls(ctx)
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
func (s *Reader) openable(by client.Employee, all []store.CallRecord, told bool) []store.CallRecord {
	return slices.DeleteFunc(all, func(rec store.CallRecord) bool {
		return s.calls.hearing().MayOpen(by, rec.Participants) != nil || (told && !stream.MaySee(by, stream.Callers(rec.Participants)))
	})
}
