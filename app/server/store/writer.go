package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
)

const (
	// queueLength is how many writes may wait; more make their callers wait in turn.
	queueLength = 1024
	// groupLimit bounds one transaction, so that the last of a group does not wait for long.
	groupLimit = 64
)

// ErrClosed says that the store is shutting down and took no more writes.
var ErrClosed = errors.New("the store is closed")

type job struct {
	ctx   context.Context
	work  func(*Tx) error
	done  chan error
	begun *atomic.Int32 // waiting, begun, or given up: whoever swaps first decides
}

const (
	jobWaits int32 = iota
	jobBegun
	jobGivenUp
)

// begin reports whether the job may run: who asked for it still waits, or nobody gives it up.
func (j job) begin() bool {
	return j.begun == nil || j.begun.CompareAndSwap(jobWaits, jobBegun) || j.begun.Load() == jobBegun
}

// Write runs work in the writer's transaction and returns when that is durable. Work that
// fails changes nothing and does not disturb the others of its group. It must not wait for
// anything but the database, and it may run more than once: what it leaves outside the
// transaction, the last run must set whole.
//
// On PostgreSQL one transaction writes at a time among all nodes, so work that reads, decides and
// writes is as safe there as on SQLite.
func (s *Store) Write(ctx context.Context, work func(*Tx) error) error {
	turn := ctx
	if s.dialect.postgres {
		var cancel context.CancelFunc
		turn, cancel = context.WithTimeout(ctx, turnLimit)
		defer cancel()
	}
	j := job{ctx: ctx, work: work, done: make(chan error, 1), begun: new(atomic.Int32)}
	if err := s.enqueue(turn, j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-turn.Done():
	}
	if j.begun.CompareAndSwap(jobWaits, jobGivenUp) {
		return fmt.Errorf("waiting to write: %w", turn.Err())
	}
	// What has begun may be committed, so its true outcome is awaited.
	return <-j.done
}

