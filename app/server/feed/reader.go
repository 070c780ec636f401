package feed

import (
	"context"

	"dozvon/app/server/entry"

	"dozvon/app/server/access"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// Reader reads pages of the feed. All fields are required.
type Reader struct {
	Store   *store.Store
	Hearing access.Recordings
}

// Page reads a page of the feed and the cursor of the next, nil at the end. A card's feed also
// lists the calls of its numbers that belong to another card, marked as shared. Recordings are shown
// to those who may hear them.
func (r *Reader) Page(ctx context.Context, by client.Employee, f store.FeedFilter, c store.Cursor, limit int) ([]entry.Entry, *store.Cursor, error) {
	entries, next, err := r.page(ctx, f, c, limit)
	if err != nil {
		return nil, nil, err
	}
	entries, err = hideRecordings(ctx, r.Store, r.Hearing, by, f.Query, entries)
	return entries, next, err
}

func (r *Reader) page(ctx context.Context, f store.FeedFilter, c store.Cursor, limit int) ([]entry.Entry, *store.Cursor, error) {
	if !f.Query.Empty() && (f.Subject.ID != "" || f.Phone != "") {
		return r.pageWithin(ctx, f, c, limit)
	}
	if f.Subject.ID != "" && f.Query.Empty() && f.Phone == "" {
		card, err := r.Store.Card(ctx, f.Subject)
		if err == nil {
			f.Shared = card.Numbers()
		}
	}
	entries, next, err := r.Store.Feed(ctx, f, c, limit)
	if err != nil {
		return nil, nil, err
	}
	if err := AttachSubjects(subject.Cards(ctx, r.Store), entries); err != nil {
		return nil, nil, err
	}
	if err := AttachFlags(func(calls []string) (map[string][]entry.Flag, error) { return r.Store.Flags(ctx, calls) }, entries); err != nil {
		return nil, nil, err
	}
	for i, e := range entries {
		entries[i].Shared = f.Subject.ID != "" && subject.RefOf(e.Subject) != f.Subject
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

// pageWithin searches the feed of one card or number by looking through it: it is short where the
// full-text index of the whole school would have to give and take millions of entries for it, and
// nothing waits for the index.
func (r *Reader) pageWithin(ctx context.Context, f store.FeedFilter, c store.Cursor, limit int) ([]entry.Entry, *store.Cursor, error) {
	query := f.Query
	f.Query = search.Query{}
	var found []entry.Entry
	for range withinMost / withinPage {
		page, next, err := r.page(ctx, f, c, withinPage)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range page {
			if !query.Fits(Words(e), e.Phone) {
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

// Words are what an entry is found by.
func Words(e entry.Entry) []string {
	words := search.Words(Text(e))
	if e.Phone != "" {
		words = append(words, search.NumberWords(e.Phone)...)
	}
	return words
}
