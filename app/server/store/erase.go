package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/store/form"
	"dozvon/client"
)

// ErasedCounts tells how much a step has erased, by kind.
type ErasedCounts map[string]int64

// eraser does several deletions and counts them; the first failure is the last one done.
type eraser struct {
	t      *Tx
	counts ErasedCounts
	err    error
}

func (e *eraser) do(kind, query string, args ...any) {
	if e.err != nil {
		return
	}
	res, err := e.t.exec(query, args...)
	if err != nil {
		e.err = fmt.Errorf("erasing %s: %w", kind, err)
		return
	}
	n, err := res.RowsAffected()
	if err != nil {
		e.err = fmt.Errorf("counting erased %s: %w", kind, err)
		return
	}
	if kind != "" && n > 0 {
		e.counts[kind] += n
	}
}

// EraseCard takes a card out for good, with its history, its numbers and what imports remember of it. The address
// books of the PBXs are told as of any deleted card.
func (t *Tx) EraseCard(ref client.SubjectRef) (ErasedCounts, error) {
	if err := t.TouchAddressbook(ref); err != nil {
		return nil, err
	}
	e := &eraser{t: t, counts: ErasedCounts{}}
	var indexKey int64
	err := t.row("DELETE FROM "+tables[ref.Kind]+" WHERE id = ? RETURNING ord", ref.ID).Scan(&indexKey)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("erasing %s %s: %w", ref.Kind, ref.ID, err)
	}
	if err == nil {
		e.counts["cards"]++
		if err := t.store.text.Remove(textWriter{textReader{t}, t}, string(ref.Kind), indexKey); err != nil {
			return nil, fmt.Errorf("taking %s %s out of the index: %w", ref.Kind, ref.ID, err)
		}
	}
	kind := string(ref.Kind)
	e.do("", "DELETE FROM phones WHERE kind = ? AND subject_id = ?", kind, ref.ID)
	e.do("changes", "DELETE FROM card_history WHERE kind = ? AND subject_id = ?", kind, ref.ID)
	e.do("runs", "DELETE FROM card_run_phones WHERE subject_kind = ? AND subject_id = ?", kind, ref.ID)
	e.do("runs", "DELETE FROM card_run_cards WHERE subject_kind = ? AND id = ?", kind, ref.ID)
	e.do("staged", "DELETE FROM import_phones WHERE subject_id = ?", ref.ID)
	e.do("staged", "DELETE FROM import_cards WHERE id = ?", ref.ID)
	e.do("", "DELETE FROM stale WHERE kind = ? AND id = ?", kind, ref.ID)
	return e.counts, e.err
}

// erasedKey begins the key of an erased call: the PBX's own would lead to who it was.
const erasedKey = "erased "

// Erased tells whether a call was erased: who it was with is not known any more.
func (c CallRecord) Erased() bool { return strings.HasPrefix(c.Key, erasedKey) }

// EraseCall writes of an ended call what does not tell with whom it was; c.View, c.Subject and c.ByHand are what
// stays. Its facts, keys, flags and commands go.
func (t *Tx) EraseCall(c CallRecord) (ErasedCounts, error) {
	view, err := form.Call(c.View)
	if err != nil {
		return nil, err
	}
	e := &eraser{t: t, counts: ErasedCounts{}}
	if c.Key != "" {
		e.do("", "DELETE FROM call_keys WHERE integration_id = ? AND pbx_key = ?", c.IntegrationID, c.Key)
		e.do("", "DELETE FROM recording_searches WHERE integration_id = ? AND pbx_key = ?", c.IntegrationID, c.Key)
	}
	for _, event := range c.Facts.Events {
		if event.Key != "" && event.Key != c.Key {
			e.do("", "DELETE FROM recording_searches WHERE integration_id = ? AND pbx_key = ?", c.IntegrationID, event.Key)
		}
	}
	e.do("calls", `UPDATE calls SET
  pbx_key = ?, command = NULL, request = '', phone = '', subject_kind = ?, subject_id = ?, by_hand = ?, idle_since = 0, facts = '{"events":[]}', note = '', view = ?
WHERE id = ?`, erasedKey+c.ID, c.Subject.Kind, c.Subject.ID, c.ByHand, view, c.ID)
	e.do("flags", "DELETE FROM recording_flags WHERE call_id = ?", c.ID)
	e.do("", "DELETE FROM call_reactions WHERE call_id = ? OR call_id IN (SELECT m.id FROM merged_calls m WHERE m.call_id = ?)", c.ID, c.ID)
	e.do("commands", "DELETE FROM commands WHERE call_id = ? AND kind <> '"+CommandSMS+"'", c.ID)
	e.do("", "UPDATE merged_calls SET phone = '', command = NULL, request = '' WHERE call_id = ?", c.ID)
	return e.counts, e.err
}

