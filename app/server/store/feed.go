package store

import (
	"context"
	"database/sql"
	"fmt"

	"dozvon/app/server/entry"

	"dozvon/app/server/store/form"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

// SaveEntry creates or changes a feed entry. Whose it is goes to the columns alone: a number's
// ten thousand calls are bound by changing those.
func (t *Tx) SaveEntry(e entry.Entry) error {
	view, err := form.Entry(e)
	if err != nil {
		return err
	}
	var ref client.SubjectRef
	if e.Subject != nil {
		ref = client.SubjectRef{Kind: e.Subject.Kind, ID: e.Subject.ID}
	}
	facet, err := t.facet(facetOf(e))
	if err != nil {
		return fmt.Errorf("saving feed entry %s: %w", e.ID, err)
	}
	err = t.put("feed", "id", columns{
		{"id", e.ID},
		{"type", e.Type},
		{"at", e.At.UnixMilli()},
		{"phone", e.Phone},
		{"subject_kind", ref.Kind},
		{"subject_id", ref.ID},
		{"by_hand", e.ByHand},
		{"employee_id", personID(e.Employee)},
		{"call_id", once{null(e.CallID)}},
		{"line", e.Line},
		{"result", e.Result},
		{"facet", facet},
		{"wait_seconds", waited(e)},
		{"talk_seconds", talked(e)},
		{"restored", e.Restored},
		{"view", view},
	})
	if err != nil {
		return fmt.Errorf("saving feed entry %s: %w", e.ID, err)
	}
	return t.MarkStale(textindex.Feed, e.ID)
}

// waited is how long a caller waited for an answer or in vain, -1 for what is no call.
func waited(e entry.Entry) int {
	switch {
	case e.AnswerSeconds != nil:
		return *e.AnswerSeconds
	case e.WaitSeconds != nil:
		return *e.WaitSeconds
	}
	return -1
}

func talked(e entry.Entry) int {
	if e.TalkSeconds == nil {
		return 0
	}
	return *e.TalkSeconds
}

const (
	entryColumns = "f.view, f.subject_kind, f.subject_id, f.by_hand, f.ord"
	// bareEntryColumns are the same where no alias is allowed.
	bareEntryColumns = "view, subject_kind, subject_id, by_hand, ord"
)

// entryRow is an entry with its place in the full-text index.
type entryRow struct {
	entry.Entry
	indexKey int64
}

// scanEntry reads an entry whose subject is a mere pointer: kind and id. Who that is today, the
// caller looks up.
func scanEntry(rows scanner) (entryRow, error) {
	var e entryRow
	var view string
	var ref client.SubjectRef
	if err := rows.Scan(&view, &ref.Kind, &ref.ID, &e.ByHand, &e.indexKey); err != nil {
		return e, err
	}
	byHand := e.ByHand
	var err error
	if e.Entry, err = form.ReadEntry(view); err != nil {
		return e, err
	}
	e.ByHand, e.Subject = byHand, nil
	if ref.ID != "" {
		e.Subject = &client.Subject{Kind: ref.Kind, ID: ref.ID}
	}
	return e, nil
}

func plainEntry(rows *sql.Rows) (entry.Entry, error) {
	e, err := scanEntry(rows)
	return e.Entry, err
}

// Feed reads a page, newest first, and the cursor of the next; nil at the end. Paging is by key,
// never by OFFSET, so page 10,000 costs what page 1 does. Subjects are pointers: kind and id.
func (s *Store) Feed(ctx context.Context, f FeedFilter, c Cursor, limit int) ([]entry.Entry, *Cursor, error) {
	if f.Query.Empty() {
		all, err := s.dialect.feedPage(s.reads(ctx), f, c, limit)
		return all, next(all, limit, EntryCursor), err
	}
	return s.feedSearch(s.reads(ctx), f, c, limit)
}

// Feed reads a page without a text search, newest first, strictly older than the cursor.
func (t *Tx) Feed(f FeedFilter, c Cursor, limit int) ([]entry.Entry, error) {
	return t.store.dialect.feedPage(t, f, c, limit)
}

// EntryCursor is the place behind an entry, for the page that follows it.
func EntryCursor(e entry.Entry) Cursor { return Cursor{At: e.At.UnixMilli(), ID: e.ID} }

// next is the place of the next page, nil when this was the last.
func next[T any](page []T, limit int, at func(T) Cursor) *Cursor {
	if len(page) < limit || len(page) == 0 {
		return nil
	}
	c := at(page[len(page)-1])
	return &c
}

// Entry reads one; ErrNotFound.
func (s *Store) Entry(ctx context.Context, id string) (entry.Entry, error) {
	return oneEntry(s.reads(ctx), id)
}

// Entry reads one; ErrNotFound.
func (t *Tx) Entry(id string) (entry.Entry, error) { return oneEntry(t, id) }

func oneEntry(r reader, id string) (entry.Entry, error) {
	e, err := scanEntry(r.row("SELECT "+entryColumns+" FROM feed f WHERE f.id = ?", id))
	return e.Entry, missing(err, "feed entry "+id)
}

// EntriesOfCall lists the entries that belong to a call: its own and its notes.
func (t *Tx) EntriesOfCall(callID string) ([]entry.Entry, error) {
	rows, err := t.query("SELECT "+entryColumns+" FROM feed f WHERE f.call_id = ? ORDER BY f.at, f.id", callID)
	if err != nil {
		return nil, fmt.Errorf("reading the entries of call %s: %w", callID, err)
	}
	return collect(rows, plainEntry)
}

// linesMost bounds how many trunk lines are told apart.
const linesMost = 100

// FeedLines lists the trunk lines that calls came over. It hops from one to the next in the index:
// a DISTINCT would walk all of it.
func (s *Store) FeedLines(ctx context.Context) ([]string, error) {
	var all []string
	last := ""
	for len(all) < linesMost {
		var next sql.NullString
		if err := s.reads(ctx).row("SELECT MIN(line) FROM feed WHERE line > ?", last).Scan(&next); err != nil {
			return nil, fmt.Errorf("listing the feed's lines: %w", err)
		}
		if !next.Valid {
			break
		}
		last = next.String
		all = append(all, last)
	}
	return all, nil
}
