package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/entry"
	"dozvon/app/server/store/internal/sqlrows"
	"dozvon/client"
)

// Holding is by what all that is kept about one person is found.
type Holding struct {
	Cards []client.SubjectRef
	// Numbers are those that stand in no living card but his.
	Numbers []phone.Number
}

// PersonReader reads what is kept about one person, whole: lists have no pages.
type PersonReader struct{ r reader }

// Person reads outside a transaction.
func (s *Store) Person(ctx context.Context) PersonReader { return PersonReader{s.reads(ctx)} }

// Person reads in the transaction.
func (t *Tx) Person() PersonReader { return PersonReader{t} }

// Card reads one, also a deleted one; ErrNotFound.
func (p PersonReader) Card(ref client.SubjectRef) (crm.Card, error) { return oneCard(p.r, ref) }

// Owners are the living cards with a number.
func (p PersonReader) Owners(number phone.Number) ([]crm.Card, error) { return owners(p.r, number) }

// MergedInto are the cards that a card took over.
func (p PersonReader) MergedInto(ref client.SubjectRef) ([]crm.Card, error) {
	return p.cards(ref.Kind, "c.merged_into = ?", ref.ID)
}

// ContractsOf are a client's contracts, deleted ones too.
func (p PersonReader) ContractsOf(clientID string) ([]crm.Card, error) {
	// The index has the contracts of some client alone.
	return p.cards(client.KindContract, "c.client_id = ? AND c.client_id <> ''", clientID)
}

