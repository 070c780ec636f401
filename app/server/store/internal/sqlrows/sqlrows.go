// Package sqlrows is what every package with SQL in it needs: rows read into values, and the list of
// an IN.
package sqlrows

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Collect reads all rows and closes them; never nil but with an error.
func Collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("reading a row: %w", err)
		}
		all = append(all, item)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading rows: %w", err)
	}
	return all, nil
}

// In is the list of an IN with its values. The last value is repeated up to the next power of two, so
// that few statements are compiled whatever the lengths.
func In(values []any) (string, []any) {
	if len(values) == 0 {
		return "(NULL)", nil
	}
	n := 1
	for n < len(values) {
		n *= 2
	}
	padded := slices.Clone(values)
	for len(padded) < n {
		padded = append(padded, values[len(values)-1])
	}
	return "(" + Placeholders(n) + ")", padded
}

// Placeholders are n of them with commas between.
func Placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
