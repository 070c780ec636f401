package access

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"
)

const (
	// hashesAtOnce bounds the memory: one hash takes 64 MiB, and as much again waits for the collector.
	hashesAtOnce = 2
	// turnsWaiting is how many may wait for their turn, turnsOfOne how many of them from one address:
	// nobody alone can fill the queue for everybody else.
	turnsWaiting = 100
	turnsOfOne   = 75
	// turnLimit is how long a turn is waited for; the apps give up after 15 s.
	turnLimit = 10 * time.Second
)

// BusyFor is after how long somebody who was refused with ErrBusy should try again.
const BusyFor = 3 * time.Second

// ErrBusy says that too many passwords are being checked already.
var ErrBusy = errors.New("too many passwords are being checked")

// Passwords hashes and checks passwords (argon2id), a few at a time, whoever asks: a hash costs
// memory and time on purpose, so those who wait must be few and those who hash fewer.
type Passwords struct {
	params *argon2id.Params
	// decoy is checked when no account has the login, so that a wrong login costs the same time as a
	// wrong password and the answer tells nobody which logins exist.
	decoy   string
	slots   *semaphore.Weighted
	mu      sync.Mutex
	waiting int
	of      map[string]int // by address
}

// NewPasswords takes the cost of a hash; nil is the library's default, 64 MiB. Tests where hashing
// is not the point take less.
func NewPasswords(params *argon2id.Params) *Passwords {
	if params == nil {
		params = argon2id.DefaultParams
	}
	return &Passwords{params: params, decoy: decoyOf(params), slots: semaphore.NewWeighted(hashesAtOnce), of: map[string]int{}}
}

// decoyOf is a hash that no password has but by a chance of 2^-256.
func decoyOf(p *argon2id.Params) string {
	salt, key := make([]byte, p.SaltLength), make([]byte, p.KeyLength)
	rand.Read(salt)
	rand.Read(key)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Iterations, p.Parallelism,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// Turn is the right to hash. It must be given back with Done.
type Turn struct {
	of   *Passwords
	once sync.Once
}

// Turn waits until fewer hash, if the queue is not full; ErrBusy, or the context's error. From is
// whoever shares one place in the queue: an address, or an account.
func (p *Passwords) Turn(ctx context.Context, from string) (*Turn, error) {
	if !p.queue(from) {
		return nil, ErrBusy
	}
	defer p.unqueue(from)
	patient, cancel := context.WithTimeout(ctx, turnLimit)
	defer cancel()
	if err := p.slots.Acquire(patient, 1); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("waiting to hash a password: %w", ctx.Err())
		}
		return nil, ErrBusy
	}
	return &Turn{of: p}, nil
}

func (p *Passwords) queue(from string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting >= turnsWaiting || p.of[from] >= turnsOfOne {
		return false
	}
	p.waiting++
	p.of[from]++
	return true
}

func (p *Passwords) unqueue(from string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
	if p.of[from]--; p.of[from] <= 0 {
		delete(p.of, from)
	}
}

// Done gives the turn back; more than once is harmless.
func (t *Turn) Done() { t.once.Do(func() { t.of.slots.Release(1) }) }

// Check reports whether password belongs to hash; an empty hash never matches, at the same cost.
func (t *Turn) Check(password, hash string) bool {
	known := hash != ""
	if !known {
		hash = t.of.decoy
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	return err == nil && ok && known
}

// Hash makes what is stored of a password.
func (t *Turn) Hash(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, t.of.params)
	if err != nil {
		return "", fmt.Errorf("hashing a password: %w", err)
	}
	return hash, nil
}

// Hash waits for a turn and makes what is stored of a password; ErrBusy.
func (p *Passwords) Hash(ctx context.Context, from, password string) (string, error) {
	turn, err := p.Turn(ctx, from)
	if err != nil {
		return "", err
	}
	defer turn.Done()
	return turn.Hash(password)
}