func (s *Store) enqueue(ctx context.Context, j job) error {
	s.queue.RLock()
	defer s.queue.RUnlock()
	if s.closed {
		return ErrClosed
	}
	select {
	case s.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) writer() {
	defer close(s.done)
	for first := range s.jobs {
		s.commit(s.gather(first))
	}
}

func (s *Store) gather(first job) []job {
	group := []job{first}
	for len(group) < groupLimit {
		select {
		case j, ok := <-s.jobs:
			if !ok {
				return group
			}
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit runs a group in one transaction. When that fails as a whole, which says nothing of its
// jobs, each of them gets a transaction of its own; unless the database stands still, for then each would wait
// as long as the whole did.
func (s *Store) commit(group []job) {
	results, err := s.attempt(group)
	for try := 2; held(err) && try <= lockTries; try++ {
		results, err = s.attempt(group)
	}
	if err == nil {
		for i, j := range group {
			if again(results[i]) {
				results[i] = s.commitAlone(j)
			}
			j.done <- results[i]
		}
		return
	}
	if len(group) > 1 {
		slog.Warn("a group of writes failed", "writes", len(group), "err", err)
	}
	for _, j := range group {
		if !standing(err) && !held(err) && (len(group) > 1 || again(err)) {
			alone := s.commitAlone(j)
			j.done <- alone
			if standing(alone) {
				err = alone
			}
			continue
		}
		j.done <- err
	}
}

const (
	// aloneTries bounds how often one write is tried after failures that are not its own.
	aloneTries = 4
	// lockTries is how often a lock is waited for.
	lockTries = 2
)

func (s *Store) commitAlone(j job) error {
	for try := 1; ; try++ {
		results, err := s.attempt([]job{j})
		if err == nil {
			err = results[0]
		}
		if !again(err) || try == aloneTries || locked(err) && try >= lockTries {
			return err
		}
	}
}

// ownFailure is what a write failed with, in a group that has no savepoints.
type ownFailure struct{ error }

func (f *ownFailure) Unwrap() error { return f.error }

// ofItsOwn tells that a write has failed by itself, and not because of the database.
func ofItsOwn(err error) bool {
	var own *ownFailure
	return errors.As(err, &own) && !again(err) && !IsAway(err)
}

// attempt runs a group in one transaction. Savepoints cost two statements a write and, on SQLite, a copy of
// every page that the write is the first to change; and most groups have nothing to take back. So the group
// runs without them, and again with them when one of its writes failed. The error is of the whole: then
// nothing of the group was committed.
func (s *Store) attempt(group []job) ([]error, error) {
	results, err := s.transact(group, (*batch).run)
	switch {
	case !ofItsOwn(err):
		return results, err
	case len(group) == 1:
		return []error{errors.Unwrap(err)}, nil // it was taken back with its transaction
	}
	return s.transact(group, (*batch).runApart)
}

// transact runs a group once, each job by run. A panic of ours must not leave those who wait without an answer.
func (s *Store) transact(group []job, run func(*batch, job) (result, fatal error)) (results []error, err error) {
	ended := s.measured(len(group))
	defer func() { ended(err) }()
	defer func() {
		if r := recover(); r != nil {
			slog.Error("the writer panicked", "panic", fmt.Sprint(r))
			err = fmt.Errorf("internal error while writing: %v", r)
		}
	}()
	// The writer outlives the requests it serves, so no request's end may cut the others' work.
	ctx, step, stop := s.stepping(context.Background())
	defer stop()
	defer func() {
		if cause := context.Cause(ctx); err != nil && errors.Is(cause, errStep) {
			err = errors.Join(cause, err)
		}
		s.noteRoom(append(slices.Clone(results), err)...)
		s.links.doubt(append(slices.Clone(results), err)...)
	}()
	s.written.compileWanted(ctx)
	b, err := s.begin(ctx, step)
	if err != nil {
		return nil, err
	}
	defer b.tx.Rollback()
	results = make([]error, len(group))
	for i, j := range group {
		if results[i], err = run(b, j); err != nil {
			return nil, err
		}
	}
	if err := b.commit(); err != nil {
		return nil, err
	}
	return results, nil
}

// gone tells why a job is not to be run: who asked has gone while it waited, and nothing was begun.
func (j job) gone() error {
	if err := j.ctx.Err(); err != nil || !j.begin() {
		return cmp.Or(err, context.Canceled)
	}
	return nil
}

// run does one job without a savepoint: when it fails, so does the transaction.
func (b *batch) run(j job) (result, fatal error) {
	if err := j.gone(); err != nil {
		return err, nil
	}
	unit := b.unit(j.ctx)
	if err := guarded(unit, j.work); err != nil {
		return nil, &ownFailure{err}
	}
	b.take(unit)
	return nil, nil
}

// runApart does one job behind a savepoint of its own. The error beside the job's own is of the whole
// transaction: it can be neither gone on with nor committed.
func (b *batch) runApart(j job) (result, fatal error) {
	if err := j.gone(); err != nil {
		return err, nil
	}
	if err := b.savepoint("SAVEPOINT unit"); err != nil {
		return nil, fmt.Errorf("opening a savepoint: %w", err)
	}
	unit := b.unit(j.ctx)
	result = guarded(unit, j.work)
	if result == nil {
		if err := b.savepoint("RELEASE SAVEPOINT unit"); err != nil {
			// PostgreSQL's transaction is aborted: a statement failed and the work took no notice.
			result = fmt.Errorf("closing a savepoint: %w", err)
		}
	}
	if result == nil {
		b.take(unit)
		return nil, nil
	}
	if err := b.savepoint("ROLLBACK TO SAVEPOINT unit"); err != nil {
		return nil, errors.Join(fmt.Errorf("taking a write back: %w", err), result)
	}
	if err := b.savepoint("RELEASE SAVEPOINT unit"); err != nil {
		return nil, errors.Join(fmt.Errorf("closing a savepoint: %w", err), result)
	}
	return result, nil
}

func (b *batch) savepoint(statement string) error {
	_, err := b.unit(b.ctx).exec(statement)
	return err
}

// take makes what a job leaves beside the database the group's.
func (b *batch) take(unit *Tx) {
	b.rows = append(b.rows, unit.journal...)
	maps.Copy(b.facets, unit.facets)
	b.words.Add(unit.words)
}

// guarded keeps a bug in one job from taking the writer, and so the whole server, with it.
func guarded(unit *Tx, work func(*Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("write panicked", "panic", fmt.Sprint(r))
			err = fmt.Errorf("internal error while writing: %v", r)
		}
	}()
	return unit.outcome(work(unit))
}
