package store

import (
	"fmt"
	"time"

	"dozvon/client"
)

// OldCalls reads the ended calls that began before a moment, the oldest first.
func (t *Tx) OldCalls(before time.Time, limit int) ([]CallRecord, error) {
	return t.callsWhere("state = 'ended' AND started_at < ? ORDER BY started_at LIMIT ?", before.UnixMilli(), limit)
}

// DropCall deletes a call with its entry and all that was written on it. What was promised on it and is still open
// stays.
func (t *Tx) DropCall(c CallRecord) error {
	entries, err := t.EntriesOfCall(c.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, err := t.EraseEntry(e.ID); err != nil {
			return err
		}
	}
	e := &eraser{t: t, counts: ErasedCounts{}}
	if c.Key != "" {
		e.do("", "DELETE FROM call_keys WHERE integration_id = ? AND pbx_key = ?", c.IntegrationID, c.Key)
		e.do("", "DELETE FROM recording_searches WHERE integration_id = ? AND pbx_key = ?", c.IntegrationID, c.Key)
	}
	e.do("", "DELETE FROM recording_flags WHERE call_id = ?", c.ID)
	e.do("", "DELETE FROM call_reactions WHERE call_id = ? OR call_id IN (SELECT m.id FROM merged_calls m WHERE m.call_id = ?)", c.ID, c.ID)
	e.do("", "DELETE FROM merged_calls WHERE call_id = ?", c.ID)
	e.do("", "UPDATE tasks SET call_id = '' WHERE call_id = ?", c.ID)
	e.do("", "DELETE FROM calls WHERE id = ?", c.ID)
	return e.err
}

// DropOldEntries deletes entries of the feed that belong to no call and are older than a moment.
func (t *Tx) DropOldEntries(before time.Time, limit int) (int, error) {
	rows, err := t.query("SELECT id FROM feed WHERE at < ? AND call_id IS NULL ORDER BY at, id LIMIT ?", before.UnixMilli(), limit)
	if err != nil {
		return 0, fmt.Errorf("finding old entries: %w", err)
	}
	ids, err := collect(rows, scanText)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if _, err := t.EraseEntry(id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// DropOldFollowups deletes promised call-backs that are done, and missed callers whom nobody has to call back any more.
func (t *Tx) DropOldFollowups(before time.Time, limit int) (int, error) {
	tasks, err := t.dropSome("DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE state <> 'open' AND done_at > 0 AND done_at < ? LIMIT ?)", before, limit)
	if err != nil {
		return 0, err
	}
	missed, err := t.dropSome("DELETE FROM missed WHERE number IN (SELECT number FROM missed WHERE state IN ('"+string(client.MissedSettled)+"', '"+string(client.MissedDismissed)+"') AND last_at < ? LIMIT ?)", before, limit)
	return max(tasks, missed), err
}

// DropOldNoteVersions deletes former texts of notes that were written before a moment.
func (t *Tx) DropOldNoteVersions(before time.Time, limit int) (int, error) {
	return t.dropSome("DELETE FROM note_versions WHERE (entry_id, version) IN (SELECT entry_id, version FROM note_versions WHERE at < ? ORDER BY at LIMIT ?)", before, limit)
}

// DropOldJournal deletes the first rows of the journal, as far as they are older than a moment.
func (t *Tx) DropOldJournal(before time.Time, limit int) (int, error) {
	// Up to the first row that is to stay, so that the numbers that are left have no gaps.
	return t.dropSome(`DELETE FROM journal WHERE sequence IN (
  SELECT sequence FROM journal
  WHERE  sequence < COALESCE((SELECT MIN(sequence) FROM journal WHERE at >= ?), (SELECT value FROM counters WHERE name = 'journal'))
  ORDER  BY sequence LIMIT ?)`, before, limit)
}

// DropOldCards erases cards that were deleted before a moment: they cannot be restored any more.
func (t *Tx) DropOldCards(before time.Time, limit int) (int, error) {
	n := 0
	for _, kind := range bothKinds {
		rows, err := t.query("SELECT id FROM "+tables[kind]+" WHERE deleted_at <> 0 AND deleted_at < ? ORDER BY deleted_at LIMIT ?", before.UnixMilli(), limit-n)
		if err != nil {
			return n, fmt.Errorf("finding cards that were deleted long ago: %w", err)
		}
		ids, err := collect(rows, scanText)
		if err != nil {
			return n, err
		}
		for _, id := range ids {
			if _, err := t.EraseCard(client.SubjectRef{Kind: kind, ID: id}); err != nil {
				return n, err
			}
		}
		if n += len(ids); n == limit {
			break
		}
	}
	return n, nil
}

func (t *Tx) dropSome(query string, before time.Time, limit int) (int, error) {
	res, err := t.exec(query, before.UnixMilli(), limit)
	if err != nil {
		return 0, fmt.Errorf("deleting what is kept no longer: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}