// DeletedWith are the deleted cards that have a number.
func (p PersonReader) DeletedWith(number phone.Number) ([]crm.Card, error) {
	var all []crm.Card
	for _, kind := range bothKinds {
		some, err := p.cards(kind, "c.deleted_at <> 0 AND c.phones LIKE ?", `%"`+string(number)+`"%`)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (p PersonReader) cards(kind client.SubjectKind, where string, args ...any) ([]crm.Card, error) {
	rows, err := p.r.query(selectCards(kind)+"WHERE "+where+" ORDER BY c.created_at, c.id", args...)
	if err != nil {
		return nil, fmt.Errorf("reading a person's cards: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (crm.Card, error) { return scanCard(kind, rows) })
}

// History is all of a card's history, the oldest step first.
func (p PersonReader) History(ref client.SubjectRef) ([]crm.Step, error) {
	rows, err := p.r.query("SELECT id, at, employee_id, employee_name, action, changes FROM card_history WHERE kind = ? AND subject_id = ? ORDER BY at, id", ref.Kind, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the history of %s %s: %w", ref.Kind, ref.ID, err)
	}
	return collect(rows, scanChange)
}

// Numbers among those of a holding are asked for so many at once.
const numbersAtOnce = 64

// inNumbers runs a query for the numbers, some at a time; the list of the IN stands where %s does.
func inNumbers[T any](p PersonReader, numbers []phone.Number, query string, scan func(*sql.Rows) (T, error)) ([]T, error) {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = string(n)
	}
	return inTexts(p, texts, query, scan)
}

func inTexts[T any](p PersonReader, texts []string, query string, scan func(*sql.Rows) (T, error)) ([]T, error) {
	var all []T
	for some := range slices.Chunk(texts, numbersAtOnce) {
		args := make([]any, len(some))
		for i, text := range some {
			args[i] = text
		}
		list, args := sqlrows.In(args)
		rows, err := p.r.query(fmt.Sprintf(query, list), args...)
		if err != nil {
			return nil, err
		}
		found, err := collect(rows, scan)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// CallIDs are the calls of the numbers, and those that show under the cards; byHandAlone: of the latter those that
// a person bound there.
func (p PersonReader) CallIDs(h Holding, byHandAlone bool) ([]string, error) {
	ids, err := inNumbers(p, h.Numbers, "SELECT id FROM calls WHERE phone IN %s", scanText)
	if err != nil {
		return nil, fmt.Errorf("finding a person's calls: %w", err)
	}
	for _, ref := range h.Cards {
		for _, query := range []string{
			"SELECT call_id FROM feed WHERE subject_kind = ? AND subject_id = ? AND call_id IS NOT NULL",
			"SELECT id FROM calls WHERE state IN ('ringing', 'talking', 'held') AND subject_kind = ? AND subject_id = ?",
		} {
			if byHandAlone {
				query += " AND by_hand = TRUE"
			}
			rows, err := p.r.query(query, ref.Kind, ref.ID)
			if err != nil {
				return nil, fmt.Errorf("finding the calls of %s %s: %w", ref.Kind, ref.ID, err)
			}
			more, err := collect(rows, scanText)
			if err != nil {
				return nil, err
			}
			ids = append(ids, more...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// Calls reads calls by their ids, the oldest first.
func (p PersonReader) Calls(ids []string) ([]CallRecord, error) {
	all, err := inTexts(p, ids, "SELECT "+callColumns+" FROM calls WHERE id IN %s", func(rows *sql.Rows) (CallRecord, error) { return scanCall(rows) })
	if err != nil {
		return nil, fmt.Errorf("reading a person's calls: %w", err)
	}
	slices.SortFunc(all, func(a, b CallRecord) int {
		if c := a.View.StartedAt.Compare(b.View.StartedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all, nil
}

// Entries are the feed's of the calls, the numbers and the cards, the oldest first.
func (p PersonReader) Entries(h Holding, calls []string) ([]entry.Entry, error) {
	all, err := inNumbers(p, h.Numbers, "SELECT "+entryColumns+" FROM feed f WHERE f.phone IN %s", plainEntry)
	if err != nil {
		return nil, fmt.Errorf("reading the entries of a person's numbers: %w", err)
	}
	more, err := inTexts(p, calls, "SELECT "+entryColumns+" FROM feed f WHERE f.call_id IN %s", plainEntry)
	if err != nil {
		return nil, fmt.Errorf("reading the entries of a person's calls: %w", err)
	}
	all = append(all, more...)
	for _, ref := range h.Cards {
		rows, err := p.r.query("SELECT "+entryColumns+" FROM feed f WHERE f.subject_kind = ? AND f.subject_id = ?", ref.Kind, ref.ID)
		if err != nil {
			return nil, fmt.Errorf("reading the entries of %s %s: %w", ref.Kind, ref.ID, err)
		}
		some, err := collect(rows, plainEntry)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b entry.Entry) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return slices.CompactFunc(all, func(a, b entry.Entry) bool { return a.ID == b.ID }), nil
}

// NoteVersions are the former texts of notes, by the entry, the oldest first.
func (p PersonReader) NoteVersions(entries []string) (map[string][]client.NoteVersion, error) {
	type version struct {
		entry string
		client.NoteVersion
	}
	all, err := inTexts(p, entries, "SELECT entry_id, version, at, employee_id, employee_name, text FROM note_versions WHERE entry_id IN %s ORDER BY entry_id, version",
		func(rows *sql.Rows) (v version, err error) {
			var at int64
			var id, name string
			err = rows.Scan(&v.entry, &v.Version, &at, &id, &name, &v.Text)
			v.At, v.By = fromMilli(at), person(id, name)
			return v, err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the former texts of notes: %w", err)
	}
	out := map[string][]client.NoteVersion{}
	for _, v := range all {
		out[v.entry] = append(out[v.entry], v.NoteVersion)
	}
	return out, nil
}

// Flags are those in the recordings of calls, by call.
func (p PersonReader) Flags(calls []string) (map[string][]entry.Flag, error) {
	return flagsOf(p.r, calls)
}

// Tasks are those of the numbers, the calls and the cards, the oldest first.
func (p PersonReader) Tasks(h Holding, calls []string) ([]TaskRow, error) {
	scan := func(rows *sql.Rows) (TaskRow, error) { return scanTask(rows) }
	all, err := inNumbers(p, h.Numbers, "SELECT "+taskColumns+" FROM tasks WHERE phone IN %s", scan)
	if err == nil {
		var more []TaskRow
		more, err = inTexts(p, calls, "SELECT "+taskColumns+" FROM tasks WHERE call_id IN %s", scan)
		all = append(all, more...)
	}
	for _, ref := range h.Cards {
		if err != nil {
			break
		}
		var rows *sql.Rows
		if rows, err = p.r.query("SELECT "+taskColumns+" FROM tasks WHERE subject_kind = ? AND subject_id = ?", ref.Kind, ref.ID); err == nil {
			var more []TaskRow
			more, err = collect(rows, scan)
			all = append(all, more...)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("reading a person's tasks: %w", err)
	}
	slices.SortFunc(all, func(a, b TaskRow) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return slices.CompactFunc(all, func(a, b TaskRow) bool { return a.ID == b.ID }), nil
}

// Missed are the rows of the callback list of the numbers.
func (p PersonReader) Missed(numbers []phone.Number) ([]MissedRow, error) {
	all, err := inNumbers(p, numbers, "SELECT "+missedColumns+" FROM missed WHERE number IN %s", func(rows *sql.Rows) (MissedRow, error) { return scanMissed(rows) })
	if err != nil {
		return nil, fmt.Errorf("reading a person's place on the callback list: %w", err)
	}
	return all, nil
}

// RawEvent is a webhook as it came.
type RawEvent struct {
	ID, IntegrationID, Path, Payload string
	At                               time.Time
}

// RawEvents reads the next webhooks after one, in the order in which they came; Cursor{} is before the first.
func (p PersonReader) RawEvents(after Cursor, limit int) ([]RawEvent, error) {
	rows, err := p.r.query("SELECT id, integration_id, received_at, path, payload FROM raw_events WHERE (received_at, id) > (?, ?) ORDER BY received_at, id LIMIT ?", after.At, after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("reading webhooks: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (e RawEvent, err error) {
		var at int64
		err = rows.Scan(&e.ID, &e.IntegrationID, &at, &e.Path, &e.Payload)
		e.At = fromMilli(at)
		return e, err
	})
}

// Keys are all keys of the PBX under which a call is known.
func (p PersonReader) Keys(rec CallRecord) ([]string, error) {
	keys := map[string]bool{}
	for _, e := range rec.Facts.Events {
		keys[e.Key] = true
	}
	if rec.Key != "" {
		keys[rec.Key] = true
		rows, err := p.r.query("SELECT alias FROM call_keys WHERE integration_id = ? AND pbx_key = ?", rec.IntegrationID, rec.Key)
		if err != nil {
			return nil, fmt.Errorf("reading the keys of call %s: %w", rec.ID, err)
		}
		aliases, err := collect(rows, scanText)
		if err != nil {
			return nil, err
		}
		for _, a := range aliases {
			keys[a] = true
		}
	}
	delete(keys, "")
	return slices.Sorted(maps.Keys(keys)), nil
}

// Namesakes are the living cards with a name, an address or a number of a contract.
func (p PersonReader) Namesakes(name string) ([]client.SubjectRef, error) {
	var all []client.SubjectRef
	for _, of := range []struct {
		kind   client.SubjectKind
		column string
	}{{client.KindContract, "number"}, {client.KindContract, "name"}, {client.KindClient, "name"}, {client.KindClient, "email"}} {
		rows, err := p.r.query("SELECT id FROM "+tables[of.kind]+" WHERE deleted_at = 0 AND "+of.column+" = ?", name)
		if err != nil {
			return nil, fmt.Errorf("looking for namesakes: %w", err)
		}
		ids, err := collect(rows, scanText)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			all = append(all, client.SubjectRef{Kind: of.kind, ID: id})
		}
	}
	return all, nil
}

// LiveCalls counts the calls that go on, of the numbers or bound to the cards.
func (p PersonReader) LiveCalls(h Holding) (int, error) {
	all, err := activeCalls(p.r)
	n := 0
	for _, rec := range all {
		if slices.Contains(h.Numbers, phone.Number(rec.View.Phone)) || slices.Contains(h.Cards, rec.Subject) {
			n++
		}
	}
	return n, err
}

// CallsOfNumbers are the ended calls of numbers, the oldest first, that began up to a moment.
func (p PersonReader) CallsOfNumbers(numbers []phone.Number, until time.Time) ([]CallRecord, error) {
	ids, err := inNumbers(p, numbers, "SELECT id FROM calls WHERE phone IN %s AND state = 'ended'", scanText)
	if err != nil {
		return nil, fmt.Errorf("finding the calls of numbers: %w", err)
	}
	all, err := p.Calls(ids)
	return slices.DeleteFunc(all, func(c CallRecord) bool { return c.View.StartedAt.After(until) }), err
}
