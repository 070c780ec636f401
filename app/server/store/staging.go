package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/store/form"
	"dozvon/app/server/store/internal/sqlrows"
	"dozvon/client"
)

// StagedCard is a card that nobody sees before PublishImport.
type StagedCard struct {
	Line    int
	Fresh   bool // a new card; else a changed one
	Card    crm.Card
	Changes []crm.Delta
}

// stagedCardColumns leaves out what an import never sets.
func stagedCardColumns() []string {
	all := slices.DeleteFunc(slices.Clone(cardColumns), func(c string) bool { return c == "deleted_at" || c == "merged_into" })
	for _, f := range crm.AllFields() {
		if f.Text != nil {
			all = append(all, f.Column)
		}
	}
	return all
}

// StageCards puts cards aside; those of lines that were put aside before take their place.
func (t *Tx) StageCards(of ImportRow, cards []StagedCard) error {
	if err := t.mustHold(of); err != nil {
		return err
	}
	var rows, phones []columns
	for _, c := range cards {
		row, err := stagedRow(of.ID, c)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		for _, n := range c.Card.Numbers() {
			phones = append(phones, columns{
				{"import_id", of.ID},
				{"line", c.Line},
				{"subject_id", c.Card.Ref().ID},
				{"number", n},
			})
		}
	}
	again := " ON CONFLICT (import_id, line) DO UPDATE SET changes = excluded.changes, " + taken("excluded", stagedCardColumns())
	if err := t.addAll("import_cards", rows, again); err != nil {
		return fmt.Errorf("putting cards aside: %w", err)
	}
	if err := t.addAll("import_phones", phones, " ON CONFLICT DO NOTHING"); err != nil {
		return fmt.Errorf("putting numbers aside: %w", err)
	}
	return nil
}

func stagedRow(importID string, c StagedCard) (columns, error) {
	changes, err := form.Deltas(c.Changes)
	if err != nil {
		return nil, err
	}
	card, err := cardCells(c.Card)
	if err != nil {
		return nil, err
	}
	row := columns{
		{"import_id", importID},
		{"line", c.Line},
		{"fresh", c.Fresh},
		{"changes", changes},
	}
	for _, name := range stagedCardColumns() {
		row = append(row, column{name, card.value(name, "")}) // "": a field of the other kind
	}
	return row, nil
}

// Staged reads a card that was put aside; ErrNotFound.
func (s *Store) Staged(ctx context.Context, importID string, kind client.SubjectKind, line int) (StagedCard, error) {
	c := StagedCard{Line: line}
	var changes string
	r := s.reads(ctx)
	if err := r.row("SELECT fresh, changes FROM import_cards WHERE import_id = ? AND line = ?", importID, line).Scan(&c.Fresh, &changes); err != nil {
		return c, missing(err, fmt.Sprintf("line %d of import %s", line, importID))
	}
	var err error
	if c.Changes, err = form.ReadDeltas(changes); err != nil {
		return c, err
	}
	c.Card, err = scanCard(kind, r.row("SELECT "+selected[kind]+" FROM import_cards c LEFT JOIN employees e ON e.id = c.responsible_id WHERE c.import_id = ? AND c.line = ?", importID, line))
	return c, missing(err, fmt.Sprintf("line %d of import %s", line, importID))
}

// publishedColumns are those that an import writes of a kind of card.
func publishedColumns(kind client.SubjectKind) []string {
	return slices.DeleteFunc(columnsOf(kind), func(c string) bool { return c == "id" || c == "deleted_at" || c == "merged_into" })
}

// ImportConflict is a line whose card somebody changed or made in the meantime.
type ImportConflict struct {
	Line  int
	Fresh bool
}

// PublishImport makes everything that was put aside visible at once. Cards that somebody changed
// or made in the meantime are left to them; their lines are returned. unique says that a new card
// may not have a number or an external id that another one has by now.
//
// It is the one long transaction of an import: set by set, 100,000 cards take two seconds.
func (t *Tx) PublishImport(of ImportRow, kind client.SubjectKind, unique bool) (conflicts []ImportConflict, err error) {
	if err := t.mustHold(of); err != nil {
		return nil, err
	}
	if conflicts, err = t.dropConflicts(of.ID, kind, unique); err != nil {
		return nil, err
	}
	if err := t.noteImport(of, kind); err != nil {
		return nil, err
	}
	name, columns := tables[kind], publishedColumns(kind)
	list := strings.Join(columns, ", ")
	_, err = t.exec("INSERT INTO "+name+" (id, "+list+") SELECT id, "+list+" FROM import_cards WHERE import_id = ? AND fresh = TRUE", of.ID)
	if err != nil {
		return nil, fmt.Errorf("publishing new cards: %w", err)
	}
	var set []string
	for _, c := range columns {
		set = append(set, c+" = s."+c)
	}
	_, err = t.exec("UPDATE "+name+" SET "+strings.Join(set, ", ")+" FROM import_cards s WHERE s.import_id = ? AND s.fresh = FALSE AND "+name+".id = s.id", of.ID)
	if err != nil {
		return nil, fmt.Errorf("publishing changed cards: %w", err)
	}
	// An import adds numbers and takes none away, so nothing is deleted here.
	_, err = t.exec("INSERT INTO phones (number, kind, subject_id) SELECT number, '"+string(kind)+"', subject_id FROM import_phones WHERE import_id = ? ON CONFLICT DO NOTHING", of.ID)
	if err != nil {
		return nil, fmt.Errorf("publishing numbers: %w", err)
	}
	return conflicts, nil
}

