package switchboard

import (
	"context"
	"slices"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// readCards reads several cards, in a transaction or beside one.
type readCards func([]client.SubjectRef) ([]crm.Card, error)

func (s *Switchboard) cards(ctx context.Context) readCards {
	return func(refs []client.SubjectRef) ([]crm.Card, error) { return s.Store.Cards(ctx, refs) }
}

// subjectsOf reads who the cards are today.
func subjectsOf(read readCards, refs []client.SubjectRef) (map[client.SubjectRef]client.Subject, error) {
	asked, unique := map[client.SubjectRef]bool{}, refs[:0:0]
	for _, ref := range refs {
		if ref.ID != "" && !asked[ref] {
			asked[ref] = true
			unique = append(unique, ref)
		}
	}
	all := map[client.SubjectRef]client.Subject{}
	if len(unique) == 0 {
		return all, nil
	}
	cards, err := read(unique)
	for _, c := range cards {
		all[c.Ref()] = c.Subject()
	}
	return all, err
}

// dress fills in whose the entries are, as the cards stand today, and why.
func dress(read readCards, entries []client.FeedEntry) error {
	refs := make([]client.SubjectRef, 0, len(entries))
	for _, e := range entries {
		refs = append(refs, refOf(e.Subject))
	}
	known, err := subjectsOf(read, refs)
	if err != nil {
		return err
	}
	for i := range entries {
		subject, ok := known[refOf(entries[i].Subject)]
		entries[i].Subject = nil
		if ok {
			entries[i].Subject = &subject
		}
		explain(&entries[i])
	}
	return nil
}

func refOf(subject *client.Subject) client.SubjectRef {
	if subject == nil {
		return client.SubjectRef{}
	}
	return client.SubjectRef{Kind: subject.Kind, ID: subject.ID}
}

// explain puts whose name it is before the rest of why.
func explain(e *client.FeedEntry) {
	switch e.Type {
	case client.EntryNote:
		e.ETag = noteTag(*e)
		return
	case client.EntryCallIn, client.EntryCallMissed, client.EntryCallOut:
	default:
		return
	}
	w := whyName(e.ByHand, client.Call{Phone: e.Phone, Subject: e.Subject})
	e.Why, e.WhyEN = before(w.RU, e.Why), before(w.EN, e.WhyEN)
}

// before puts the sentence of the name before the others. What a former version has stored
// already begins with one, perhaps of a former name.
func before(name, rest string) string {
	head, tail, more := strings.Cut(rest, "; ")
	for _, old := range []string{"Имя ", "Номера нет", "Номер скрыт", "The name ", "The number "} {
		if strings.HasPrefix(head, old) {
			rest = ""
			if more {
				rest = tail
			}
		}
	}
	if rest == "" {
		return name
	}
	return name + "; " + rest
}

// refresh shows an ended call under whom it is bound to today: its binding may have changed
// without the call having been written again. All else is as it was.
func (s *Switchboard) refresh(read readCards, rec *store.CallRecord) error {
	if rec.View.State != client.StateEnded {
		return nil
	}
	known, err := subjectsOf(read, []client.SubjectRef{rec.Subject})
	if err != nil {
		return err
	}
	rec.View.Subject = nil
	if subject, ok := known[rec.Subject]; ok {
		rec.View.Subject = &subject
	}
	if !rec.View.Test {
		name := whyName(rec.ByHand, rec.View)
		rec.View.Why = joinWhy(name.RU, withoutName(rec.View.Why))
		rec.View.WhyEN = joinWhy(name.EN, withoutName(rec.View.WhyEN))
	}
	return nil
}

// withoutName leaves out the first part of why, which says whose name a call shows.
func withoutName(why string) string {
	_, rest, _ := strings.Cut(why, "; ")
	return rest
}

func joinWhy(name, rest string) string {
	if rest == "" {
		return name
	}
	return name + "; " + rest
}

// Call reads one call as it stands today; store.ErrNotFound, ErrNotParticipant.
func (s *Switchboard) Call(ctx context.Context, by client.Employee, id string) (client.Call, error) {
	rec, err := s.Store.Call(ctx, id)
	if err != nil {
		return client.Call{}, err
	}
	if err := s.mayOpen(by, rec); err != nil {
		return client.Call{}, err
	}
	err = s.refresh(s.cards(ctx), &rec)
	return rec.View, err
}

// Calls reads a page of calls as they stand today, newest first, and the cursor of the next. Where the
// school keeps calls to those who took part, others' are left out, so a page may be short.
func (s *Switchboard) Calls(ctx context.Context, by client.Employee, told bool, c store.Cursor, limit int) ([]client.Call, *store.Cursor, error) {
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
		if err := s.refresh(s.cards(ctx), &rec); err != nil {
			return nil, nil, err
		}
		out = append(out, rec.View)
	}
	return out, next, nil
}

// ActiveCalls lists the calls that go on.
func (s *Switchboard) ActiveCalls(ctx context.Context, by client.Employee, told bool) ([]client.Call, error) {
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
func (s *Switchboard) openable(by client.Employee, all []store.CallRecord, told bool) []store.CallRecord {
	return slices.DeleteFunc(all, func(rec store.CallRecord) bool {
		return s.mayOpen(by, rec) != nil || (told && !stream.MaySee(by, stream.Callers(rec.Participants)))
	})
}
