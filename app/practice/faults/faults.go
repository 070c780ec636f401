// Package faults decides how a practice PBX and its network misbehave: what is drawn by chance is
// drawn from one seed, so that the same calls meet the same faults.
package faults

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// Luck draws from the faults in force; F is a kind's own list of them.
type Luck[F any] struct {
	seed func(F) uint64

	mu      sync.Mutex // guards what follows
	faults  F
	streams map[string]*rand.Rand
}

// NewLuck draws from faults f, whose seed is seed(f).
func NewLuck[F any](f F, seed func(F) uint64) *Luck[F] {
	return &Luck[F]{seed: seed, faults: f, streams: map[string]*rand.Rand{}}
}

// Set replaces the faults and begins their seed anew.
func (l *Luck[F]) Set(f F) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults, l.streams = f, map[string]*rand.Rand{}
}

// Get returns the faults in force.
func (l *Luck[F]) Get() F {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.faults
}

// Strikes draws once from the stream of kind, with the share that share reads off the faults. Each
// kind has a stream of its own, so that one share does not move another's.
func (l *Luck[F]) Strikes(kind string, share func(F) float64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := share(l.faults)
	if s <= 0 {
		return false
	}
	stream, ok := l.streams[kind]
	if !ok {
		h := fnv.New64a()
		_, _ = h.Write([]byte(kind)) // a hash never fails
		stream = rand.New(rand.NewPCG(l.seed(l.faults), h.Sum64()))
		l.streams[kind] = stream
	}
	return stream.Float64() < s
}

// maxDelay bounds every delay: beyond it a test would wait for nothing.
const maxDelay = 10 * time.Minute

// Check reports every share that is not from 0 to 1 and every delay in milliseconds that is
// negative or too long, each by its name, as invalid wrapped.
func Check(invalid error, shares map[string]float64, delays map[string]int64) error {
	var wrong []error
	for name, share := range shares {
		if !(share >= 0 && share <= 1) { // NaN is neither
			wrong = append(wrong, fmt.Errorf("%w: %s is %v, a share is from 0 to 1", invalid, name, share))
		}
	}
	for name, ms := range delays {
		if ms < 0 || ms > maxDelay.Milliseconds() {
			wrong = append(wrong, fmt.Errorf("%w: %s is %d, want 0 to %d", invalid, name, ms, maxDelay.Milliseconds()))
		}
	}
	slices.SortFunc(wrong, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(wrong...)
}
