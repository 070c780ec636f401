package textindex

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ForgetWords takes words out of the vocabulary that stand in no document any more, and tells how many those were.
func (x *Index) ForgetWords(w Writer, words []string) (forgotten int, err error) {
	for _, word := range words {
		used, err := x.used(w, word)
		if err != nil {
			return forgotten, err
		}
		if used {
			continue
		}
		res, err := w.Exec("DELETE FROM words WHERE word = ?", word)
		if err != nil {
			return forgotten, fmt.Errorf("forgetting a word: %w", err)
		}
		if n, err := res.RowsAffected(); err == nil && n > 0 {
			forgotten++
		}
	}
	x.ForgetCache()
	return forgotten, nil
}

func (x *Index) used(r Reader, word string) (bool, error) {
	for _, kind := range []string{Feed, "client", "contract"} {
		var one int
		err := r.Row(x.backend.hasWord(kind), x.backend.expression([][]string{{word}})).Scan(&one)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return false, fmt.Errorf("looking whether a word is still used: %w", err)
		}
	}
	return false, nil
}

// ForgetNumber takes a number out of those that are searched by fragments.
func (x *Index) ForgetNumber(w Writer, number string) error {
	if _, err := w.Exec("DELETE FROM numbers WHERE number = ?", number); err != nil {
		return fmt.Errorf("forgetting a number: %w", err)
	}
	return x.backend.removeNumber(w, number)
}

// ForgetCache lets every word be looked up in the database anew: another process may have taken it out.
func (x *Index) ForgetCache() { x.words.clear() }

// Compact rewrites a piece of the index, so that nothing of removed documents stays in it; begin starts it, and more
// tells whether there is another piece.
func (x *Index) Compact(w Writer, begin bool) (more bool, err error) {
	return x.backend.compact(w, begin)
}

func (c *wordCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.known)
}

func (sqlite) hasWord(kind string) string {
	return "SELECT 1 FROM " + kind + "_fts WHERE " + kind + "_fts MATCH ? LIMIT 1"
}

func (sqlite) removeNumber(w Writer, number string) error {
	row, err := strconv.ParseInt(strings.TrimPrefix(number, "+"), 10, 64)
	if err != nil {
		return nil //nolint:nilerr // what is no number in E.164 was never put in
	}
	if _, err := w.Exec("DELETE FROM number_fts WHERE rowid = ?", row); err != nil {
		return fmt.Errorf("forgetting a number: %w", err)
	}
	return nil
}

// compactPages is how many pages of its index FTS5 rewrites at a time: some tens of milliseconds.
const compactPages = 500

// compact merges all segments into one, a piece at a time (sqlite.org/fts5.html, section 6.9): what was deleted stands in
// the old ones until then, marked.
func (sqlite) compact(w Writer, begin bool) (more bool, err error) {
	pages := compactPages
	if begin {
		pages = -pages
	}
	for _, table := range []string{Feed + "_fts", "client_fts", "contract_fts", "number_fts"} {
		var before, after int64
		if err := w.Row("SELECT total_changes()").Scan(&before); err != nil {
			return false, fmt.Errorf("compacting %s: %w", table, err)
		}
		if _, err := w.Exec("INSERT INTO "+table+" ("+table+", rank) VALUES ('merge', ?)", pages); err != nil {
			return false, fmt.Errorf("compacting %s: %w", table, err)
		}
		if err := w.Row("SELECT total_changes()").Scan(&after); err != nil {
			return false, fmt.Errorf("compacting %s: %w", table, err)
		}
		more = more || after-before > 1 // the command itself counts as one
	}
	return more, nil
}

func (postgresql) hasWord(kind string) string {
	return "SELECT 1 FROM " + tables[kind] + " WHERE words_index @@ CAST(? AS tsquery) LIMIT 1"
}

// removeNumber has nothing to do: the numbers are their table's alone.
func (postgresql) removeNumber(Writer, string) error { return nil }

// compact has nothing to do: a removed row goes with its words.
func (postgresql) compact(Writer, bool) (bool, error) { return false, nil }