// RewriteCallView writes an ended call as people see it, and what it was folded from, and nothing else of it.
func (t *Tx) RewriteCallView(c CallRecord) error {
	view, err := form.Call(c.View)
	if err != nil {
		return err
	}
	facts, err := factsText(c)
	if err != nil {
		return err
	}
	if _, err := t.exec("UPDATE calls SET facts = ?, view = ? WHERE id = ?", facts, view, c.ID); err != nil {
		return fmt.Errorf("writing how call %s is seen: %w", c.ID, err)
	}
	return nil
}

// EraseEntry takes a note or a message out of the feed, with its former texts.
func (t *Tx) EraseEntry(id string) (ErasedCounts, error) {
	if _, err := t.DropEntry(id); err != nil {
		return nil, err
	}
	e := &eraser{t: t, counts: ErasedCounts{}}
	e.do("versions", "DELETE FROM note_versions WHERE entry_id = ?", id)
	e.do("", "DELETE FROM record_changes WHERE record IN (?, ?)", "note:"+id, "feed:"+id)
	e.do("", "DELETE FROM stale WHERE id = ?", id)
	// The message counts for what its sender may send; what it said and to whom does not matter for that.
	e.do("", "UPDATE commands SET entry_id = '', call_id = '', note = '', said = '' WHERE entry_id = ?", id)
	return e.counts, e.err
}

// EraseTask takes a promised call-back away.
func (t *Tx) EraseTask(id string) error {
	for _, query := range []string{"DELETE FROM tasks WHERE id = ?", "DELETE FROM record_changes WHERE record = 'task:' || ?"} {
		if _, err := t.exec(t.store.dialect.textParam(query), id); err != nil {
			return fmt.Errorf("erasing task %s: %w", id, err)
		}
	}
	return nil
}

// EraseNumber takes a number out of everything that has it in a column of its own.
func (t *Tx) EraseNumber(number phone.Number) (ErasedCounts, error) {
	e := &eraser{t: t, counts: ErasedCounts{}}
	e.do("waiting", "DELETE FROM missed WHERE number = ?", string(number))
	e.do("", "UPDATE merged_calls SET phone = '' WHERE phone = ?", string(number))
	e.do("runs", "DELETE FROM card_run_phones WHERE number = ?", string(number))
	e.do("staged", "DELETE FROM import_phones WHERE number = ?", string(number))
	return e.counts, e.err
}

// ForgetIndexed takes words and numbers out of the vocabulary of the index that no document has any more. Call it
// once the index is up to date.
func (t *Tx) ForgetIndexed(words []string, numbers []phone.Number) (ErasedCounts, error) {
	counts := ErasedCounts{}
	w := textWriter{textReader{t}, t}
	n, err := t.store.text.ForgetWords(w, unique(words))
	if err != nil {
		return nil, err
	}
	counts["words"] = int64(n)
	for _, number := range numbers {
		var left int
		err := t.row("SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM feed WHERE phone = ? LIMIT 1) AS f) + (SELECT COUNT(*) FROM (SELECT 1 FROM phones WHERE number = ? LIMIT 1) AS p)",
			string(number), string(number)).Scan(&left)
		if err != nil {
			return nil, fmt.Errorf("looking whether a number is still needed: %w", err)
		}
		if left > 0 {
			continue
		}
		if err := t.store.text.ForgetNumber(w, string(number)); err != nil {
			return nil, err
		}
		counts["numbers"]++
	}
	return counts, nil
}

// CompactIndex rewrites a piece of the full-text index so that what was taken out of it is gone; begin starts it. It
// tells whether there is more to do.
func (t *Tx) CompactIndex(begin bool) (more bool, err error) {
	return t.store.text.Compact(textWriter{textReader{t}, t}, begin)
}

// ForgetWordCache lets the index look up every word anew: another process has taken words out of it.
func (s *Store) ForgetWordCache() { s.text.ForgetCache() }

// BlankedRow is the type of journal rows whose content was erased, and the row that tells so; nobody is sent one.
const (
	BlankedRow      = "erased"
	BlankedAudience = "nobody"
)