// dropConflicts takes what was overtaken out of what was put aside.
func (t *Tx) dropConflicts(importID string, kind client.SubjectKind, unique bool) ([]ImportConflict, error) {
	name := tables[kind]
	overtaken := []string{`s.fresh = FALSE AND NOT EXISTS (SELECT 1 FROM ` + name + ` c WHERE c.id = s.id AND c.version = s.version - 1 AND c.deleted_at = 0)`}
	if unique {
		overtaken = append(overtaken, `s.fresh = TRUE AND s.external_id <> '' AND EXISTS (SELECT 1 FROM `+name+` c WHERE c.external_id = s.external_id AND c.external_id <> '' AND c.deleted_at = 0)`)
	}
	if unique && kind == client.KindContract {
		overtaken = append(overtaken, `s.fresh = TRUE AND EXISTS (SELECT 1 FROM contracts c WHERE c.number = s.number AND c.deleted_at = 0)`)
	}
	var conflicts []ImportConflict
	for _, which := range overtaken {
		rows, err := t.query("SELECT s.line, s.fresh FROM import_cards s WHERE s.import_id = ? AND "+which, importID)
		if err != nil {
			return nil, fmt.Errorf("finding what was overtaken: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (ImportConflict, error) {
			var l ImportConflict
			return l, rows.Scan(&l.Line, &l.Fresh)
		})
		if err != nil {
			return nil, err
		}
		conflicts = append(conflicts, some...)
	}
	for _, l := range conflicts {
		if err := t.dropStaged(importID, int64(l.Line), int64(l.Line)); err != nil {
			return nil, err
		}
	}
	return conflicts, nil
}

// DropStaged forgets some of what was put aside, and says that whoever does it is at work; false when nothing
// is left.
func (t *Tx) DropStaged(of ImportRow, rows int) (more bool, err error) {
	if err := t.BeatImport(of); err != nil {
		return false, err
	}
	var first sql.NullInt64
	if err := t.row("SELECT MIN(line) FROM import_cards WHERE import_id = ?", of.ID).Scan(&first); err != nil {
		return false, fmt.Errorf("looking for what was put aside: %w", err)
	}
	if !first.Valid {
		return false, nil
	}
	return true, t.dropStaged(of.ID, first.Int64, first.Int64+int64(rows)-1)
}

// stagedTables hold what is put aside.
var stagedTables = []string{"import_cards", "import_phones"}

func (t *Tx) dropStaged(importID string, from, to int64) error {
	for _, table := range stagedTables {
		if _, err := t.exec("DELETE FROM "+table+" WHERE import_id = ? AND line BETWEEN ? AND ?", importID, from, to); err != nil {
			return fmt.Errorf("forgetting what was put aside: %w", err)
		}
	}
	return nil
}

// NextStaged is the line that ends the next piece of rows after a line; 0 at the end.
func (s *Store) NextStaged(ctx context.Context, importID string, after int64, rows int) (int64, error) {
	var last sql.NullInt64
	err := s.reads(ctx).row(`SELECT MAX(line) FROM (SELECT line FROM import_cards WHERE import_id = ? AND line > ? ORDER BY line LIMIT ?) AS piece`,
		importID, after, rows).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("reading what was put aside: %w", err)
	}
	return last.Int64, nil
}

