package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/client"
)

// FeedFilter narrows the feed; zero fields do not filter.
type FeedFilter struct {
	Types    []string
	Subject  client.SubjectRef
	Needle   string // folded text
	Employee string
	Phone    phone.Number
	From, To time.Time
	Bound    *bool
}

// SaveEntry creates or changes a feed entry; search is its folded text.
func (t *Tx) SaveEntry(e client.FeedEntry, search string) error {
	view, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encoding feed entry %s: %w", e.ID, err)
	}
	var kind, id string
	if e.Subject != nil {
		kind, id = string(e.Subject.Kind), e.Subject.ID
	}
	_, err = t.exec(`
INSERT INTO feed (id, type, at, phone, subject_kind, subject_id, employee_id, call_id, search, view) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET type = excluded.type, at = excluded.at, phone = excluded.phone, subject_kind = excluded.subject_kind,
  subject_id = excluded.subject_id, employee_id = excluded.employee_id, search = excluded.search, view = excluded.view`,
		e.ID, e.Type, e.At.UnixMilli(), e.Phone, kind, id, personID(e.Employee), null(e.CallID), search, string(view))
	if err != nil {
		return fmt.Errorf("saving feed entry %s: %w", e.ID, err)
	}
	return nil
}

func scanEntry(rows *sql.Rows) (client.FeedEntry, error) {
	var e client.FeedEntry
	var view string
	if err := rows.Scan(&view); err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(view), &e)
}

// Feed reads a page, newest first, strictly older than the cursor. Paging is by key, never by
// OFFSET, so page 10,000 costs what page 1 does.
func (s *Store) Feed(ctx context.Context, f FeedFilter, c Cursor, limit int) ([]client.FeedEntry, error) {
	return feedPage(s.reads(ctx), f, c, limit)
}

// Feed reads a page, newest first, strictly older than the cursor.
func (t *Tx) Feed(f FeedFilter, c Cursor, limit int) ([]client.FeedEntry, error) {
	return feedPage(t, f, c, limit)
}

func feedPage(r reader, f FeedFilter, c Cursor, limit int) ([]client.FeedEntry, error) {
	where, args := f.where()
	where = append(where, "(at, id) < (?, ?)")
	args = append(args, c.At, c.ID, limit)
	rows, err := r.query("SELECT view FROM feed WHERE "+strings.Join(where, " AND ")+" ORDER BY at DESC, id DESC LIMIT ?", args...)
	if err != nil {
		return nil, fmt.Errorf("reading the feed: %w", err)
	}
	return collect(rows, scanEntry)
}

func (f FeedFilter) where() (where []string, args []any) {
	add := func(clause string, values ...any) {
		where = append(where, clause)
		args = append(args, values...)
	}
	if len(f.Types) > 0 {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(f.Types)), ", ")
		values := make([]any, len(f.Types))
		for i, t := range f.Types {
			values[i] = t
		}
		add("type IN ("+marks+")", values...)
	}
	if f.Subject.ID != "" {
		add("subject_kind = ? AND subject_id = ?", f.Subject.Kind, f.Subject.ID)
	}
	if f.Needle != "" {
		add("search LIKE ? ESCAPE '!'", "%"+escapeLike(f.Needle)+"%")
	}
	if f.Employee != "" {
		add("employee_id = ?", f.Employee)
	}
	if f.Phone != "" {
		add("phone = ?", string(f.Phone))
	}
	if !f.From.IsZero() {
		add("at >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("at < ?", f.To.UnixMilli())
	}
	if f.Bound != nil && *f.Bound {
		add("subject_id <> ''")
	}
	if f.Bound != nil && !*f.Bound {
		add("subject_id = ''")
	}
	return where, args
}

// Entry reads one; ErrNotFound.
func (t *Tx) Entry(id string) (client.FeedEntry, error) {
	var e client.FeedEntry
	var view string
	if err := t.row("SELECT view FROM feed WHERE id = ?", id).Scan(&view); err != nil {
		return e, missing(err, "feed entry "+id)
	}
	return e, json.Unmarshal([]byte(view), &e)
}

// EntriesOfCall lists the entries that belong to a call: its own and its notes.
func (t *Tx) EntriesOfCall(callID string) ([]client.FeedEntry, error) {
	rows, err := t.query("SELECT view FROM feed WHERE call_id = ? ORDER BY at, id", callID)
	if err != nil {
		return nil, fmt.Errorf("reading the entries of call %s: %w", callID, err)
	}
	return collect(rows, scanEntry)
}
