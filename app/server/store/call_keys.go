package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/store/internal/sqlrows"
	"dozvon/app/server/store/textindex"
)

// rootKey is an SQL expression for the key under which a call goes on; it takes the integration, the key
// and the key again.
const rootKey = "COALESCE((SELECT k.pbx_key FROM call_keys k WHERE k.integration_id = ? AND k.alias = ?), ?)"

// RootKey is the key under which the call of a key goes on: the key itself, unless it was joined.
func (t *Tx) RootKey(integrationID, key string) (string, error) {
	var root string
	err := t.row("SELECT pbx_key FROM call_keys WHERE integration_id = ? AND alias = ?", integrationID, key).Scan(&root)
	if errors.Is(err, sql.ErrNoRows) {
		return key, nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the keys of a call: %w", err)
	}
	return root, nil
}

// JoinKeys makes alias, and all keys that were joined to it, other keys of root. Both must be roots.
func (t *Tx) JoinKeys(integrationID, root, alias string) error {
	if _, err := t.exec("UPDATE call_keys SET pbx_key = ? WHERE integration_id = ? AND pbx_key = ?", root, integrationID, alias); err != nil {
		return fmt.Errorf("joining two keys of a call: %w", err)
	}
	return t.NameRow(integrationID, alias, root, "")
}

// NameRow notes under which key the call of a row of the statistics goes on, and which of its legs the row
// is about. A made-up key that goes on under itself is of a call that only the statistics told of.
func (t *Tx) NameRow(integrationID, made, root, part string) error {
	_, err := t.exec(`INSERT INTO call_keys (integration_id, alias, pbx_key, part) VALUES (?, ?, ?, ?)
ON CONFLICT (integration_id, alias) DO UPDATE SET pbx_key = excluded.pbx_key`, integrationID, made, root, part)
	if err != nil {
		return fmt.Errorf("noting another key of a call: %w", err)
	}
	return nil
}