// FollowImport writes the history of the published cards of some lines, lets the full-text index and the
// address books take them in, and forgets what was put aside of them.
func (t *Tx) FollowImport(of ImportRow, kind client.SubjectKind, after, to int64, by client.Employee, action string, at time.Time) error {
	if err := t.mustHold(of); err != nil {
		return err
	}
	const some = "FROM import_cards s WHERE s.import_id = ? AND s.line > ? AND s.line <= ?"
	k := "'" + string(kind) + "'"
	// The id is made of the import's, so that doing it twice after a crash writes it once.
	_, err := t.exec(`
INSERT INTO card_history (id, kind, subject_id, at, employee_id, employee_name, action, changes)
SELECT
  s.import_id || ':' || s.line,
  `+k+`,
  s.id,
  CAST(? AS BIGINT),
  CAST(? AS TEXT),
  CAST(? AS TEXT),
  CAST(? AS TEXT),
  s.changes
`+some+`
ON CONFLICT DO NOTHING`,
		at.UnixMilli(),
		by.ID,
		by.Name,
		action,
		of.ID, after, to)
	if err != nil {
		return fmt.Errorf("writing the history of imported cards: %w", err)
	}
	if _, err = t.exec("INSERT INTO stale (kind, id) SELECT "+k+", s.id "+some+" ON CONFLICT DO NOTHING", of.ID, after, to); err != nil {
		return fmt.Errorf("marking imported cards for the index: %w", err)
	}
	_, err = t.exec(intoBook+`
SELECT i.id, `+k+`, s.id, '', '', TRUE
FROM   import_cards s, integrations i
WHERE  i.address_book = TRUE AND s.import_id = ? AND s.line > ? AND s.line <= ?`+waitingInBook, of.ID, after, to)
	if err != nil {
		return fmt.Errorf("marking imported cards for the address book: %w", err)
	}
	return t.dropStaged(of.ID, after+1, to)
}

// calledNumbers is put together with the table of the cards' numbers and its keys.
const calledNumbers = `
SELECT DISTINCT p.number
FROM   %s p
WHERE  p.%s = ? AND p.%s > ? AND p.%s <= ?
  AND  (EXISTS (SELECT 1 FROM feed f WHERE f.phone = p.number) OR EXISTS (SELECT 1 FROM calls c WHERE c.phone = p.number))
ORDER  BY p.number`

// CalledNumbers lists the numbers of the cards of some lines that we have calls or entries of.
func (s *Store) CalledNumbers(ctx context.Context, importID string, after, to int64) ([]string, error) {
	numbers, err := s.calledNumbers(ctx, "import_phones", "import_id", "line", importID, after, to)
	if err != nil {
		return nil, fmt.Errorf("finding calls of imported numbers: %w", err)
	}
	return numbers, nil
}

func (s *Store) calledNumbers(ctx context.Context, table, key, place, id string, after, to int64) ([]string, error) {
	rows, err := s.reads(ctx).query(fmt.Sprintf(calledNumbers, table, key, place, place), id, after, to)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(rows *sql.Rows) (n string, err error) { return n, rows.Scan(&n) })
}

// CardsKnownBy finds cards by external ids and contract numbers, deleted ones left out.
func (s *Store) CardsKnownBy(ctx context.Context, kind client.SubjectKind, column string, values []string) ([]crm.Card, error) {
	if !slices.Contains([]string{"external_id", "number"}, column) {
		return nil, fmt.Errorf("finding cards by %s: %w", column, ErrNotFound)
	}
	return s.cardsIn(ctx, kind, column, values)
}

func (s *Store) cardsIn(ctx context.Context, kind client.SubjectKind, column string, values []string) ([]crm.Card, error) {
	var all []crm.Card
	for args := range manyMarks(values) {
		// The column <> '' lets the partial index be used.
		rows, err := s.reads(ctx).query(selectCards(kind)+"WHERE c.deleted_at = 0 AND c."+column+" <> '' AND c."+column+" IN ("+sqlrows.Placeholders(cardsAtOnce)+")", args...)
		if err != nil {
			return nil, fmt.Errorf("finding cards by %s: %w", column, err)
		}
		found, err := collect(rows, func(rows *sql.Rows) (crm.Card, error) { return scanCard(kind, rows) })
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// CardsOfPhones finds the cards that have one of the numbers. It asks twice: as one statement with
// a subquery PostgreSQL, which has no statistics right after many cards came in, compared every card
// with every number, for seconds.
func (s *Store) CardsOfPhones(ctx context.Context, kind client.SubjectKind, numbers []string) ([]crm.Card, error) {
	var ids []string
	for args := range manyMarks(numbers) {
		rows, err := s.reads(ctx).query("SELECT subject_id FROM phones WHERE kind = '"+string(kind)+"' AND number IN ("+sqlrows.Placeholders(cardsAtOnce)+")", args...)
		if err != nil {
			return nil, fmt.Errorf("finding cards by numbers: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (string, error) {
			var id string
			return id, rows.Scan(&id)
		})
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	slices.Sort(ids)
	return s.cardsIn(ctx, kind, "id", slices.Compact(ids))
}

// manyMarks cuts values into arguments of cardsAtOnce marks; the last value fills up the rest, so
// that one statement serves every length.
func manyMarks(values []string) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for some := range slices.Chunk(values, cardsAtOnce) {
			args := make([]any, cardsAtOnce)
			for i := range args {
				args[i] = some[min(i, len(some)-1)]
			}
			if !yield(args) {
				return
			}
		}
	}
}
