package switchboard

import (
	"context"

	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Feed reads a page of the feed and the cursor of the next, nil at the end. A card's feed also
// lists the calls of its numbers that belong to another card, marked as shared. Recordings are shown
// to those who may hear them.
func (s *Switchboard) Feed(ctx context.Context, by client.Employee, f store.FeedFilter, c store.Cursor, limit int) ([]client.FeedEntry, *store.Cursor, error) {
	entries, next, err := s.feed(ctx, f, c, limit)
	if err != nil {
		return nil, nil, err
	}
	return entries, next, s.hideRecordings(ctx, by, entries)
}

func (s *Switchboard) feed(ctx context.Context, f store.FeedFilter, c store.Cursor, limit int) ([]client.FeedEntry, *store.Cursor, error) {
	if !f.Query.Empty() && (f.Subject.ID != "" || f.Phone != "") {
		return s.feedWithin(ctx, f, c, limit)
	}
	if f.Subject.ID != "" && f.Query.Empty() && f.Phone == "" {
		card, err := s.Store.Card(ctx, f.Subject)
		if err == nil {
			f.Shared = card.Phones()
		}
	}
	entries, next, err := s.Store.Feed(ctx, f, c, limit)
	if err != nil {
		return nil, nil, err
	}
	if err := dress(s.cards(ctx), entries); err != nil {
		return nil, nil, err
	}
	for i, e := range entries {
		entries[i].Shared = f.Subject.ID != "" && refOf(e.Subject) != f.Subject
	}
	return entries, next, nil
}

const (
	// withinPage is how many entries of a card are looked through at once, withinMost how many for one
	// page: a client has some dozens, and a partner's ten thousand come in several pages, of which
	// some may be empty, rather than keep everybody waiting.
	withinPage = 500
	withinMost = 1500
)

// feedWithin searches the feed of one card or number by looking through it: it is short where the
// full-text index of the whole school would have to give and take millions of entries for it, and
// nothing waits for the index.
func (s *Switchboard) feedWithin(ctx context.Context, f store.FeedFilter, c store.Cursor, limit int) ([]client.FeedEntry, *store.Cursor, error) {
	query := f.Query
	f.Query = search.Query{}
	var found []client.FeedEntry
	for range withinMost / withinPage {
		page, next, err := s.feed(ctx, f, c, withinPage)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range page {
			if !query.Fits(entryDocument(e).Words, e.Phone) {
				continue
			}
			if found = append(found, e); len(found) == limit {
				at := store.EntryCursor(e)
				return found, &at, nil
			}
		}
		if next == nil {
			return found, nil, nil
		}
		c = *next
	}
	return found, &c, nil
}
