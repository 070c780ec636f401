package store

import (
	"database/sql"
	"fmt"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

// BindNumber gives every ended call of a number, and every entry of it, to whom the number belongs
// now, except those that a person bound by hand. It returns the entries that changed, so that
// each gets its journal row. Calls that go on are the caller's: what they show depends on more.
func (t *Tx) BindNumber(number phone.Number, to client.SubjectRef) ([]entry.Entry, error) {
	_, err := t.exec(`UPDATE calls SET subject_kind = ?, subject_id = ?
WHERE phone = ? AND state = 'ended' AND by_hand = FALSE AND (subject_kind <> ? OR subject_id <> ?)`,
		to.Kind, to.ID, string(number), to.Kind, to.ID)
	if err != nil {
		return nil, fmt.Errorf("binding the calls of %s: %w", number.Masked(), err)
	}
	rows, err := t.query(`UPDATE feed SET subject_kind = ?, subject_id = ?
WHERE phone = ? AND by_hand = FALSE AND (subject_kind <> ? OR subject_id <> ?) RETURNING `+bareEntryColumns,
		to.Kind, to.ID, string(number), to.Kind, to.ID)
	if err != nil {
		return nil, fmt.Errorf("binding the entries of %s: %w", number.Masked(), err)
	}
	changed, err := collect(rows, plainEntry)
	if err != nil || len(changed) == 0 {
		return changed, err
	}
	_, err = t.exec(`INSERT INTO stale (kind, id) SELECT 'feed', id FROM feed WHERE phone = ? AND by_hand = FALSE ON CONFLICT DO NOTHING`, string(number))
	if err != nil {
		return nil, fmt.Errorf("marking the entries of %s for the index: %w", number.Masked(), err)
	}
	return changed, nil
}

// MarkSubjectStale lets the index read a card's entries again: its name has changed.
func (t *Tx) MarkSubjectStale(ref client.SubjectRef) error {
	_, err := t.exec(`INSERT INTO stale (kind, id) SELECT 'feed', id FROM feed WHERE subject_kind = ? AND subject_id = ? ON CONFLICT DO NOTHING`, ref.Kind, ref.ID)
	if err != nil {
		return fmt.Errorf("marking the entries of %s %s for the index: %w", ref.Kind, ref.ID, err)
	}
	return nil
}

// LiveCallsOfPhone lists the calls of a number that go on.
func (t *Tx) LiveCallsOfPhone(number phone.Number) ([]CallRecord, error) {
	return t.callsWhere("phone = ? AND state IN ('ringing', 'talking', 'held') ORDER BY started_at DESC", string(number))
}

// RecentCallsOfPhone lists the ended calls of a number that began after a moment, newest first.
func (t *Tx) RecentCallsOfPhone(number phone.Number, after time.Time, limit int) ([]CallRecord, error) {
	return t.callsWhere("phone = ? AND state = 'ended' AND started_at > ? ORDER BY started_at DESC LIMIT ?", string(number), after.UnixMilli(), limit)
}

// HandBound lists the calls that a person bound to a card.
func (t *Tx) HandBound(ref client.SubjectRef) ([]CallRecord, error) {
	return t.callsWhere("by_hand = TRUE AND subject_kind = ? AND subject_id = ? ORDER BY started_at DESC", ref.Kind, ref.ID)
}

func (t *Tx) callsWhere(where string, args ...any) ([]CallRecord, error) {
	rows, err := t.query("SELECT "+callColumns+" FROM calls WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading calls: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (CallRecord, error) { return scanCall(rows) })
}

// BindCall says whose one call is, with its entries.
func (t *Tx) BindCall(id string, to client.SubjectRef, byHand bool) error {
	if _, err := t.exec("UPDATE calls SET subject_kind = ?, subject_id = ?, by_hand = ? WHERE id = ?", to.Kind, to.ID, byHand, id); err != nil {
		return fmt.Errorf("binding call %s: %w", id, err)
	}
	if _, err := t.exec("UPDATE feed SET subject_kind = ?, subject_id = ?, by_hand = ? WHERE call_id = ?", to.Kind, to.ID, byHand, id); err != nil {
		return fmt.Errorf("binding the entries of call %s: %w", id, err)
	}
	_, err := t.exec(`INSERT INTO stale (kind, id) SELECT 'feed', id FROM feed WHERE call_id = ? ON CONFLICT DO NOTHING`, id)
	if err != nil {
		return fmt.Errorf("marking the entries of call %s for the index: %w", id, err)
	}
	return nil
}

const looseEntries = `
SELECT ` + entryColumns + `
FROM   feed f
WHERE  f.subject_kind = ? AND f.subject_id = ? AND (f.phone = '' OR f.by_hand = TRUE) AND f.call_id IS NULL`

// LooseEntries lists the entries of a card that no number ties to it: notes, and that it was made.
func (t *Tx) LooseEntries(ref client.SubjectRef) ([]entry.Entry, error) {
	rows, err := t.query(looseEntries, ref.Kind, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the entries of %s %s: %w", ref.Kind, ref.ID, err)
	}
	return collect(rows, plainEntry)
}

// GiveEntry says whose one entry is.
func (t *Tx) GiveEntry(id string, to client.SubjectRef) error {
	if _, err := t.exec("UPDATE feed SET subject_kind = ?, subject_id = ? WHERE id = ?", to.Kind, to.ID, id); err != nil {
		return fmt.Errorf("giving entry %s to %s: %w", id, to.ID, err)
	}
	return t.MarkStale(textindex.Feed, id)
}
