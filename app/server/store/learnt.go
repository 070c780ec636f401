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
	if had.Times < learntLater {
		l.known[word] = had
		return Usage{}, false
	}
	l.known[word] = Usage{In: had.In}
	return had, true
}

func (l *learnt) commit(words map[string]Kinds) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known)+len(words) > learntMost {
		clear(l.known)
	}
	for w, in := range words {
		had := l.known[w]
		l.known[w] = Usage{had.Times, had.In | in}
	}
}
