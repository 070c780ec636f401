package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/store/form"
	"dozvon/client"
)

// CardRun is what one file, or one go of another CRM, did to cards.
type CardRun struct {
	client.CardRun
	// Claim is of whoever does what follows after the cards were taken back; empty: nobody yet.
	Claim   string
	BeatAt  time.Time
	Settled int64 // the row up to which that is done
	// Removed, Restored and Kept count what taking back has done.
	Removed, Restored, Kept int
}

const runColumns = `
  id, source, kind, file, employee_id, employee_name, started_at, ended_at, state, claim, beat_at, settled,
  added, changed, removed, restored, kept, undone_at, undone_by, undone_name`

func scanRun(row scanner) (CardRun, error) {
	var r CardRun
	var by, byName, undoneBy, undoneName string
	var started, ended, beat, undone int64
	err := row.Scan(&r.ID, &r.Source, &r.Kind, &r.File, &by, &byName, &started, &ended, &r.State, &r.Claim, &beat, &r.Settled,
		&r.Added, &r.Changed, &r.Removed, &r.Restored, &r.Kept, &undone, &undoneBy, &undoneName)
	r.By, r.UndoneBy = person(by, byName), person(undoneBy, undoneName)
	r.StartedAt, r.EndedAt, r.BeatAt = fromMilli(started), fromMilli(ended), fromMilli(beat)
	if undone > 0 {
		at := fromMilli(undone)
		r.UndoneAt = &at
	}
	return r, err
}

// CardRun reads one; ErrNotFound.
func (s *Store) CardRun(ctx context.Context, id string) (CardRun, error) {
	return oneRun(s.reads(ctx), id)
}

// CardRun reads one; ErrNotFound.
func (t *Tx) CardRun(id string) (CardRun, error) { return oneRun(t, id) }

func oneRun(r reader, id string) (CardRun, error) {
	run, err := scanRun(r.row("SELECT "+runColumns+" FROM card_runs WHERE id = ?", id))
	return run, missing(err, "run "+id)
}

