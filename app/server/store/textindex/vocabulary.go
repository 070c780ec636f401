package textindex

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dozvon/app/server/search"
	"dozvon/app/server/store/internal/sqlrows"
)

// Kinds tell in what a word ever stood, as bits: types of entries, clients, contracts. «вызов» stands
// in no note and no call has the words of one: what can find nothing is not looked for through ten
// million entries. A bit that was set stays.
type Kinds int64

// kindBits are the bits in their order, for ever: they are stored. What is not among them shares the
// last one.
var kindBits = []string{
	"client", "contract",
	"call_in", "call_missed", "call_out", "note", "sms", "client_created", "contract_created",
}

const (
	otherKinds Kinds = 1 << 32
	// AllKinds leaves everything.
	AllKinds = otherKinds<<1 - 1
)

// KindOf is the bit of a kind of card or a type of entry.
func KindOf(name string) Kinds {
	if i := slices.Index(kindBits, name); i >= 0 {
		return 1 << i
	}
	return otherKinds
}

// HasOwnKind tells whether a kind of card or a type of entry has a bit of its own.
func HasOwnKind(name string) bool { return slices.Contains(kindBits, name) }

// everyDocument stands in the vocabulary once for each document, and before a filter term: words are
// letters and digits, so nobody can type it.
const everyDocument = "+"

// Vocabulary is how often words stand in documents, and in what.
type Vocabulary map[string]Usage

// Usage is that of one word.
type Usage struct {
	Times int
	In    Kinds
}

// Count adds the words of a document.
func (v Vocabulary) Count(d Document) {
	in := KindOf(d.Kind)
	if d.Entry != nil {
		in = KindOf(d.Entry.Type)
	}
	words := append(slices.Clip(d.Words), everyDocument)
	for _, t := range d.filterTerms() {
		if !strings.HasPrefix(t, subjectTerm) { // there are as many as cards
			words = append(words, everyDocument+t)
		}
	}
	for _, w := range words {
		v[w] = Usage{v[w].Times + 1, v[w].In | in}
	}
}

const countWord = `
INSERT INTO words (word, n, kinds)
VALUES (?, ?, ?)
ON CONFLICT (word) DO UPDATE SET
  n     = words.n + excluded.n,
  kinds = words.kinds | excluded.kinds`

// count adds to the vocabulary of the database, in one order on every node, so that two nodes never
// wait for each other. What the database knows already is added up first.
func (x *Index) count(w Writer, met Met, v Vocabulary) error {
	for _, word := range slices.Sorted(maps.Keys(v)) {
		u, now := x.words.pending(word, v[word])
		met.note(word, v[word], now)
		if !now {
			continue
		}
		if _, err := w.Exec(countWord, word, u.Times, u.In); err != nil {
			return fmt.Errorf("counting a word: %w", err)
		}
	}
	return nil
}

// term is a word of the vocabulary.
type term struct {
	word  string
	times int
	in    Kinds
}

func scanTerm(rows *sql.Rows) (term, error) {
	var t term
	return t, rows.Scan(&t.word, &t.times, &t.in)
}

func scanText(rows *sql.Rows) (string, error) {
	var text string
	return text, rows.Scan(&text)
}

// among keeps the terms that stand in one of the kinds, and tells in which they do.
func among(terms []term, in Kinds) (kept []term, all Kinds) {
	for _, t := range terms {
		if t.in&in != 0 {
			kept, all = append(kept, t), all|t.in
		}
	}
	return kept, all & in
}

const (
	// termsAtOnce bounds how many words the beginning of one may stand for: the commonest are taken.
	termsAtOnce = 64
	// wordsScanned bounds how many words are looked at for a beginning or a typo, digitsScanned how many
	// of figures: there are as many of those as numbers, and a number is found by its fragment.
	wordsScanned, digitsScanned = 20_000, 4_000
	// fuzzyMost is how many words are taken that the typed one may be a typo of.
	fuzzyMost = 8
)

// wordsLike are the commonest words of a range, those of some kinds first.
const wordsLike = `
SELECT word, n, kinds
FROM   (SELECT word, n, kinds FROM words WHERE word >= ? AND word < ? ORDER BY word LIMIT ?) AS looked
ORDER  BY (kinds & CAST(? AS BIGINT)) = 0, n DESC
LIMIT  ?`

// termsOf finds the words of the index that begin as typed, or that it may be a typo of when none does.
func termsOf(r Reader, typed string, in Kinds) ([]term, error) {
	scanned := wordsScanned
	if typed[0] >= '0' && typed[0] <= '9' {
		scanned = digitsScanned
	}
	// In the order of words, so that the word itself is among those that are looked at.
	rows, err := r.Query(wordsLike, typed, after(typed), scanned, in, termsAtOnce)
	if err != nil {
		return nil, fmt.Errorf("looking up a word: %w", err)
	}
	terms, err := sqlrows.Collect(rows, scanTerm)
	if err != nil || len(terms) > 0 || !search.MayHaveTypo(typed) {
		return terms, err
	}
	// Whoever makes a typo seldom makes it in the first letter.
	first := string([]rune(typed)[:1])
	rows, err = r.Query(wordsLike, first, after(first), wordsScanned, in, wordsScanned)
	if err != nil {
		return nil, fmt.Errorf("looking for what a word may be a typo of: %w", err)
	}
	words, err := sqlrows.Collect(rows, scanTerm)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		if search.FuzzyMatch(typed, w.word) {
			if terms = append(terms, w); len(terms) == fuzzyMost {
				break
			}
		}
	}
	return terms, nil
}

// after is the least text that follows every text beginning with prefix.
func after(prefix string) string { return prefix + "\U0010FFFF" }

// filterTermsKnown reads what the vocabulary has of filter terms, "" for all documents.
func filterTermsKnown(r Reader, all []string) (map[string]term, error) {
	args := make([]any, len(all))
	for i, t := range all {
		args[i] = everyDocument + t
	}
	list, args := sqlrows.In(args)
	rows, err := r.Query("SELECT word, n, kinds FROM words WHERE word IN "+list, args...)
	if err != nil {
		return nil, fmt.Errorf("looking up filter terms: %w", err)
	}
	terms, err := sqlrows.Collect(rows, scanTerm)
	found := map[string]term{}
	for _, t := range terms {
		found[strings.TrimPrefix(t.word, everyDocument)] = t
	}
	return found, err
}
