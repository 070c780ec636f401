package textindex

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dozvon/app/server/search"
)

// numbersAtOnce is up to how many numbers with a fragment are looked for as they are; when there are
// more, entries are found by the groups of three digits in theirs.
const numbersAtOnce = 64

// Source is one way to find what was asked for; the pages of all are merged.
type Source struct {
	expression string
	fragment   string // digits that must stand in the number, which the expression cannot tell
	// share is about which part of all documents is found, found about how many they are.
	share, found float64
}

// alternatives are what may stand for one thing that was asked for: words that begin as typed, or
// filter terms.
type alternatives struct {
	terms []string
	times int // how often any of them stands in a document
}

// planner plans one search.
type planner struct {
	index *Index
	r     Reader
	in    Kinds
	// narrowed are the filters, documents how many there are at all.
	narrowed  []alternatives
	documents int
}

// Plan plans a search among some kinds: by words, by a fragment of a number, or both.
func (x *Index) Plan(r Reader, q search.Query, in Kinds, filter Filter) ([]Source, error) {
	p := planner{index: x, r: r, in: in}
	if err := p.narrow(filter.terms()); err != nil {
		return nil, err
	}
	var all []Source
	words, err := p.byWords(q.Words)
	if err != nil {
		return nil, err
	}
	if len(words) > 0 {
		all = append(all, p.source(words))
	}
	var more []Source
	switch {
	case q.Named != nil:
		more, err = p.byWordsAndNumbers(*q.Named)
	case q.Fragment != "":
		more, err = p.byFragment(q.Fragment)
	}
	return append(all, more...), err
}

// narrow takes the filters in.
func (p *planner) narrow(wanted [][]string) error {
	found, err := filterTermsKnown(p.r, append(slices.Concat(wanted...), ""))
	if err != nil {
		return err
	}
	p.documents = found[""].times
	p.narrowed = make([]alternatives, len(wanted))
	for i, terms := range wanted {
		p.narrowed[i].terms = terms
		for _, t := range terms {
			has, ok := found[t]
			if !ok {
				has.times = p.documents // one that is not counted: perhaps of all
			}
			p.narrowed[i].times += has.times
		}
	}
	return nil
}

// source looks for documents in which one of each alternatives stands.
func (p *planner) source(wanted []alternatives) Source {
	wanted = append(wanted, p.narrowed...)
	src := Source{share: 1}
	terms := make([][]string, len(wanted))
	for i, a := range wanted {
		terms[i] = a.terms
		src.share *= min(1, float64(a.times)/float64(max(p.documents, 1)))
	}
	src.expression, src.found = p.index.backend.expression(terms), src.share*float64(p.documents)
	return src
}

// byWords is what may stand for each word; nothing when nothing can be found.
func (p *planner) byWords(words []string) ([]alternatives, error) {
	found, in := make([][]term, len(words)), p.in
	for i, w := range words {
		terms, err := termsOf(p.r, w, in)
		if err != nil {
			return nil, err
		}
		// What one word leaves is all that the others may stand in.
		if found[i], in = among(terms, in); in == 0 {
			return nil, nil
		}
	}
	all := make([]alternatives, len(words))
	for i, terms := range found {
		terms, _ = among(terms, in)
		for _, t := range terms {
			all[i].terms, all[i].times = append(all[i].terms, t.word), all[i].times+t.times
		}
	}
	return all, nil
}

// byFragment looks for documents whose number has a fragment.
func (p *planner) byFragment(fragment string) ([]Source, error) {
	trigrams, found, err := p.trigrams(fragment)
	if err != nil || !found {
		return nil, err
	}
	numbers, err := p.numbersWith(fragment, trigrams)
	switch {
	case err != nil || len(numbers) == 0:
		return nil, err
	case len(numbers) > numbersAtOnce:
		src := p.source(trigrams)
		src.fragment = fragment
		return []Source{src}, nil
	}
	// They are too few to count what each has.
	return []Source{p.source([]alternatives{{terms: numbers, times: len(numbers)}})}, nil
}