// CardRuns reads a page of them, the last one first.
func (s *Store) CardRuns(ctx context.Context, c Cursor, limit int) ([]CardRun, *Cursor, error) {
	rows, err := s.reads(ctx).query("SELECT "+runColumns+" FROM card_runs WHERE (ended_at, id) < (?, ?) ORDER BY ended_at DESC, id DESC LIMIT ?", c.At, c.ID, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("listing runs: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (CardRun, error) { return scanRun(rows) })
	return all, next(all, limit, func(r CardRun) Cursor { return Cursor{At: r.EndedAt.UnixMilli(), ID: r.ID} }), err
}

// CardRunsIn lists the runs in a state.
func (s *Store) CardRunsIn(ctx context.Context, state string) ([]CardRun, error) {
	rows, err := s.reads(ctx).query("SELECT "+runColumns+" FROM card_runs WHERE state = ? ORDER BY ended_at", state)
	if err != nil {
		return nil, fmt.Errorf("listing runs that are %s: %w", state, err)
	}
	return collect(rows, func(rows *sql.Rows) (CardRun, error) { return scanRun(rows) })
}

func (t *Tx) addRun(r CardRun) error {
	err := t.add("card_runs", columns{
		{"id", r.ID},
		{"source", r.Source},
		{"kind", r.Kind},
		{"file", r.File},
		{"employee_id", personID(r.By)},
		{"employee_name", r.By.Name},
		{"started_at", r.StartedAt.UnixMilli()},
		{"ended_at", r.EndedAt.UnixMilli()},
		{"state", client.RunIn},
	})
	if err != nil {
		return fmt.Errorf("noting a run: %w", err)
	}
	return nil
}

// formerColumns are those of a kind of card that a run remembers.
func formerColumns(kind client.SubjectKind) []string {
	return slices.DeleteFunc(columnsOf(kind), func(c string) bool { return c == "id" || c == "deleted_at" || c == "merged_into" })
}

// noteImport remembers what the cards that were put aside are before they are published.
func (t *Tx) noteImport(of ImportRow, kind client.SubjectKind) error {
	by := client.Person{ID: of.EmployeeID}
	if e, err := t.Employee(of.EmployeeID); err == nil {
		by.Name = e.Name
	} else if !errors.Is(err, ErrNotFound) {
		return err
	}
	now := t.store.now()
	run := CardRun{CardRun: client.CardRun{ID: of.ID, Source: client.RunFile, Kind: of.Kind, File: of.File, By: &by, StartedAt: of.CreatedAt, EndedAt: now}}
	if err := t.addRun(run); err != nil {
		return err
	}
	k, list := "'"+string(kind)+"'", strings.Join(formerColumns(kind), ", ")
	statements := []string{
		`INSERT INTO card_run_cards (run_id, seq, subject_kind, id, fresh, given, changes)
SELECT s.import_id, s.line, ` + k + `, s.id, TRUE, s.version, s.changes FROM import_cards s WHERE s.import_id = ? AND s.fresh = TRUE`,
		`INSERT INTO card_run_cards (run_id, seq, subject_kind, id, fresh, given, changes, ` + list + `)
SELECT s.import_id, s.line, ` + k + `, s.id, FALSE, s.version, s.changes, c.` + strings.ReplaceAll(list, ", ", ", c.") + `
FROM   import_cards s JOIN ` + tables[kind] + ` c ON c.id = s.id
WHERE  s.import_id = ? AND s.fresh = FALSE`,
		`INSERT INTO card_run_phones (run_id, seq, subject_kind, subject_id, number, former)
SELECT s.import_id, s.line, p.kind, p.subject_id, p.number, TRUE
FROM   import_cards s JOIN phones p ON p.kind = ` + k + ` AND p.subject_id = s.id
WHERE  s.import_id = ? AND s.fresh = FALSE`,
	}
	for _, statement := range statements {
		if _, err := t.exec(statement, of.ID); err != nil {
			return fmt.Errorf("remembering what cards were before an import: %w", err)
		}
	}
	if err := t.countRun(of.ID); err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM card_runs WHERE id = ? AND added + changed = 0", of.ID); err != nil {
		return fmt.Errorf("forgetting a run that did nothing: %w", err)
	}
	return nil
}

// countRun writes down how many cards a run made and changed.
func (t *Tx) countRun(id string) error {
	_, err := t.exec(`UPDATE card_runs SET
  added   = (SELECT COUNT(*) FROM card_run_cards WHERE run_id = ? AND fresh = TRUE),
  changed = (SELECT COUNT(*) FROM card_run_cards WHERE run_id = ? AND fresh = FALSE)
WHERE id = ?`, id, id, id)
	if err != nil {
		return fmt.Errorf("counting what a run did: %w", err)
	}
	return nil
}

const openSync = `
SELECT id FROM card_runs
WHERE  source = '` + client.RunSync + `' AND employee_id = ? AND state = '` + client.RunIn + `' AND ended_at >= ? AND started_at >= ?
ORDER  BY started_at DESC LIMIT 1`

// SyncRun is the run to which belongs what another CRM sends now: that of the same account, if it was heard
// of within gap and began within most; else a new one.
func (t *Tx) SyncRun(by client.Employee, newID string, at time.Time, gap, most time.Duration) (id string, err error) {
	err = t.row(openSync, by.ID, at.Add(-gap).UnixMilli(), at.Add(-most).UnixMilli()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		run := CardRun{CardRun: client.CardRun{ID: newID, Source: client.RunSync, By: &client.Person{ID: by.ID, Name: by.Name}, StartedAt: at, EndedAt: at}}
		return newID, t.addRun(run)
	}
	if err == nil {
		_, err = t.exec("UPDATE card_runs SET ended_at = ? WHERE id = ?", at.UnixMilli(), id)
	}
	if err != nil {
		return "", fmt.Errorf("finding the run of another CRM: %w", err)
	}
	return id, nil
}

// NoteRunCard remembers in a run what a card was before the run changed it; before is nil when it made it. A
// run that changes a card again keeps what was before the first time, unless somebody changed it in between:
// then what they left is what it goes back to.
func (t *Tx) NoteRunCard(run string, before *crm.Card, after crm.Card) error {
	changes := crm.Deltas(before, after)
	var seq, given int64
	var fresh bool
	var had string
	err := t.row("SELECT seq, given, fresh, changes FROM card_run_cards WHERE run_id = ? AND subject_kind = ? AND id = ?", run, string(after.Kind), after.ID).
		Scan(&seq, &given, &fresh, &had)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return t.addRunCard(run, before, after, changes)
	case err != nil:
		return fmt.Errorf("looking for a card of the run: %w", err)
	case before != nil && given == before.Version:
		return t.noteAgain(run, seq, after.Version, had, changes)
	}
	for _, table := range []string{"card_run_cards", "card_run_phones"} {
		if _, err := t.exec("DELETE FROM "+table+" WHERE run_id = ? AND seq = ?", run, seq); err != nil {
			return fmt.Errorf("forgetting what a card was: %w", err)
		}
	}
	if err := t.countMore(run, fresh, -1); err != nil {
		return err
	}
	return t.addRunCard(run, before, after, changes)
}

