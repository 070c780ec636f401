package schools

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Run closes schools that nobody has used for a while, until ctx ends.
func (s *Set[S]) Run(ctx context.Context) {
	tick := time.NewTicker(max(s.cfg.Idle/8, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.CloseIdle()
		}
	}
}

// CloseIdle begins to close the schools that nobody has used for a while and that are not busy.
func (s *Set[S]) CloseIdle() {
	for _, e := range s.unused(s.cfg.Idle) {
		if !s.busy(e) {
			s.retire(e)
		}
	}
}

// Retire begins to close a school that nobody uses and that is not busy.
func (s *Set[S]) Retire(name string) {
	for _, e := range s.unused(0) {
		if e.name == name && !s.busy(e) {
			s.retire(e)
		}
	}
}

// unused lists the open schools that nobody has used for a while, the least recently used first.
func (s *Set[S]) unused(since time.Duration) []*entry[S] {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	var all []*entry[S]
	for _, e := range s.open {
		if e.isReady() && !e.ending && e.users == 0 && now.Sub(e.used) >= since && now.Sub(e.busy) >= busyFor {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b *entry[S]) int { return a.used.Compare(b.used) })
	return all
}

func (e *entry[S]) isReady() bool {
	select {
	case <-e.ready:
		return true
	default:
		return false
	}
}

// busy asks a school whether it must stay open.
func (s *Set[S]) busy(e *entry[S]) bool {
	if !e.school.Busy() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.busy = s.cfg.Now()
	return true
}

// retire closes a school unless somebody uses it meanwhile.
func (s *Set[S]) retire(e *entry[S]) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.ending || e.users > 0 {
		return false
	}
	e.ending = true
	close(e.left)
	go s.finish(e)
	return true
}

// expel closes a school whoever uses it: what would go on for ever is ended, the rest has a while.
func (s *Set[S]) expel(e *entry[S]) {
	<-e.ready
	s.mu.Lock()
	if e.ending || e.err != nil { // it is being closed already, or was never open
		s.mu.Unlock()
		return
	}
	e.ending = true
	if e.users == 0 {
		close(e.left)
	}
	s.mu.Unlock()
	e.school.End()
	late := time.NewTimer(s.cfg.Leave)
	defer late.Stop()
	select {
	case <-e.left:
	case <-late.C:
		slog.Warn("a school is closed although somebody still uses it", "school", e.name)
	}
	s.finish(e)
}

// finish closes a school that nobody new can use.
func (s *Set[S]) finish(e *entry[S]) {
	s.closing <- struct{}{}
	err := closed(e.school)
	<-s.closing
	if err != nil {
		slog.Error("school not closed as it should be", "school", e.name, "err", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, e.name)
	close(e.gone)
}

func closed(school School) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v", r)
		}
	}()
	return school.Close()
}

// Close closes all schools and opens none any more.
func (s *Set[S]) Close() {
	s.mu.Lock()
	s.closed = true
	all := make([]*entry[S], 0, len(s.open))
	for _, e := range s.open {
		all = append(all, e)
	}
	s.mu.Unlock()
	s.end()
	var leaving sync.WaitGroup
	for _, e := range all {
		leaving.Go(func() {
			s.expel(e)
			<-e.gone
		})
	}
	leaving.Wait()
}
