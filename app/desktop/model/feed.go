package model

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"dozvon/client"
)

const (
	// feedPage is how many entries one request brings; a screen shows about twelve.
	feedPage = 60
	// feedMost is how many entries the stream may let a list grow to, give or take a page: a program that stays
	// in the tray for weeks sees tens of thousands.
	feedMost = 300
)

// FeedState is which face a list shows.
type FeedState int

// The faces of a list.
const (
	FeedLoading FeedState = iota
	FeedReady
	FeedBroken
)

// Feeder reads pages of the feed.
type Feeder interface {
	Feed(ctx context.Context, q client.FeedQuery) (client.Page[client.FeedEntry], error)
}

// Feed is one list of feed entries with its filter, newest first. It grows by pages and
// follows the stream; what that pushes beyond feedMost, or beyond what the person has scrolled through, is
// left to the server, and read again by More. It is safe for concurrent use.
type Feed struct {
	from Feeder

	mu         sync.Mutex // guards everything below
	query      client.FeedQuery
	entries    []client.FeedEntry
	cursor     string
	more       bool      // the server has older ones
	below      time.Time // the oldest entry that was kept when older ones were left out; cursor counts from it
	most       int       // how many entries the stream may let the list grow to
	state      FeedState
	err        error
	busy       bool
	generation int // grows with each new query, so that late answers to old ones are dropped
}

// NewFeed returns a feed that reads from the server by from.
func NewFeed(from Feeder, query client.FeedQuery) *Feed {
	return &Feed{from: from, query: query}
}

// Query is the filter in use.
func (f *Feed) Query() client.FeedQuery {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.query
}

// Entries gives what is loaded, the face to show and the last error.
func (f *Feed) Entries() ([]client.FeedEntry, FeedState, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.entries), f.state, f.err
}

// Load starts anew with query. It blocks: call it from a goroutine.
func (f *Feed) Load(ctx context.Context, query client.FeedQuery) {
	f.mu.Lock()
	f.generation++
	generation := f.generation
	query.Limit, query.Cursor = feedPage, ""
	f.query, f.busy = query, true
	if len(f.entries) == 0 {
		f.state = FeedLoading
	}
	f.mu.Unlock()
	page, err := f.read(ctx, query)
	f.mu.Lock()
	defer f.mu.Unlock()
	if generation != f.generation {
		return
	}
	f.busy, f.err = false, err
	if err != nil {
		f.entries, f.cursor, f.more, f.state = nil, "", false, FeedBroken
		return
	}
	f.entries, f.below, f.state = page.Items, time.Time{}, FeedReady
	f.readTo(page.NextCursor)
}

// readTo notes how far the list has been read.
func (f *Feed) readTo(cursor string) {
	f.cursor, f.more = cursor, cursor != ""
	f.most = max(feedMost, len(f.entries))
}

// read asks for a page. One without entries that is not the last is no end: the server has looked
// through a part of a long list and goes on from there.
func (f *Feed) read(ctx context.Context, query client.FeedQuery) (client.Page[client.FeedEntry], error) {
	for {
		page, err := f.from.Feed(ctx, query)
		if err != nil || len(page.Items) > 0 || page.NextCursor == "" {
			return page, err
		}
		query.Cursor = page.NextCursor
	}
}