func (t *Tx) noteAgain(run string, seq, given int64, had string, more []crm.Delta) error {
	earlier, err := form.ReadDeltas(had)
	if err != nil {
		return err
	}
	all, err := form.Deltas(append(earlier, more...))
	if err != nil {
		return err
	}
	if _, err := t.exec("UPDATE card_run_cards SET given = ?, changes = ? WHERE run_id = ? AND seq = ?", given, all, run, seq); err != nil {
		return fmt.Errorf("remembering a card's new version: %w", err)
	}
	return nil
}

func (t *Tx) addRunCard(run string, before *crm.Card, after crm.Card, changes []crm.Delta) error {
	raw, err := form.Deltas(changes)
	if err != nil {
		return err
	}
	var seq int64
	if err := t.row("SELECT COALESCE(MAX(seq), 0) + 1 FROM card_run_cards WHERE run_id = ?", run).Scan(&seq); err != nil {
		return fmt.Errorf("numbering a card of the run: %w", err)
	}
	row := columns{
		{"run_id", run},
		{"seq", seq},
		{"subject_kind", string(after.Kind)},
		{"id", after.ID},
		{"fresh", before == nil},
		{"given", after.Version},
		{"changes", raw},
	}
	if before != nil {
		cells, err := cardCells(*before)
		if err != nil {
			return err
		}
		for _, name := range formerColumns(before.Kind) {
			row = append(row, column{name, cells.value(name, "")})
		}
	}
	if err := t.add("card_run_cards", row); err != nil {
		return fmt.Errorf("remembering what a card was: %w", err)
	}
	if before != nil {
		for _, n := range before.Numbers() {
			_, err := t.exec("INSERT INTO card_run_phones (run_id, seq, subject_kind, subject_id, number, former) VALUES (?, ?, ?, ?, ?, TRUE) ON CONFLICT DO NOTHING",
				run, seq, string(before.Kind), before.ID, n)
			if err != nil {
				return fmt.Errorf("remembering a card's number: %w", err)
			}
		}
	}
	return t.countMore(run, before == nil, 1)
}

func (t *Tx) countMore(run string, fresh bool, n int) error {
	column := "changed"
	if fresh {
		column = "added"
	}
	if _, err := t.exec("UPDATE card_runs SET "+column+" = "+column+" + ? WHERE id = ?", n, run); err != nil {
		return fmt.Errorf("counting what a run did: %w", err)
	}
	return nil
}

// CardRunsBefore lists the runs that ended before a moment and are not being taken back.
func (s *Store) CardRunsBefore(ctx context.Context, at time.Time) ([]CardRun, error) {
	rows, err := s.reads(ctx).query("SELECT "+runColumns+" FROM card_runs WHERE ended_at < ? AND state <> ? ORDER BY ended_at", at.UnixMilli(), client.RunUndoing)
	if err != nil {
		return nil, fmt.Errorf("listing old runs: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (CardRun, error) { return scanRun(rows) })
}

// DropRunRows forgets some of what cards were before a run, but for those that taking back has left alone: its
// receipt names them, and they may yet go back. False when nothing is left.
func (t *Tx) DropRunRows(run string, rows int) (more bool, err error) {
	var first sql.NullInt64
	if err := t.row("SELECT MIN(seq) FROM card_run_cards WHERE run_id = ? AND why_kept = ''", run).Scan(&first); err != nil {
		return false, fmt.Errorf("looking for what cards were: %w", err)
	}
	if !first.Valid {
		return false, nil
	}
	for _, statement := range []string{
		"DELETE FROM card_run_cards WHERE run_id = ? AND seq BETWEEN ? AND ? AND why_kept = ''",
		"DELETE FROM card_run_phones WHERE run_id = ? AND seq BETWEEN ? AND ? AND seq NOT IN (SELECT r.seq FROM card_run_cards r WHERE r.run_id = card_run_phones.run_id)",
	} {
		if _, err := t.exec(statement, run, first.Int64, first.Int64+int64(rows)-1); err != nil {
			return false, fmt.Errorf("forgetting what cards were: %w", err)
		}
	}
	return true, nil
}

// DropRun forgets a run whole, once DropRunRows has nothing left.
func (t *Tx) DropRun(run string) error {
	for _, statement := range []string{"DELETE FROM card_run_phones WHERE run_id = ?", "DELETE FROM card_run_cards WHERE run_id = ?", "DELETE FROM card_runs WHERE id = ?"} {
		if _, err := t.exec(statement, run); err != nil {
			return fmt.Errorf("forgetting run %s: %w", run, err)
		}
	}
	return nil
}
