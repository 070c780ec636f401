package store

import (
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
