package run

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// verdict is what the cards that are there make of a row.
type verdict int

const (
	makes verdict = iota // no card is the row's: a new one is made
	finds                // the row is of a card that is there
	skips                // the row says nothing of whose it is, and somebody has its number
	asks                 // a person must decide; nothing is made or changed
)

// match is the verdict, the card of finds, and what a person is told.
type match struct {
	verdict verdict
	found   candidate
	words   []texts.Message
}

// candidate is a card that a row may be of: one of ours, or of an earlier line of this file.
type candidate struct {
	card    crm.Card
	key     imports.Key
	line    int // of this file; 0: a card of ours
	fresh   bool
	changes []crm.Delta
}

// match finds whose a row is. The id of another CRM and a contract's number are one card's own. Else a
// person is a name together with a number or an address: a number alone never says who it is, for
// families share one.
//
//   - Somebody of that name has the number: it is his card.
//   - One card has the number, of another name: a new card, and a remark.
//   - Several have it, none of that name: a question, and nothing is done.
//   - The row has no name: whoever has the number is left alone.
//   - The id of another CRM is on a card of another name, number and address: a question, too.
func (j *job) match(ctx context.Context, d imports.Draft, known knownCards) (match, error) {
	own, err := j.own(ctx, d, known)
	if err != nil {
		return match{}, err
	}
	if strangers := strangersOf(d, own); len(strangers) > 0 && j.rule != imports.Add {
		return match{verdict: asks, words: questionTexts(strangers)}, nil
	}
	var others []candidate
	if len(own) == 0 && !d.NumbersOwn() {
		if own, others, err = j.holders(ctx, d, known); err != nil {
			return match{}, err
		}
	}
	if len(own) == 0 && len(others) == 0 && d.Kind == client.KindClient {
		if own, err = j.namesakes(ctx, d); err != nil {
			return match{}, err
		}
	}
	if len(own) > 0 {
		return j.choose(d, own)
	}
	switch {
	case j.rule == imports.Add, len(others) == 0:
		return match{verdict: makes}, nil
	case !d.Named():
		return match{verdict: skips, words: holderTexts(others[0])}, nil
	case len(others) == 1 && imports.Nameless(others[0].card) && !d.Other(others[0].card):
		return match{verdict: finds, found: others[0], words: duplicateTexts(others[0])}, nil
	case len(others) == 1, len(d.Sure()) > 0: // an id that nobody has says that it is somebody new
		return match{verdict: makes, words: sharedNumberTexts(others[0])}, nil
	}
	return match{verdict: asks, words: questionTexts(others)}, nil
}

// strangersOf are the cards of a row's external id, when none of them has anything else in common with it:
// the ids of two programs both begin with 1, and a file of the second must not rename who came from the
// first.
func strangersOf(d imports.Draft, own []candidate) []candidate {
	for _, c := range own {
		if c.key.What != imports.ExternalID || !d.Stranger(c.card) {
			return nil
		}
	}
	return own
}

// choose takes one of the cards that the row may be of: the one to which it says nothing new, else the
// only one, else the only one of its name.
func (j *job) choose(d imports.Draft, own []candidate) (match, error) {
	for _, c := range own {
		same, err := j.saysNothingNew(d, c)
		if err != nil {
			return match{}, err
		}
		if same {
			return match{verdict: finds, found: c, words: duplicateTexts(c)}, nil
		}
	}
	if j.rule == imports.Add || own[0].key == imports.PersonKey(d.Name(), "") {
		return match{verdict: makes}, nil
	}
	if len(own) > 1 {
		var named []candidate
		for _, c := range own {
			if imports.NameKey(c.card.Subject().Name) == imports.NameKey(d.Name()) {
				named = append(named, c)
			}
		}
		if len(named) != 1 {
			return match{verdict: asks, words: questionTexts(own)}, nil
		}
		own = named
	}
	return match{verdict: finds, found: own[0], words: duplicateTexts(own[0])}, nil
}

func (j *job) saysNothingNew(d imports.Draft, c candidate) (bool, error) {
	responsible, _ := j.responsible(d)
	after, err := d.Card(&c.card, "", responsible, j.runner.Now().UTC())
	var invalid *crm.Invalid
	if errors.As(err, &invalid) {
		return false, nil // told when the row is taken
	}
	return err == nil && len(crm.Deltas(&c.card, after)) == 0, err
}

