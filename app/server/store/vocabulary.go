package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dozvon/app/server/search"
	"dozvon/client"
)

// Kinds tell in what a word ever stood, as bits: types of entries, clients, contracts. «вызов» stands
// in no note and no call has the words of one: what can find nothing is not looked for through ten
// million entries. A bit that was set stays.
type Kinds int64

// kindBits are the bits in their order, for ever; what is not among them shares the last one.
var kindBits = []string{
	string(client.KindClient), string(client.KindContract),
	string(client.EntryCallIn), string(client.EntryCallMissed), string(client.EntryCallOut), string(client.EntryNote),
	string(client.EntrySMS), string(client.EntryClientCreated), string(client.EntryContractCreated),
}

const (
	otherKinds Kinds = 1 << 32
	allKinds         = otherKinds<<1 - 1
)

func kindOf(name string) Kinds {
	if i := slices.Index(kindBits, name); i >= 0 {
		return 1 << i
	}
	return otherKinds
}

// everyDocument stands in the vocabulary once for each document, and before a mark: words are letters
// and digits, so nobody can type it.
const everyDocument = "+"

// Vocabulary is how often words stand in documents, and in what.
type Vocabulary map[string]Usage

// Usage is that of one word.
type Usage struct {
	Times int
	In    Kinds
}

// Take counts the words of a document.
func (v Vocabulary) Take(d Document) {
	in := kindOf(d.Kind)
	if d.Entry != nil {
		in = kindOf(string(d.Entry.Type))
	}
	words := append(slices.Clip(d.Words), everyDocument)
	for _, m := range d.marks() {
		if !strings.HasPrefix(m, subjectMark) { // there are as many as cards
			words = append(words, everyDocument+m)
		}
	}
	for _, w := range words {
		v[w] = Usage{v[w].Times + 1, v[w].In | in}
	}
}

// learn adds to the vocabulary of the database, in one order on every node, so that two nodes never
// wait for each other. What the database knows already is added up first: the words of every call
// would be written with every call.
func (t *Tx) learn(v Vocabulary) error {
	for _, w := range slices.Sorted(maps.Keys(v)) {
		if t.words == nil {
			t.words = pendingWords{}
		}
		u, due := t.store.learnt.due(w, v[w])
		t.words.note(w, v[w], due)
		if !due {
			continue
		}
		_, err := t.exec("INSERT INTO words (word, n, kinds) VALUES (?, ?, ?) ON CONFLICT (word) DO UPDATE SET n = words.n + excluded.n, kinds = words.kinds | excluded.kinds",
			w, u.Times, u.In)
		if err != nil {
			return fmt.Errorf("noting a word: %w", err)
		}
	}
	return nil
}

// kinds are those that a filter leaves.
func (f FeedFilter) kinds(r reader) (Kinds, error) {
	if f.facetFilters() == 0 {
		return allKinds, nil
	}
	where, args := f.facetWhere("")
	rows, err := r.query("SELECT DISTINCT type FROM facets WHERE "+where, args...)
	if err != nil {
		return 0, fmt.Errorf("asking what a filter leaves: %w", err)
	}
	types, err := collect(rows, scanText)
	var all Kinds
	for _, t := range types {
		all |= kindOf(t)
	}
	return all, err
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

// among keeps the terms that stand in one of the kinds, and tells in which they do.
func among(terms []term, in Kinds) (kept []term, all Kinds) {
	for _, t := range terms {
		if t.in&in != 0 {
			kept, all = append(kept, t), all|t.in
		}
	}
	return kept, all & in
}

// known reads what the vocabulary has of marks.
func known(r reader, all []string) (map[string]term, error) {
	args := make([]any, len(all))
	for i, m := range all {
		args[i] = everyDocument + m
	}
	list, args := inList(args)
	rows, err := r.query("SELECT word, n, kinds FROM words WHERE word IN "+list, args...)
	if err != nil {
		return nil, fmt.Errorf("looking up marks: %w", err)
	}
	terms, err := collect(rows, scanTerm)
	found := map[string]term{}
	for _, t := range terms {
		found[strings.TrimPrefix(t.word, everyDocument)] = t
	}
	return found, err
}

// marked are the groups of marks, and how many documents there are.
func marked(r reader, wanted [][]string) ([]group, int, error) {
	found, err := known(r, append(slices.Concat(wanted...), ""))
	if err != nil {
		return nil, 0, err
	}
	everything := found[""].times
	all := make([]group, len(wanted))
	for i, terms := range wanted {
		all[i].terms = terms
		for _, m := range terms {
			t, ok := found[m]
			if !ok {
				t.times = everything // a mark that is not counted: perhaps of all
			}
			all[i].times += t.times
		}
	}
	return all, everything, nil
}

// withTrigrams are the groups of three digits of a fragment; false when no number among the kinds
// has them all.
func withTrigrams(r reader, fragment string, in Kinds) ([]group, bool, error) {
	var wanted []string
	for _, g := range search.Trigrams(fragment) {
		wanted = append(wanted, trigramMark+g)
	}
	found, err := known(r, wanted)
	if err != nil {
		return nil, false, err
	}
	var all []group
	for _, m := range wanted {
		in &= found[m].in
		all = append(all, group{terms: []string{m}, times: found[m].times})
	}
	return all, in != 0, nil
}
