package textindex

import "sync"

// wordCache remembers which words are in the database, with which kinds, and how often each was met
// since it was counted there: committed ones only.
type wordCache struct {
	mu    sync.Mutex // guards known
	known map[string]Usage
}

const (
	// cachedWords bounds what is remembered; who has forgotten a word writes it once more.
	cachedWords = 200_000
	// CountedAfter is how often a known word is met before it is counted in the database. A restart
	// forgets up to as many: the counts tell common words from rare ones, no more.
	CountedAfter = 64
)

// pending gives what is to be counted of a word in the database, false when that can wait.
func (c *wordCache) pending(word string, met Usage) (Usage, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	had, ok := c.known[word]
	if !ok || had.In|met.In != had.In {
		return met, true
	}
	had.Times += met.Times
	return had, had.Times >= CountedAfter
}

// Met is the words that a transaction met: remembered once it is committed, and not when it was rolled
// back.
type Met map[string]metWord

type metWord struct {
	Usage
	written bool // what was counted of it is in the database
}

func (m Met) note(word string, met Usage, written bool) {
	had := m[word]
	m[word] = metWord{Usage{had.Times + met.Times, had.In | met.In}, had.written || written}
}

// Add joins what another part of the transaction met.
func (m Met) Add(more Met) {
	for w, u := range more {
		m.note(w, u.Usage, u.written)
	}
}

func (c *wordCache) commit(words Met) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known)+len(words) > cachedWords {
		clear(c.known)
	}
	for w, met := range words {
		had, ok := c.known[w]
		switch {
		case met.written:
			c.known[w] = Usage{In: had.In | met.In}
		case ok: // what has been forgotten meanwhile is written when it is met next
			c.known[w] = Usage{had.Times + met.Times, had.In}
		}
	}
}