// More reads the next page, if there is one; it tells whether entries came.
func (f *Feed) More(ctx context.Context) bool {
	f.mu.Lock()
	if f.busy || !f.more {
		f.mu.Unlock()
		return false
	}
	f.busy = true
	generation, query, known := f.generation, f.rest(), f.ids()
	f.mu.Unlock()
	page, err := f.read(ctx, query)
	for err == nil {
		page.Items = slices.DeleteFunc(page.Items, func(e client.FeedEntry) bool { return known[e.ID] })
		if len(page.Items) > 0 || page.NextCursor == "" {
			break
		}
		query.Cursor = page.NextCursor
		page, err = f.read(ctx, query)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if generation != f.generation {
		return false
	}
	f.busy = false
	if err != nil {
		f.err = err
		return false
	}
	f.entries = append(f.entries, page.Items...)
	f.readTo(page.NextCursor)
	return len(page.Items) > 0
}

// rest is the query for what is older. The server's cursor stands behind a page's last entry; where the list
// was cut instead, the time tells, and those of the same millisecond come again.
func (f *Feed) rest() client.FeedQuery {
	query := f.query
	query.Cursor = f.cursor
	if !f.below.IsZero() {
		query.To = f.below.Add(time.Millisecond).UTC().Format(time.RFC3339Nano)
	}
	return query
}

func (f *Feed) ids() map[string]bool {
	out := make(map[string]bool, len(f.entries))
	for _, e := range f.entries {
		out[e.ID] = true
	}
	return out
}

// cut leaves the oldest out beyond what may be kept, a page of them at once, so that who has scrolled to the end
// does not read one again for each that comes. A page that is on its way would leave a gap.
func (f *Feed) cut() {
	if f.busy || len(f.entries) < f.most+feedPage {
		return
	}
	clear(f.entries[f.most:])
	f.entries = f.entries[:f.most]
	f.cursor, f.more, f.below = "", true, f.entries[f.most-1].At.Truncate(time.Millisecond)
}

// Apply takes in a new or changed entry; it tells whether the list changed. What the server's search has found stays:
// the person is at it, and only the server can tell that it is found no more.
func (f *Feed) Apply(entry client.FeedEntry) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != FeedReady {
		return false
	}
	at := slices.IndexFunc(f.entries, func(e client.FeedEntry) bool { return e.ID == entry.ID })
	fits := matches(f.query, entry)
	switch {
	case at >= 0 && !fits:
		f.entries = slices.Delete(f.entries, at, at+1)
	case at >= 0:
		f.entries[at] = entry
	case !fits || !finds(f.query.Q, entry):
		return false
	default:
		to := slices.IndexFunc(f.entries, func(e client.FeedEntry) bool { return older(e, entry) })
		if to < 0 {
			if f.more {
				return false // older than what is loaded: its page will bring it
			}
			to = len(f.entries)
		}
		f.entries = slices.Insert(f.entries, to, entry)
		f.cut()
	}
	return true
}

// older is the server's order: by time, then by id.
func older(a, b client.FeedEntry) bool {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) < 0
}

// Drop takes an entry out that the server has taken out; it tells whether it was there.
func (f *Feed) Drop(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.entries)
	f.entries = slices.DeleteFunc(f.entries, func(e client.FeedEntry) bool { return e.ID == id })
	return len(f.entries) < before
}

// matches repeats the server's filter, but for what was typed, for entries that come by the stream.
func matches(q client.FeedQuery, e client.FeedEntry) bool {
	if q.Type != "" && !slices.Contains(strings.Split(q.Type, ","), string(e.Type)) {
		return false
	}
	if q.Bound == "true" && e.Subject == nil || q.Bound == "false" && e.Subject != nil {
		return false
	}
	if q.Phone != "" && q.Phone != e.Phone {
		return false
	}
	if q.Employee != "" && (e.Employee == nil || e.Employee.ID != q.Employee) {
		return false
	}
	if q.Subject != "" && (e.Subject == nil || q.Subject != string(e.Subject.Kind)+":"+e.Subject.ID) {
		return false
	}
	if q.From != "" {
		if from, err := time.Parse(time.RFC3339, q.From); err == nil && e.At.Before(from) {
			return false
		}
	}
	if q.To != "" {
		if to, err := time.Parse(time.RFC3339, q.To); err == nil && !e.At.Before(to) {
			return false
		}
	}
	if q.Line != "" && q.Line != e.Line || q.Result != "" && q.Result != string(e.Result) {
		return false
	}
	return true
}