// byWordsAndNumbers looks for words together with telephone numbers. Nothing when one of them is
// nowhere.
func (p *planner) byWordsAndNumbers(q search.Named) ([]Source, error) {
	all, err := p.byWords(q.Words)
	if err != nil || len(all) < len(q.Words) {
		return nil, err
	}
	fragment := ""
	for _, digits := range q.Numbers {
		trigrams, found, err := p.trigrams(digits)
		var numbers []string
		if err == nil && found {
			numbers, err = p.numbersWith(digits, trigrams)
		}
		if err != nil {
			return nil, err
		}
		// One fragment of which too many numbers have something is looked for in the rows themselves.
		if len(numbers) > numbersAtOnce && fragment == "" {
			all, fragment = append(all, trigrams...), digits
			continue
		}
		a, err := p.numbersOrWord(numbers, digits)
		if err != nil || len(a.terms) == 0 {
			return nil, err
		}
		all = append(all, a)
	}
	src := p.source(all)
	src.fragment = fragment
	return []Source{src}, nil
}

// numbersOrWord are numbers, and words that begin with the digits: a contract's number is one.
func (p *planner) numbersOrWord(numbers []string, digits string) (alternatives, error) {
	terms, err := termsOf(p.r, digits, p.in)
	if err != nil {
		return alternatives{}, err
	}
	terms, _ = among(terms, p.in)
	a := alternatives{terms: slices.Clone(numbers[:min(len(numbers), numbersAtOnce)]), times: len(numbers)}
	for _, t := range terms {
		a.terms, a.times = append(a.terms, t.word), a.times+t.times
	}
	return a, nil
}

// numbersWith are the numbers that have a fragment, as words of the index: at most one more than are
// looked for at once. trigrams are what trigrams has answered for it.
func (p *planner) numbersWith(fragment string, trigrams []alternatives) ([]string, error) {
	groups := make([]string, len(trigrams))
	for i, t := range trigrams {
		groups[i] = strings.TrimPrefix(t.terms[0], trigramTerm)
	}
	numbers, err := p.index.backend.numbersWith(p.r, fragment, groups, numbersAtOnce+1)
	if err != nil {
		return nil, fmt.Errorf("finding numbers with a fragment: %w", err)
	}
	for i, n := range numbers {
		numbers[i] = strings.TrimPrefix(n, "+")
	}
	return numbers, nil
}

// trigrams are the groups of three digits of a fragment that tell numbers apart; false when no number among
// the kinds has all groups.
func (p *planner) trigrams(fragment string) ([]alternatives, bool, error) {
	var wanted []string
	for _, g := range search.Trigrams(fragment) {
		wanted = append(wanted, trigramTerm+g)
	}
	found, err := filterTermsKnown(p.r, wanted)
	if err != nil {
		return nil, false, err
	}
	var all []alternatives
	in := p.in
	for _, t := range wanted {
		in &= found[t].in
		all = append(all, alternatives{terms: []string{t}, times: found[t].times})
	}
	return telling(all, p.documents), in != 0, nil
}

const (
	// commonShare is from which part of all documents on a group of digits tells little, rarer how much rarer
	// another one must be for it to be left out.
	commonShare, rarer = 0.5, 2
)

// telling leaves out the groups that most numbers have, as those of the school's own region, where another one
// is rare: SQLite reads the list of each group from its beginning, and of such a list that is all for nothing.
// What the other groups find is held against the whole fragment anyway.
func telling(groups []alternatives, documents int) []alternatives {
	if len(groups) == 0 {
		return nil
	}
	rarest := slices.MinFunc(groups, func(a, b alternatives) int { return cmp.Compare(a.times, b.times) }).times
	return slices.DeleteFunc(slices.Clone(groups), func(g alternatives) bool {
		return float64(g.times) > commonShare*float64(documents) && g.times > rarer*rarest
	})
}

// joinTerms makes an expression: of each list one term, and all lists. Terms are letters and digits,
// so quoting them is enough.
func joinTerms(lists [][]string, quote, or, and string) string {
	all := make([]string, len(lists))
	for i, terms := range lists {
		all[i] = "(" + quote + strings.Join(terms, quote+or+quote) + quote + ")"
	}
	return strings.Join(all, and)
}
