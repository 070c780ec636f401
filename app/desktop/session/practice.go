package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"dozvon/client"
	"dozvon/client/sandbox"
)

// PracticeEnd is why a practice has ended that nobody here has ended; the words are keys of what is said.
type PracticeEnd string

// The ends.
const (
	PracticeEndedByCall PracticeEnd = "call" // a real call came
	PracticeEndedByTime PracticeEnd = "time" // it lasted as long as it may
	PracticeLost        PracticeEnd = "lost" // the connection, or the server
)

// ErrPractising says that there is a practice already, or that nobody is signed in who could practise.
var ErrPractising = errors.New("a practice cannot begin now")

const (
	// practiceLook is how often it is asked how far a practice is.
	practiceLook = time.Second
	// practiceSlack is how much sooner than told a practice may end and still have had its time.
	practiceSlack = 5 * time.Second
)

// practising is what a token of a practice has beside its stream.
type practising struct {
	practice *sandbox.Sandbox
	home     *token          // of whoever practises, in the real school
	me       client.Employee // who they are there
	step     string
	ends     deadline // guarded by the session's mu
}

// deadline is when a practice ends by itself, by the server's clock.
type deadline struct {
	until time.Time
	ahead time.Duration // how far the server's clock is before this computer's
}

// deadlineOf is a practice's, as its server has just told it; here is this computer's clock.
func deadlineOf(state sandbox.State, here time.Time) deadline {
	return deadline{state.Until, state.Now.Sub(here.Round(0))}
}

// reached tells whether it has had its time. The clock on the wall counts: this one may have slept.
func (d deadline) reached(here time.Time) bool {
	return d.until.Sub(here.Round(0).Add(d.ahead)) < practiceSlack
}

func (p *practising) close() {
	if err := p.practice.Close(); err != nil {
		slog.Debug("practice not closed", "error", err)
	}
}

// Practise goes on in a practice of the server's until EndPractice, a real call, or its end; then it goes
// on in the real school again, and tells ended why, unless it was EndPractice. The real school is
// followed meanwhile for calls of one's own alone.
func (s *Session) Practise(ctx context.Context, ended func(PracticeEnd)) error {
	home := s.current()
	if home == nil || home.practice != nil {
		return ErrPractising
	}
	practice, err := sandbox.Begin(ctx, home.api)
	if err != nil {
		return err
	}
	me, err := practice.Me(ctx)
	if err == nil {
		var state sandbox.State
		if state, err = practice.State(ctx); err == nil {
			p := &practising{practice: practice, home: home, me: s.State().Me, step: state.Step, ends: deadlineOf(state, time.Now())}
			err = s.beginPractice(ctx, home, p, me, ended)
		}
	}
	if err != nil {
		practice.Close()
		return fmt.Errorf("beginning a practice: %w", err)
	}
	return nil
}

func (s *Session) beginPractice(ctx context.Context, home *token, p *practising, me client.Employee, ended func(PracticeEnd)) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.current() != home {
		return ErrPractising
	}
	own := &token{
		server: home.server, login: home.login, secret: home.secret, inKeyring: home.inKeyring, me: me, api: p.practice.API, practice: p,
	}
	s.take(own)
	go s.watchPractice(ctx, own, ended)
	return nil
}

// EndPractice goes back to the real school; without a practice nothing happens.
func (s *Session) EndPractice() { s.leavePractice(s.current()) }

// leavePractice goes back from a practice, if that is what is in use.
func (s *Session) leavePractice(t *token) bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	if t == nil || t.practice == nil || s.current() != t {
		return false
	}
	home := t.practice.home
	s.use(home.server, home.login, home.secret, t.practice.me, home.inKeyring)
	return true
}

// watchPractice follows a practice and the real calls beside it until it is over.
func (s *Session) watchPractice(ctx context.Context, t *token, ended func(PracticeEnd)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := t.practice
	calls := make(chan PracticeEnd, 1)
	go s.realCalls(ctx, p.home, calls)
	go s.practiceSteps(ctx, t)
	why := PracticeLost
	select {
	case <-ctx.Done():
		return
	case why = <-calls:
	case <-p.practice.Over():
		s.mu.Lock()
		if p.ends.reached(time.Now()) {
			why = PracticeEndedByTime
		}
		s.mu.Unlock()
	}
	if s.leavePractice(t) {
		slog.Info("practice ended", "reason", why)
		ended(why)
	}
}

// practiceSteps follows how far a practice is. A real call does not wait for an answer that a stalled connection
// owes.
func (s *Session) practiceSteps(ctx context.Context, t *token) {
	look := time.NewTicker(practiceLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			s.practiceStep(ctx, t)
		}
	}
}

// practiceStep asks how far a practice is and tells it.
func (s *Session) practiceStep(ctx context.Context, t *token) {
	state, err := t.practice.practice.State(ctx)
	if err != nil {
		return // its end is told elsewhere
	}
	s.mu.Lock()
	t.practice.ends = deadlineOf(state, time.Now())
	changed := s.token == t && s.state.Practice != state.Step
	if changed {
		s.state.Practice = state.Step
	}
	now := s.state
	s.mu.Unlock()
	if changed {
		s.changed(now)
	}
}

// realCalls waits for a real call of whoever practises. That their session is over ends the practice too.
func (s *Session) realCalls(ctx context.Context, home *token, told chan<- PracticeEnd) {
	tell := func(why PracticeEnd) {
		select {
		case told <- why:
		default:
		}
	}
	me, err := home.api.Me(ctx)
	if err != nil {
		slog.Debug("real calls not followed", "error", err)
		tell(PracticeLost)
		return
	}
	err = home.api.Stream(ctx, client.StreamConfig{Handle: func(event client.StreamEvent) {
		switch data := event.Data.(type) {
		case *client.Hello:
			// One may have come while this stream was not open.
			if active, err := home.api.ActiveCalls(ctx); err == nil && slices.ContainsFunc(active, func(c client.Call) bool { return concerns(c, me.ID) }) {
				tell(PracticeEndedByCall)
			}
		case *client.Call:
			if concerns(*data, me.ID) {
				tell(PracticeEndedByCall)
			}
		}
	}})
	if errors.Is(err, client.ErrSignedOut) {
		tell(PracticeLost)
	}
}

// concerns tells whether a call rings for somebody, or is theirs, now.
func concerns(c client.Call, me string) bool {
	if c.State == client.StateEnded || c.Deleted {
		return false
	}
	return slices.Contains(c.Ringing, me) || c.Employee != nil && c.Employee.ID == me
}
