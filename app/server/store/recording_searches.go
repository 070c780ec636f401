package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// RecordingSearch is a talk whose recording is looked for, because no event of its PBX announces it.
type RecordingSearch struct {
	IntegrationID, Key, Extension string
	Ended                         time.Time
	Tries                         int // so often it was not ready
	Next                          time.Time
}

// AddRecordingSearch notes a talk; one that is noted already, or was found, stays as it is.
func (t *Tx) AddRecordingSearch(r RecordingSearch) error {
	err := t.addOnce("recording_searches", columns{
		{"integration_id", r.IntegrationID},
		{"pbx_key", r.Key},
		{"extension", r.Extension},
		{"ended_at", r.Ended.UnixMilli()},
		{"tries", r.Tries},
		{"next_at", milliOf(r.Next)},
	})
	if err != nil {
		return fmt.Errorf("noting a talk to look for its recording: %w", err)
	}
	return nil
}

// SetRecordingSearch notes when a recording is looked for again; the zero Next: never.
func (t *Tx) SetRecordingSearch(r RecordingSearch) error {
	_, err := t.exec("UPDATE recording_searches SET tries = ?, next_at = ? WHERE integration_id = ? AND pbx_key = ? AND extension = ?",
		r.Tries, milliOf(r.Next), r.IntegrationID, r.Key, r.Extension)
	if err != nil {
		return fmt.Errorf("noting when a recording is looked for: %w", err)
	}
	return nil
}

// DueRecordingSearches lists an integration's talks whose time has come, the one that waits longest first.
func (s *Store) DueRecordingSearches(ctx context.Context, integrationID string, now time.Time, limit int) ([]RecordingSearch, error) {
	rows, err := s.reads(ctx).query(`SELECT integration_id, pbx_key, extension, ended_at, tries, next_at FROM recording_searches
WHERE next_at > 0 AND next_at <= ? AND integration_id = ? ORDER BY next_at, pbx_key, extension LIMIT ?`, now.UnixMilli(), integrationID, limit)
	if err != nil {
		return nil, fmt.Errorf("listing recordings to look for: %w", err)
	}
	return collect(rows, scanRecordingSearch)
}

func scanRecordingSearch(rows *sql.Rows) (r RecordingSearch, err error) {
	var ended, next int64
	err = rows.Scan(&r.IntegrationID, &r.Key, &r.Extension, &ended, &r.Tries, &next)
	r.Ended, r.Next = momentOf(ended), momentOf(next)
	return r, err
}

// EndedRecordingSearches lists an integration's talks since a moment for which so many tries found nothing and no
// further is due, the newest first.
func (s *Store) EndedRecordingSearches(ctx context.Context, integrationID string, tries int, since time.Time) ([]RecordingSearch, error) {
	rows, err := s.reads(ctx).query(`SELECT integration_id, pbx_key, extension, ended_at, tries, next_at FROM recording_searches
WHERE next_at = 0 AND integration_id = ? AND tries >= ? AND ended_at >= ? ORDER BY ended_at DESC, pbx_key, extension`, integrationID, tries, since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("listing recordings that were looked for in vain: %w", err)
	}
	return collect(rows, scanRecordingSearch)
}

// DropRecordingSearches forgets the talks that ended before a moment.
func (t *Tx) DropRecordingSearches(before time.Time) error {
	if _, err := t.exec("DELETE FROM recording_searches WHERE ended_at < ?", before.UnixMilli()); err != nil {
		return fmt.Errorf("forgetting recordings to look for: %w", err)
	}
	return nil
}