// PartsTaken lists the legs of a call that rows of the statistics are about.
func (t *Tx) PartsTaken(integrationID, root string) ([]string, error) {
	rows, err := t.query("SELECT part FROM call_keys WHERE integration_id = ? AND pbx_key = ? AND part <> ''", integrationID, root)
	if err != nil {
		return nil, fmt.Errorf("reading which legs are taken: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (part string, err error) { return part, rows.Scan(&part) })
}

// CallsOfNumbers lists an integration's calls of some spellings of a number that began in a span.
func (t *Tx) CallsOfNumbers(integrationID string, numbers []phone.Number, from, to time.Time) ([]CallRecord, error) {
	return t.callsOfNumbers("", integrationID, numbers, from, to)
}

// MadeUpCallsOfNumbers lists those of them of which only the statistics have told.
func (t *Tx) MadeUpCallsOfNumbers(integrationID string, numbers []phone.Number, from, to time.Time) ([]CallRecord, error) {
	return t.callsOfNumbers(onlyMadeUp, integrationID, numbers, from, to)
}

// onlyMadeUp picks the calls whose key goes on under itself (NameRow).
const onlyMadeUp = ` AND EXISTS (
  SELECT 1
  FROM   call_keys k
  WHERE  k.integration_id = calls.integration_id
  AND    k.alias = calls.pbx_key
  AND    k.pbx_key = calls.pbx_key
)`

func (t *Tx) callsOfNumbers(only, integrationID string, numbers []phone.Number, from, to time.Time) ([]CallRecord, error) {
	args := make([]any, 0, len(numbers)+3)
	for _, n := range numbers {
		args = append(args, string(n))
	}
	return t.callsWhere("phone IN ("+sqlrows.Placeholders(len(numbers))+") AND started_at >= ? AND started_at <= ? AND integration_id = ?"+only+" ORDER BY started_at, id",
		append(args, from.UnixMilli(), to.UnixMilli(), integrationID)...)
}

// CallsWithin lists an integration's calls that began in a span.
func (t *Tx) CallsWithin(integrationID string, from, to time.Time) ([]CallRecord, error) {
	return t.callsWhere("started_at >= ? AND started_at <= ? AND integration_id = ? ORDER BY started_at, id",
		[]any{from.UnixMilli(), to.UnixMilli(), integrationID}...)
}

// MadeUp tells whether only the statistics have told of the call of a key.
func (t *Tx) MadeUp(integrationID, key string) (bool, error) {
	var n int
	err := t.row("SELECT COUNT(*) FROM call_keys WHERE integration_id = ? AND alias = ? AND pbx_key = ?", integrationID, key, key).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("reading the keys of a call: %w", err)
	}
	return n > 0, nil
}

// CallOfRoot finds the call that goes on under a key; ErrNotFound.
func (t *Tx) CallOfRoot(integrationID, root string) (CallRecord, error) {
	c, err := scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE integration_id = ? AND pbx_key = ?", integrationID, root))
	return c, missing(err, "call")
}

// OrderedCalls lists the click-to-calls to a number that were asked for since a moment and of which the
// PBX has told no key, the first asked first. An empty number: to any.
func (t *Tx) OrderedCalls(integrationID string, number phone.Number, since time.Time) ([]CallRecord, error) {
	where, args := "started_at >= ?", []any{since.UnixMilli()}
	if number != "" {
		where, args = "phone = ? AND started_at >= ?", []any{string(number), since.UnixMilli()}
	}
	return t.callsWhere(where+" AND integration_id = ? AND command IS NOT NULL AND pbx_key IS NULL ORDER BY started_at, id", append(args, integrationID)...)
}

// keepMergedCall notes which call one turned out to be.
const keepMergedCall = `
INSERT INTO merged_calls (id, call_id, integration_id, command, phone, asked_by, asked_at, request, at)
SELECT
  id,
  CAST(? AS TEXT),
  integration_id,
  command,
  phone,
  asked_by,
  asked_at,
  request,
  CAST(? AS BIGINT)
FROM   calls
WHERE  id = ?`

// MergeCall takes away a call that turned out to be another one. Its notes, tasks and commands become the
// other's, and whoever asks for it by id, command or request finds that; its own feed entry is gone.
func (t *Tx) MergeCall(from CallRecord, into string) error {
	steps := []struct {
		query string
		args  []any
	}{
		// Who asked for it, and by which request, the record as it was read does not tell.
		{keepMergedCall, []any{into, t.store.now().UnixMilli(), from.ID}},
		{"UPDATE merged_calls SET call_id = ? WHERE call_id = ?", []any{into, from.ID}},
		{"UPDATE feed SET call_id = ? WHERE call_id = ?", []any{into, from.ID}},
		{"UPDATE recording_flags SET call_id = ? WHERE call_id = ?", []any{into, from.ID}},
		{"UPDATE tasks SET call_id = ? WHERE call_id = ?", []any{into, from.ID}},
		{"UPDATE tasks SET done_call = ? WHERE done_call = ?", []any{into, from.ID}},
		{"UPDATE missed SET closed_call = ? WHERE closed_call = ?", []any{into, from.ID}},
		{"UPDATE commands SET call_id = ? WHERE call_id = ?", []any{into, from.ID}},
		{"DELETE FROM calls WHERE id = ?", []any{from.ID}},
	}
	for _, step := range steps {
		if _, err := t.exec(step.query, step.args...); err != nil {
			return fmt.Errorf("merging call %s into %s: %w", from.ID, into, err)
		}
	}
	return nil
}

// DropEntry takes an entry out of the feed and its index; false when there is none.
func (t *Tx) DropEntry(id string) (bool, error) {
	var indexKey int64
	err := t.row("DELETE FROM feed WHERE id = ? RETURNING ord", id).Scan(&indexKey)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		err = t.store.text.Remove(textWriter{textReader{t}, t}, textindex.Feed, indexKey)
	}
	if err != nil {
		return false, fmt.Errorf("dropping feed entry %s: %w", id, err)
	}
	return true, nil
}

// mergedInto is the call that a call turned out to be; ErrNotFound when there is none.
func mergedInto(r reader, id string) (CallRecord, error) {
	c, err := scanCall(r.row("SELECT "+callColumns+" FROM calls WHERE id = (SELECT call_id FROM merged_calls WHERE id = ?)", id))
	return c, missing(err, "call "+id)
}

// TasksOfCall lists the tasks that are tied to a call.
func (t *Tx) TasksOfCall(id string) ([]TaskRow, error) {
	rows, err := t.query("SELECT "+taskColumns+" FROM tasks WHERE call_id = ? ORDER BY created_at, id", id)
	if err != nil {
		return nil, fmt.Errorf("reading the tasks of call %s: %w", id, err)
	}
	return collect(rows, func(rows *sql.Rows) (TaskRow, error) { return scanTask(rows) })
}
