package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"dozvon/app/server/entry"
	"dozvon/app/server/store/internal/sqlrows"
)

// FlagRow is a flag with its recording, as the PBX names that.
type FlagRow struct {
	entry.Flag
	CallID, RecordingID string
}

const flagColumns = "id, call_id, recording_id, part, from_ms, to_ms, word, employee_id, employee_name, at"

func scanFlag(row scanner) (FlagRow, error) {
	var f FlagRow
	var from, to, at int64
	var by, name string
	err := row.Scan(&f.ID, &f.CallID, &f.RecordingID, &f.Part, &from, &to, &f.Word, &by, &name, &at)
	f.From, f.To = time.Duration(from)*time.Millisecond, time.Duration(to)*time.Millisecond
	f.By, f.At = person(by, name), fromMilli(at)
	return f, err
}

// AddFlag sets a flag.
func (t *Tx) AddFlag(f FlagRow) error {
	name := ""
	if f.By != nil {
		name = f.By.Name
	}
	_, err := t.exec("INSERT INTO recording_flags ("+flagColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		f.ID, f.CallID, f.RecordingID, f.Part, f.From.Milliseconds(), f.To.Milliseconds(), f.Word, personID(f.By), name, f.At.UnixMilli())
	if err != nil {
		return fmt.Errorf("setting flag %s: %w", f.ID, err)
	}
	return nil
}

// Flag reads one; ErrNotFound.
func (t *Tx) Flag(id string) (FlagRow, error) {
	f, err := scanFlag(t.row("SELECT "+flagColumns+" FROM recording_flags WHERE id = ?", id))
	return f, missing(err, "flag "+id)
}

// DropFlag takes a flag away.
func (t *Tx) DropFlag(id string) error {
	if _, err := t.exec("DELETE FROM recording_flags WHERE id = ?", id); err != nil {
		return fmt.Errorf("taking flag %s away: %w", id, err)
	}
	return nil
}

// NumberFlags tells the flags of a call which place their recordings have by now; recordings are all of the
// call's, as the PBX names them. A flag whose recording goes by another name keeps its place.
func (t *Tx) NumberFlags(callID string, recordings []string) error {
	for i, id := range recordings {
		if _, err := t.exec("UPDATE recording_flags SET part = ? WHERE call_id = ? AND recording_id = ? AND part <> ?", i+1, callID, id, i+1); err != nil {
			return fmt.Errorf("numbering the flags of call %s: %w", callID, err)
		}
	}
	return nil
}

// Flags lists the flags of calls, by call, in the order of their recordings.
func (s *Store) Flags(ctx context.Context, calls []string) (map[string][]entry.Flag, error) {
	return flagsOf(s.reads(ctx), calls)
}

// Flags lists the flags of calls, by call, in the order of their recordings.
func (t *Tx) Flags(calls []string) (map[string][]entry.Flag, error) { return flagsOf(t, calls) }

func flagsOf(r reader, calls []string) (map[string][]entry.Flag, error) {
	all := map[string][]entry.Flag{}
	for some := range slices.Chunk(calls, cardsAtOnce) {
		args := make([]any, len(some))
		for i, id := range some {
			args[i] = id
		}
		rows, err := r.query("SELECT "+flagColumns+" FROM recording_flags WHERE call_id IN ("+sqlrows.Placeholders(len(args))+") ORDER BY call_id, part, from_ms, id", args...)
		if err != nil {
			return nil, fmt.Errorf("reading the flags of recordings: %w", err)
		}
		found, err := collect(rows, func(rows *sql.Rows) (FlagRow, error) { return scanFlag(rows) })
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			all[f.CallID] = append(all[f.CallID], f.Flag)
		}
	}
	return all, nil
}
