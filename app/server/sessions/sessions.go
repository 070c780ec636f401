// Package sessions is who is signed in: signing in behind a throttle, how long that lasts, and its
// end. A session is valid as long as its row in the database says so, whichever node asks, so
// what ends it anywhere ends it everywhere.
package sessions

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/chores"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// sessionsOfOne is how many sessions an employee may have; one more ends the least recently used.
	sessionsOfOne = 32
	// touchEvery is how exactly it is known when a session was last used: no request but the first in
	// this time costs a write.
	touchEvery = 10 * time.Minute
	// tidyEvery is how often uses and refusals are written down and what is over is dropped.
	tidyEvery = time.Minute
)

// Config is what Sessions cannot do without. All fields but Name and Meter are required.
type Config struct {
	// Name is the school's in an installation that holds several: tokens tell it. Empty: there is one.
	Name      string
	Store     *store.Store
	Passwords *access.Passwords
	// School tells the school's present settings, which hold the lifetime of a session.
	School func() client.School
	Now    func() time.Time
	NewID  func() string
	// Meter counts sign-ins; nil: nobody does.
	Meter Meter
}

// Meter counts sign-ins. Safe for concurrent use.
type Meter interface {
	// SignIn is told how one ended: "ok", the reason of a refusal, or "failed".
	SignIn(outcome string)
}

// Sessions opens, lists and ends sessions. Safe for concurrent use.
type Sessions struct {
	Config
	throttle *throttle
	refused  *refusals
	mu       sync.Mutex
	used     map[string]time.Time // session id → last use that is not written yet
}

// New returns Sessions; Run must go on beside it.
func New(cfg Config) *Sessions {
	return &Sessions{Config: cfg, throttle: newThrottle(cfg.Store, cfg.Now), refused: newRefusals(), used: map[string]time.Time{}}
}

const day = 24 * time.Hour

// Lifetime is how long sessions last, as the school has chosen.
func (s *Sessions) Lifetime() store.Lifetime {
	school := s.School()
	return store.Lifetime{Idle: time.Duration(school.SessionIdleDays) * day, Max: time.Duration(school.SessionMaxDays) * day}
}

// Of tells whose token it is, and notes that it was used; store.ErrNotFound when it is of no valid session.
func (s *Sessions) Of(ctx context.Context, token string) (store.Session, client.Employee, error) {
	session, e, err := s.Store.SessionOf(ctx, access.HashToken(token), s.Lifetime())
	if err == nil {
		s.use(session)
	}
	return session, e, err
}

// Live lists all valid sessions by id, and notes that those in use are used.
func (s *Sessions) Live(ctx context.Context, inUse map[string]bool) (map[string]store.LiveSession, error) {
	live, err := s.Store.LiveSessions(ctx, s.Lifetime())
	if err != nil {
		return nil, err
	}
	for id := range inUse {
		if one, ok := live[id]; ok {
			s.use(one.Session)
		}
	}
	return live, nil
}

func (s *Sessions) use(one store.Session) {
	now := s.Now()
	if now.Sub(one.LastUsedAt) < touchEvery {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[one.ID] = now
}

// Run writes down now and then which sessions were used, tells refused sign-ins to the audit, and
// drops what is over, until ctx ends.
func (s *Sessions) Run(ctx context.Context) {
	done := chores.Watch(ctx, "sessions")
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := s.Tidy(context.WithoutCancel(ctx)); err != nil {
				slog.ErrorContext(ctx, "the use of sessions was not noted", "err", err)
			}
			return
		case <-tick.C:
		}
		err := s.Tidy(ctx)
		done(err)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sessions not tidied", "err", err)
		}
	}
}

