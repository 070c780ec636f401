package store

import "sync"

// learnt remembers which words are in the database, with which kinds: committed ones only.
type learnt struct {
	mu    sync.Mutex // guards known
	known map[string]Usage
}

const (
	// learntMost bounds what is remembered; who has forgotten writes once more.
	learntMost = 200_000
	// learntLater is how often a known word is met before it is counted in the database. A restart
	// forgets up to as many: the counts tell common words from rare ones, no more.
	learntLater = 64
)

// due gives what is to be written of a word, false when that can wait.
func (l *learnt) due(word string, met Usage) (Usage, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	had, ok := l.known[word]
	if !ok || had.In|met.In != had.In {
		return met, true
	}
	had.Times += met.Times
	return had, had.Times >= learntLater
}

// pendingWords are what a transaction met: remembered once it is committed, and not when it was
// taken back.
type pendingWords map[string]pendingWord

type pendingWord struct {
	Usage
	written bool // what was counted of it is in the database
}

func (p pendingWords) note(word string, met Usage, written bool) {
	had := p[word]
	p[word] = pendingWord{Usage{had.Times + met.Times, had.In | met.In}, had.written || written}
}

func (p pendingWords) add(more pendingWords) {
	for w, u := range more {
		p.note(w, u.Usage, u.written)
	}
}

func (l *learnt) commit(words pendingWords) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known)+len(words) > learntMost {
		clear(l.known)
	}
	for w, met := range words {
		had, ok := l.known[w]
		switch {
		case met.written:
			l.known[w] = Usage{In: had.In | met.In}
		case ok: // what has been forgotten meanwhile is written when it is met next
			l.known[w] = Usage{had.Times + met.Times, had.In}
		}
	}
}