// own are the cards that the surest key of the row finds.
func (j *job) own(ctx context.Context, d imports.Draft, known knownCards) ([]candidate, error) {
	for _, k := range d.Sure() {
		found, err := j.having(ctx, k, known[k])
		if found = slices.DeleteFunc(found, func(c candidate) bool { return d.Other(c.card) }); err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// holders are the cards that have a number of the row: those of its name, and the others; who has another
// id in the other CRM is another.
func (j *job) holders(ctx context.Context, d imports.Draft, known knownCards) (same, others []candidate, err error) {
	name, seen := imports.NameKey(d.Name()), map[string]bool{}
	for _, n := range d.Numbers {
		k := imports.Key{What: imports.Phone, Value: n}
		found, err := j.having(ctx, k, known[k])
		if err != nil {
			return nil, nil, err
		}
		// The file may have more of that number than are kept by it alone.
		more, err := j.having(ctx, imports.PersonKey(d.Name(), n), nil)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range append(found, more...) {
			id := c.card.Ref().ID
			if seen[id] {
				continue
			}
			seen[id], c.key = true, k
			if imports.NameKey(c.card.Subject().Name) == name && !d.Other(c.card) {
				same = append(same, c)
			} else {
				others = append(others, c)
			}
		}
	}
	return same, others, nil
}

// namesakes are the clients of the row's name with its address, or, when the row has neither number nor
// address, those who have no number.
func (j *job) namesakes(ctx context.Context, d imports.Draft) ([]candidate, error) {
	if d.Email() == "" && len(d.Numbers) > 0 {
		return nil, nil
	}
	if j.people == nil {
		var err error
		if j.people, err = j.peopleOf(ctx); err != nil {
			return nil, err
		}
	}
	k := imports.PersonKey(d.Name(), d.Email())
	var ours []crm.Card
	for _, id := range j.people[k] {
		card, err := j.runner.Store.Card(ctx, client.SubjectRef{Kind: j.kind, ID: id})
		if errors.Is(err, store.ErrNotFound) || err == nil && card.Deleted() {
			continue // gone since
		}
		if err != nil {
			return nil, err
		}
		ours = append(ours, card)
	}
	found, err := j.having(ctx, k, ours)
	return slices.DeleteFunc(found, func(c candidate) bool { return d.Other(c.card) }), err
}

// having are the cards with a key: of this file's lines, and of ours. A card that the file changes is
// taken as the file has made it.
func (j *job) having(ctx context.Context, k imports.Key, ours []crm.Card) ([]candidate, error) {
	lines := slices.Clone(j.seen.lines(k))
	var found []candidate
	for _, card := range ours {
		switch line := j.lines[card.Ref().ID]; {
		case line != 0 && !slices.Contains(lines, line):
			lines = append(lines, line)
		case line == 0:
			found = append(found, candidate{card: card, key: k})
		}
	}
	for _, line := range lines {
		c, err := j.ofLine(ctx, k, line)
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, nil
}

// ofLine is the card that an earlier line has put aside.
func (j *job) ofLine(ctx context.Context, k imports.Key, line int) (candidate, error) {
	earlier, ok := j.staged[line]
	if !ok {
		var err error
		if earlier, err = j.runner.Store.Staged(ctx, j.row.ID, j.kind, line); err != nil {
			return candidate{}, err
		}
	}
	return candidate{earlier.Card, k, line, earlier.Fresh, earlier.Changes}, nil
}

// seenKeys is in which lines of a file a key stood. Keys are kept as hashes: a million rows have five
// million of them, and two alike by chance come once in a hundred thousand such files.
type seenKeys struct {
	seed  maphash.Seed
	first map[uint64]int32
	more  map[uint64][]int32
}

// linesMost is how many lines are kept of a key: a number that stands in every row is the school's own,
// and three who have it are as much of a question as three thousand.
const linesMost = 4

func newSeenKeys() seenKeys {
	return seenKeys{maphash.MakeSeed(), map[uint64]int32{}, map[uint64][]int32{}}
}

func (s seenKeys) hash(k imports.Key) uint64 {
	return maphash.String(s.seed, string(k.What)+"\x00"+k.Value)
}

func (s seenKeys) add(k imports.Key, line int) {
	h, l := s.hash(k), int32(line)
	switch first := s.first[h]; {
	case first == 0:
		s.first[h] = l
	case first != l && !slices.Contains(s.more[h], l) && len(s.more[h]) < linesMost-1:
		s.more[h] = append(s.more[h], l)
	}
}

func (s seenKeys) lines(k imports.Key) []int {
	h := s.hash(k)
	if s.first[h] == 0 {
		return nil
	}
	lines := []int{int(s.first[h])}
	for _, l := range s.more[h] {
		lines = append(lines, int(l))
	}
	return lines
}