// Tidy is one round of Run.
func (s *Sessions) Tidy(ctx context.Context) error {
	s.mu.Lock()
	used := s.used
	s.used = map[string]time.Time{}
	s.mu.Unlock()
	refused := s.refused.empty()
	rows := refused.rows(s.Now())
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		for id, at := range used {
			if err := tx.TouchSession(id, at); err != nil {
				return err
			}
		}
		for _, row := range rows {
			if err := tx.AddAudit(row); err != nil {
				return err
			}
		}
		if err := tx.DropSessions(s.Lifetime()); err != nil {
			return err
		}
		return tx.DropTries(longestSpan)
	})
	if err != nil {
		s.putBack(used)
		s.refused.putBack(refused)
	}
	return err
}

// putBack notes uses that could not be written; what was used since is newer.
func (s *Sessions) putBack(used map[string]time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(used, s.used)
	s.used = used
}

// List shows an employee's valid sessions, newest first; those of others to directors, but of nobody
// above their own role.
func (s *Sessions) List(ctx context.Context, by client.Employee, of string) ([]client.Session, error) {
	if of == "" {
		of = by.ID
	}
	if of != by.ID {
		if err := access.MayGive(by, client.RoleOperator); err != nil {
			return nil, err // before it is told whether there is such an employee
		}
		owner, err := s.Store.Employee(ctx, of)
		if err != nil {
			return nil, err
		}
		if err := access.MayTouch(by, owner); err != nil {
			return nil, err
		}
	}
	l := s.Lifetime()
	all, err := s.Store.SessionsOf(ctx, of, l)
	if err != nil {
		return nil, err
	}
	current := access.CallerOf(ctx).Session
	out := make([]client.Session, 0, len(all))
	for _, one := range all {
		out = append(out, onWire(one, l, current))
	}
	return out, nil
}

func onWire(s store.Session, l store.Lifetime, current string) client.Session {
	out := client.Session{ID: s.ID, EmployeeID: s.EmployeeID, Device: s.Device, Address: s.Address, CreatedAt: s.CreatedAt, Current: s.ID == current}
	out.ExpiresAt = s.CreatedAt.Add(l.Max)
	if s.LastUsedAt.IsZero() {
		return out
	}
	out.LastUsedAt = &s.LastUsedAt
	if idle := s.LastUsedAt.Add(l.Idle); idle.Before(out.ExpiresAt) {
		out.ExpiresAt = idle
	}
	return out
}

// End ends a session: one's own, or, for directors, of anybody who is not above their own role.
func (s *Sessions) End(ctx context.Context, by client.Employee, id string) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		session, err := tx.Session(id)
		if err != nil {
			return err
		}
		if session.EmployeeID != by.ID {
			owner, err := tx.Employee(session.EmployeeID)
			if err != nil {
				return err
			}
			if err := access.MayTouch(by, owner); err != nil {
				return err
			}
		}
		ended, err := tx.EndSession(id)
		if err != nil {
			return err
		}
		if !ended {
			return fmt.Errorf("session %s: %w", id, store.ErrNotFound)
		}
		action := access.ActionSessionEnd
		if id == access.CallerOf(ctx).Session {
			action = access.ActionSignOut
		}
		return tx.AddAudit(s.row(ctx, by, action, "employee:"+session.EmployeeID, map[string]string{"device": session.Device}))
	})
}

func (s *Sessions) row(ctx context.Context, by client.Employee, action, target string, detail map[string]string) store.AuditRow {
	from := access.CallerOf(ctx)
	return store.AuditRow{
		ID: s.NewID(), At: s.Now(), EmployeeID: by.ID, Login: by.Login, Action: action, Target: target, Detail: detail,
		Address: from.Address, SessionID: from.Session,
	}
}

// EndAll ends all sessions of an employee in the name of the server's own machine.
func (s *Sessions) EndAll(ctx context.Context, of client.Employee) (n int64, err error) {
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if n, err = tx.EndSessionsOf(of.ID, ""); err != nil {
			return err
		}
		row := s.row(ctx, client.Employee{Login: access.Console}, access.ActionSessionEnd, "employee:"+of.ID, nil)
		return tx.AddAudit(row)
	})
	return n, err
}
