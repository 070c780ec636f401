package person

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/audit"
	"dozvon/app/server/call"
	"dozvon/app/server/entry"
	"dozvon/app/server/feed"
	"dozvon/app/server/indexer"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// recent is for how long an ended call may stand on somebody's screen.
const recent = 24 * time.Hour

// callsAtOnce is how many calls are erased in one transaction: webhooks come between two.
const callsAtOnce = 20

// requests forgets the PBX's requests about the person. It comes before the calls, by whose keys some are known.
func (e *erasure) requests(ctx context.Context) error {
	r := e.Store.Person(ctx)
	ids, err := r.CallIDs(e.plan.holding(), true)
	if err != nil {
		return err
	}
	keys := slices.Clone(e.plan.Keys)
	for some := range slices.Chunk(ids, 200) {
		calls, err := r.Calls(some)
		if err != nil {
			return err
		}
		for _, rec := range calls {
			more, err := r.Keys(rec)
			if err != nil {
				return err
			}
			keys = append(keys, more...)
		}
	}
	return e.dropRequests(ctx, store.Cursor{}, tracesOf(e.plan.Numbers, keys))
}

// dropRequests forgets the webhooks after one that tell of the person, some in a transaction.
func (e *erasure) dropRequests(ctx context.Context, after store.Cursor, wanted traces) error {
	var found []string
	err := eachRequest(ctx, e.Store.Person(ctx), after, func(r store.RawEvent) error {
		if wanted.in(r.Payload) {
			found = append(found, r.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(found, requestsAtOnce) {
		err := e.write(ctx, func(tx *store.Tx) error {
			for _, id := range some {
				if err := tx.DropRawEvent(id); err != nil {
					return err
				}
			}
			e.count(store.ErasedCounts{"requests": int64(len(some))})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// calls takes out of calls whom they were with, some in a transaction, until there are none.
func (e *erasure) calls(ctx context.Context) error {
	for {
		r := e.Store.Person(ctx)
		ids, err := r.CallIDs(e.plan.holding(), true)
		if err != nil {
			return err
		}
		var some []string
		for chunk := range slices.Chunk(ids, 200) {
			all, err := r.Calls(chunk)
			if err != nil {
				return err
			}
			for _, rec := range all {
				// What began since is of somebody who calls anew.
				if rec.View.State == client.StateEnded && !rec.View.StartedAt.After(e.plan.Begun) && len(some) < callsAtOnce {
					some = append(some, rec.ID)
				}
			}
			if len(some) == callsAtOnce {
				break
			}
		}
		if len(some) == 0 {
			return nil
		}
		err = e.write(ctx, func(tx *store.Tx) error {
			calls, err := tx.Person().Calls(some)
			if err != nil {
				return err
			}
			for _, rec := range calls {
				if err := e.call(tx, rec); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if e.Between != nil {
			if err := e.Between("some calls"); err != nil {
				return err
			}
		}
	}
}

// call takes out of one call whom it was with. One that a person bound to a card that stays is that card's, with its
// notes; its number and its recording go.
func (e *erasure) call(tx *store.Tx, rec store.CallRecord) error {
	keys, err := tx.Person().Keys(rec)
	if err != nil {
		return err
	}
	if err := tx.AddErasedPrints(e.prints(rec, keys)); err != nil {
		return err
	}
	e.plan.Keys, e.plan.Rows = append(e.plan.Keys, keys...), append(e.plan.Rows, rec.ID)
	if err := tx.BlankAudit(audit.CallTarget(rec.ID)); err != nil {
		return err
	}
	if err := tx.AddErasedFiles(e.filesOf(rec)); err != nil {
		return err
	}
	another := rec.ByHand && rec.Subject.ID != "" && !e.plan.has(rec.Subject)
	if err := e.callEntries(tx, rec, another); err != nil {
		return err
	}
	counts, err := tx.EraseCall(anonymous(rec, another))
	if err != nil {
		return err
	}
	e.count(counts)
	after, err := tx.Call(rec.ID)
	if err != nil {
		return err
	}
	if e.Now().Sub(rec.View.StartedAt) < recent {
		return tx.Journal("call", stream.Callers(rec.Participants), after.View)
	}
	return nil
}

// filesOf names the files of a call's recordings.
func (e *erasure) filesOf(rec store.CallRecord) []string {
	var names []string
	for _, r := range rec.Facts.View().Recordings {
		names = append(names, e.Recordings.Name(rec.IntegrationID, r.ID))
	}
	return names
}

// callEntries drops what was written on a call, and leaves of its own entry what the figures need.
func (e *erasure) callEntries(tx *store.Tx, rec store.CallRecord, another bool) error {
	all, err := tx.EntriesOfCall(rec.ID)
	if err != nil {
		return err
	}
	if err := e.learn(tx, all); err != nil {
		return err
	}
	for _, old := range all {
		if !old.Type.OfCall() {
			if !another {
				if err := e.drop(tx, old); err != nil {
					return err
				}
				continue
			}
			old.Phone = ""
			if err := tx.SaveEntry(old); err != nil {
				return err
			}
			continue
		}
		kept := anonymous(rec, another)
		next, ok := feed.OfCall(kept.View, old.SourceName)
		if !ok {
			next = old
		}
		next.Phone, next.Recording, next.Recordings, next.Settled = "", nil, nil, old.Settled
		next.Subject, next.ByHand = kept.View.Subject, kept.ByHand
		next.Why, next.WhyEN = texts.Of("why.erased").In("ru"), texts.Of("why.erased").In("en")
		if err := tx.SaveEntry(next); err != nil {
			return err
		}
	}
	return nil
}

// learn remembers the words of entries, for the index forgets those that nothing else has.
func (e *erasure) learn(tx *store.Tx, entries []entry.Entry) error {
	entries = slices.Clone(entries)
	if err := feed.AttachFlags(tx.Flags, entries); err != nil {
		return err
	}
	for _, one := range entries {
		e.plan.Words = append(e.plan.Words, indexer.Entry(one).Words...)
	}
	slices.Sort(e.plan.Words)
	e.plan.Words = slices.Compact(e.plan.Words)
	return nil
}

func (e *erasure) drop(tx *store.Tx, old entry.Entry) error {
	counts, err := tx.EraseEntry(old.ID)
	if err != nil {
		return err
	}
	e.count(counts)
	e.plan.Rows = append(e.plan.Rows, old.ID)
	kind := "entries"
	switch old.Type {
	case entry.Note:
		kind = "notes"
	case entry.SMS:
		kind = "messages"
	}
	e.count(store.ErasedCounts{kind: 1})
	return nil
}

// anonymous is what stays of a call: when, how long, over which line, who of the school talked, and how it ended.
func anonymous(rec store.CallRecord, another bool) store.CallRecord {
	said := slices.ContainsFunc(rec.Facts.Events, func(e call.Event) bool { return e.Said != "" })
	if !another {
		rec.Subject, rec.ByHand, rec.View.Subject = client.SubjectRef{}, false, nil
	}
	v := &rec.View
	if said { // the PBX's own words may tell a number
		v.Reason = nil
	}
	hidden, erased := texts.Of("why.hidden").Both(), texts.Of("why.erased").Both()
	v.Why, v.WhyEN = subject.JoinWhy(hidden.RU, erased.RU), subject.JoinWhy(hidden.EN, erased.EN)
	v.Phone, v.Matches, v.LastNote, v.Before, v.Note = "", nil, nil, 0, ""
	v.Recording, v.Recordings, v.Can, v.Consulting, v.Ringing = nil, nil, nil, nil, []string{}
	return rec
}

// entries drops what else the feed has of the person: notes on the cards, messages, that the cards were made.
func (e *erasure) entries(ctx context.Context) error {
	all, err := e.Store.Person(ctx).Entries(e.plan.holding(), nil)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(one entry.Entry) bool { return one.Type.OfCall() || one.At.After(e.plan.Begun) })
	for some := range slices.Chunk(all, callsAtOnce) {
		err := e.write(ctx, func(tx *store.Tx) error {
			if err := e.learn(tx, some); err != nil {
				return err
			}
			for _, one := range some {
				if err := e.drop(tx, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// followups drops promised call-backs and the place on the list of missed callers.
func (e *erasure) followups(ctx context.Context) error {
	return e.write(ctx, func(tx *store.Tx) error {
		tasks, err := tx.Person().Tasks(e.plan.holding(), e.plan.Rows)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if err := tx.EraseTask(t.ID); err != nil {
				return err
			}
			e.count(store.ErasedCounts{"tasks": 1})
		}
		for _, n := range e.plan.Numbers {
			counts, err := tx.EraseNumber(n)
			if err != nil {
				return err
			}
			e.count(counts)
		}
		return nil
	})
}

// shared takes the name out of calls that stay: those of numbers that other cards have, or that the card once had.
func (e *erasure) shared(ctx context.Context) error {
	calls, err := e.Store.Person(ctx).CallsOfNumbers(e.plan.Shared, e.plan.Begun)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(calls, callsAtOnce) {
		err := e.Store.Write(ctx, func(tx *store.Tx) error {
			for _, rec := range some {
				now, err := tx.Call(rec.ID)
				if errors.Is(err, store.ErrNotFound) || err == nil && now.View.State != client.StateEnded {
					continue
				}
				if err != nil {
					return err
				}
				if err := tx.RewriteCallView(e.nameless(now)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nameless is a call without the name of the person: whose it is, is read from the cards when somebody looks.
func (e *erasure) nameless(rec store.CallRecord) store.CallRecord {
	v := &rec.View
	if v.Subject != nil && e.plan.has(client.SubjectRef{Kind: v.Subject.Kind, ID: v.Subject.ID}) {
		v.Subject = nil
	}
	v.Matches = slices.DeleteFunc(slices.Clone(v.Matches), func(m client.Subject) bool { return e.plan.has(client.SubjectRef{Kind: m.Kind, ID: m.ID}) })
	v.LastNote = nil
	events := slices.Clone(rec.Facts.Events)
	shown := false
	for i := range events {
		shown = shown || events[i].Name != ""
		events[i].Name = "" // what a telephone was told to show
	}
	if shown {
		v.Why, _, _ = strings.Cut(v.Why, "; ")
		v.WhyEN, _, _ = strings.Cut(v.WhyEN, "; ")
	}
	rec.Facts = call.FoldAll(events)
	return rec
}