// BlankJournal takes the content out of rows of the journal; they stay, for their numbers have no gaps.
func (t *Tx) BlankJournal(sequences []int64) error {
	for _, n := range sequences {
		_, err := t.exec("UPDATE journal SET type = '"+BlankedRow+"', audience = '"+BlankedAudience+"', data = '{}' WHERE sequence = ?", n)
		if err != nil {
			return fmt.Errorf("blanking the journal: %w", err)
		}
	}
	return nil
}

// DropRawEvent forgets a webhook.
func (t *Tx) DropRawEvent(id string) error {
	if _, err := t.exec("DELETE FROM raw_events WHERE id = ?", id); err != nil {
		return fmt.Errorf("forgetting a webhook: %w", err)
	}
	return nil
}

// Text is a row by its id, with all that it says.
type Text struct{ ID, Text string }

func scanRowText(rows *sql.Rows) (x Text, err error) { return x, rows.Scan(&x.ID, &x.Text) }

// UndoTexts are all offers to take something back, with what was before.
func (t *Tx) UndoTexts() ([]Text, error) {
	rows, err := t.query("SELECT id, words || words_en || data FROM undo")
	if err != nil {
		return nil, fmt.Errorf("reading what may be taken back: %w", err)
	}
	return collect(rows, scanRowText)
}

// DropUndo forgets an offer.
func (t *Tx) DropUndo(id string) error {
	if _, err := t.exec("DELETE FROM undo WHERE id = ?", id); err != nil {
		return fmt.Errorf("dropping an offer to take back: %w", err)
	}
	return nil
}

// CommandTexts are what the commands say that are remembered.
func (t *Tx) CommandTexts() ([]Text, error) {
	rows, err := t.query("SELECT id, note || ' ' || said FROM commands WHERE note <> '' OR said <> ''")
	if err != nil {
		return nil, fmt.Errorf("reading commands: %w", err)
	}
	return collect(rows, scanRowText)
}

// BlankCommand takes out of a command what it says.
func (t *Tx) BlankCommand(id string) error {
	if _, err := t.exec("UPDATE commands SET note = '', said = '' WHERE id = ?", id); err != nil {
		return fmt.Errorf("blanking a command: %w", err)
	}
	return nil
}

// BlankAudit takes out of the audit's rows about something what people wrote: who did what, and when, stays.
func (t *Tx) BlankAudit(target string) error {
	_, err := t.exec("UPDATE audit SET detail = '' WHERE target = ? AND action IN ('"+access.ActionFlagSet+"', '"+access.ActionFlagDelete+"')", target)
	if err != nil {
		return fmt.Errorf("blanking the audit: %w", err)
	}
	return nil
}

// importActions are the deeds whose details name files of imports.
const importActions = "('" + access.ActionImportUpload + "', '" + access.ActionImportTry + "', '" + access.ActionImportRun + "', '" + access.ActionImportDelete + "', '" + access.ActionImportUndo + "')"

// NamesOfFiles are the audit's rows about imports, and the runs that can be taken back, with what names their files.
func (t *Tx) NamesOfFiles() ([]Text, error) {
	rows, err := t.query("SELECT id, detail FROM audit WHERE action IN " + importActions + " AND detail <> '' UNION ALL SELECT id, file FROM card_runs WHERE file <> ''")
	if err != nil {
		return nil, fmt.Errorf("reading the names of imported files: %w", err)
	}
	return collect(rows, scanRowText)
}

// BlankNameOfFile takes the name out of one of NamesOfFiles.
func (t *Tx) BlankNameOfFile(id string) error {
	for _, query := range []string{"UPDATE audit SET detail = '' WHERE id = ? AND action IN " + importActions, "UPDATE card_runs SET file = '' WHERE id = ?"} {
		if _, err := t.exec(query, id); err != nil {
			return fmt.Errorf("blanking the name of an imported file: %w", err)
		}
	}
	return nil
}

// AllImports are the imports in every state, the oldest first.
func (t *Tx) AllImports() ([]ImportRow, error) { return allImports(t) }

// AllImports are the imports in every state, the oldest first.
func (s *Store) AllImports(ctx context.Context) ([]ImportRow, error) { return allImports(s.reads(ctx)) }

func allImports(r reader) ([]ImportRow, error) {
	rows, err := r.query("SELECT " + importColumns + " FROM imports ORDER BY created_at, id")
	if err != nil {
		return nil, fmt.Errorf("listing imports: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (ImportRow, error) { return scanImport(rows) })
}
