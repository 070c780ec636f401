package store

import (
	"slices"
	"strings"

	"dozvon/app/server/store/internal/sqlrows"
)

// columns are those of one row, each with its value beside it: written apart, the twelfth value of
// nineteen lands in the thirteenth column unseen.
type columns []column

type column struct {
	name  string
	value any
}

// once is a value that is written when a row is made, and stays when the row is changed.
type once struct{ value any }

// add makes a row.
func (t *Tx) add(table string, row columns) error {
	_, err := t.exec(row.insert(table), row.args()...)
	return err
}

// addOnce makes a row unless it is there already.
func (t *Tx) addOnce(table string, row columns) error {
	_, err := t.exec(row.insert(table)+"\nON CONFLICT DO NOTHING", row.args()...)
	return err
}

// put makes a row, or changes the one that has the same key.
func (t *Tx) put(table, key string, row columns) error {
	_, err := t.exec(row.insert(table)+row.orChange(key), row.args()...)
	return err
}

// rowsAtOnce is how many rows one statement makes: on PostgreSQL each statement is a way there and back.
const rowsAtOnce = 25

// addAll makes rows of the same columns, many in a statement, the rest one by one, so that few statements
// are compiled; conflict says what becomes of those that are there.
func (t *Tx) addAll(table string, rows []columns, conflict string) error {
	for chunk := range slices.Chunk(rows, rowsAtOnce) {
		size := len(chunk)
		if size < rowsAtOnce {
			size = 1
		}
		for some := range slices.Chunk(chunk, size) {
			var args []any
			for _, row := range some {
				args = append(args, row.args()...)
			}
			values := strings.Repeat(", ("+sqlrows.Placeholders(len(some[0]))+")", size-1)
			if _, err := t.exec(some[0].insert(table)+values+conflict, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// value is that of a column, or another when there is no such column.
func (row columns) value(name string, otherwise any) any {
	for _, c := range row {
		if c.name == name {
			return c.value
		}
	}
	return otherwise
}

// insert is the statement that makes a row; it is the same text each time, so that it is compiled once.
func (row columns) insert(table string) string {
	names := make([]string, len(row))
	for i, c := range row {
		names[i] = c.name
	}
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + sqlrows.Placeholders(len(row)) + ")"
}

// orChange changes the row with the same key instead.
func (row columns) orChange(key string) string {
	var set []string
	for _, c := range row {
		if _, stays := c.value.(once); !stays && c.name != key {
			set = append(set, c.name+" = excluded."+c.name)
		}
	}
	return "\nON CONFLICT (" + key + ") DO UPDATE SET " + strings.Join(set, ", ")
}

func (row columns) args() []any {
	all := make([]any, len(row))
	for i, c := range row {
		all[i] = c.value
		if o, ok := c.value.(once); ok {
			all[i] = o.value
		}
	}
	return all
}
