// Package routerules keeps, in PBXs that take no command about a ringing call, the rules that send callers
// to their responsible employees. What shall lie there follows from the cards and the table of extensions;
// what of it is ours is stored, so that the rules of others are never touched, and ours are taken out when
// the forwarding is switched off or the PBX is disconnected. It knows no PBX by name and nothing of calls.
package routerules

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

const (
	// lookEvery is how often it is looked whether something is due.
	lookEvery = 2 * time.Second
	// settle is the debounce: for how long nothing must have changed before the rules follow: people change several
	// things one after the other. After longest they follow all the same.
	settle, longest = 3 * time.Second, 15 * time.Second
	// nightHour is when the rules are compared though nothing has changed, by the server's clock.
	nightHour = 3
	// turnLimit bounds one comparison.
	turnLimit = 10 * time.Minute
	// firstPause and longestPause are between attempts that fail.
	firstPause, longestPause = time.Minute, time.Hour
)

// Config is what a Syncer cannot do without. All fields are required.
type Config struct {
	Store     *store.Store
	Sealer    *access.Sealer
	Kinds     []pbx.Kind
	Directory *directory.Directory
	Outbound  outbound.Policy
	Now       func() time.Time
	Node      string // this process among all that share the database
}

// Syncer keeps the rules of all integrations that have them. Follow may be called while another goroutine
// works; Run and Step belong to one goroutine.
type Syncer struct {
	Config
	// looked is what was found when nothing was due last, compared which integrations were since the start.
	looked   map[string]seen
	compared map[string]bool

	mu      sync.Mutex // guards what follows
	changed time.Time  // when the first change came that the rules do not follow yet; zero: none did
	last    time.Time  // when the last one did
}

// seen is what this process knows of an integration.
type seen struct {
	places string // a digest of who sits where, and whether calls are sent at all
	digest string // of what was wanted when it was computed last
}

// New returns a syncer that has compared nothing yet.
func New(cfg Config) *Syncer {
	return &Syncer{Config: cfg, looked: map[string]seen{}, compared: map[string]bool{}}
}

// Follow hears from the journal that cards or integrations have changed, on any node.
func (s *Syncer) Follow(rows []store.Row) {
	for _, row := range rows {
		switch row.Type {
		case "client", "contract", "reset":
			s.mu.Lock()
			s.last = s.Now()
			if s.changed.IsZero() {
				s.changed = s.last
			}
			s.mu.Unlock()
		}
	}
}

// settled reports whether cards have changed and nothing does any more.
func (s *Syncer) settled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if s.changed.IsZero() || now.Sub(s.last) < settle && now.Sub(s.changed) < longest {
		return false
	}
	s.changed = time.Time{}
	return true
}

// Run keeps the rules until ctx ends.
func (s *Syncer) Run(ctx context.Context) {
	done := chores.Watch(ctx, "route_rules")
	for more := ctx.Err() == nil; more; more = chores.Wait(ctx, lookEvery, nil, nil) {
		err := s.Step(ctx)
		done(err)
		if err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "rules of a PBX not compared", "err", err)
		}
	}
}

// Step does what is due now, and returns when it is done.
func (s *Syncer) Step(ctx context.Context) error {
	if s.settled() {
		clear(s.looked) // a look that fails, or another node's turn, must not forget that cards have changed
	}
	var failed error
	there := map[string]bool{}
	for _, integration := range s.Directory.Snapshot().Integrations() {
		there[integration.ID] = true
		if router, ok := integration.Provider.(pbx.RuleRouter); ok {
			failed = errors.Join(failed, s.one(ctx, integration, router))
		}
	}
	return errors.Join(failed, s.clearOut(ctx, there))
}

// one compares the rules of an integration if that is due.
func (s *Syncer) one(ctx context.Context, integration *directory.Integration, router pbx.RuleRouter) error {
	state, err := s.read(ctx, integration.ID)
	if err != nil {
		return err
	}
	before, known := s.looked[integration.ID]
	places, owner := s.placesOf(integration), ownerOf(integration)
	// After a failure, with another account and each night the rules are compared though we want the same.
	sure := state.empty() || state.certain(owner) && !night(state.At, s.Now())
	if known && sure && places == before.places && before.digest == state.Digest {
		return nil
	}
	if state.Owner == owner && s.Now().Before(state.Retry) {
		return nil // and then it is looked at again, for nothing was noted of it
	}
	want, err := s.want(ctx, integration)
	if err != nil {
		return err
	}
	digest := digestOf(want)
	same := sure && digest == state.Digest && (s.compared[integration.ID] || state.empty()) // after a start, too
	if !same {
		ours, err := s.alone(ctx, integration, router, want)
		if err != nil || !ours {
			return err
		}
	}
	s.looked[integration.ID], s.compared[integration.ID] = seen{places, digest}, true
	return nil
}

// night reports whether a night has passed since a moment.
func night(since, now time.Time) bool {
	since = since.Local()
	next := time.Date(since.Year(), since.Month(), since.Day(), nightHour, 0, 0, 0, since.Location())
	if !next.After(since) {
		next = next.AddDate(0, 0, 1)
	}
	return !now.Before(next)
}

// alone compares on the node whose turn it is; false when that is another one, or has become so.
func (s *Syncer) alone(ctx context.Context, integration *directory.Integration, router pbx.RuleRouter, want []pbx.Rule) (bool, error) {
	lease, err := s.hold(ctx, integration.ID)
	if err != nil || lease == nil {
		return false, err
	}
	defer s.release(lease)
	ctx = lease.Context()
	state, err := s.read(ctx, integration.ID)
	if err != nil {
		return true, err
	}
	if err := s.own(ctx, integration, &state); err != nil {
		return true, err
	}
	digest := digestOf(want)
	most := router.MaxRules()
	state.Waiting = 0
	if most > 0 && len(want) > most {
		state.Waiting = len(want) - most
		if want, err = s.latest(ctx, want, most); err != nil {
			return true, err
		}
	}
	known := union(state.Ours, state.Pending)
	err = s.sync(ctx, integration.ID, router, &state, want)
	if err == nil {
		if state.Error == "" {
			state.Digest = digest
		}
		err = s.write(context.WithoutCancel(ctx), integration.ID, state)
	}
	if errors.Is(err, errLostTurn) || lease.Lost() {
		slog.WarnContext(ctx, "comparing rules took longer than its turn, they are compared again", "integration", integration.ID)
		return false, s.doubt(context.WithoutCancel(ctx), integration.ID, state, union(known, want))
	}
	if err != nil {
		return true, err
	}
	_, err = s.Directory.PublishIntegration(context.WithoutCancel(ctx), integration.ID)
	return true, err
}

// own notes in whose PBX the rules lie. Those in the PBX of a former account are taken out first; where it
// does not answer, that is tried again beside the new account. As long as they may lie there they count as
// ours at the new one, too: it may be the same PBX under another key.
func (s *Syncer) own(ctx context.Context, integration *directory.Integration, state *state) error {
	name := ownerOf(integration)
	if state.Owner != "" && state.Owner != name {
		if err := s.moveOut(ctx, integration.ID, name, state); err != nil {
			return err
		}
	}
	sealed, err := s.seal(integration)
	state.Owner, state.Access = name, sealed
	return err
}

// moveOut leaves the account that a state is of for the one whose name is given.
func (s *Syncer) moveOut(ctx context.Context, id, name string, state *state) error {
	former, place := *state, formerOf(id, state.Owner)
	former.Failures, former.Retry = 0, time.Time{}
	*state = newState()
	left := s.leave(ctx, place, former)
	if left != takenOut {
		state.Ours = union(former.Ours, former.Pending)
	}
	if left != tryAgain {
		if err := s.forget(ctx, place); err != nil {
			return err
		}
	}
	ids, err := s.remembered(ctx)
	if err != nil {
		return err
	}
	for _, other := range ids {
		if baseOf(other) != id || other == id || other == place {
			continue
		}
		there, err := s.read(ctx, other)
		if err != nil {
			return err
		}
		state.Ours = union(state.Ours, union(there.Ours, there.Pending))
		if other == formerOf(id, name) { // we are back, so nothing is to be taken out there
			state.Others = there.Others
			if err := s.forget(ctx, other); err != nil {
				return err
			}
		}
	}
	return nil
}

// hold takes the turn of an integration; nil: it is another node's.
func (s *Syncer) hold(ctx context.Context, id string) (*store.Lease, error) {
	return s.Store.Hold(ctx, leaseOf(id), s.Node, store.LeaseTerm, false)
}

func (s *Syncer) release(lease *store.Lease) {
	if err := lease.Release(0); err != nil {
		slog.Warn("the turn of comparing rules was not given back", "err", err) // it ends by itself
	}
}

// sync makes the rules those that are wanted, and notes what came of it. What may lie there is stored
// before the PBX is told, so that a node that dies leaves no rule of which nobody knows whose it is.
func (s *Syncer) sync(ctx context.Context, id string, router pbx.RuleRouter, state *state, want []pbx.Rule) error {
	known := union(state.Ours, state.Pending)
	state.Ours, state.Pending = known, want
	if err := s.write(ctx, id, *state); err != nil {
		return err
	}
	work, cancel := context.WithTimeout(pbx.Unattended(ctx), turnLimit)
	defer cancel()
	report, err := router.SyncRules(work, pbx.RuleOrder{Ours: known, Want: want, Others: state.Others, Note: func(ctx context.Context, others []byte) error {
		state.Others = others
		return s.write(ctx, id, *state)
	}})
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("comparing rules: %w", ctx.Err()) // we stop; what may lie there is stored
	}
	if err == nil || report.Ours != nil {
		state.Ours = report.Ours
	} else {
		state.Ours = union(known, want) // any of them may lie there
	}
	state.Pending = nil
	if report.Settled {
		state.Others = nil
	}
	if err != nil {
		w := pbx.SentenceOf(err)
		state.Error, state.ErrorEN = w.RU, w.EN
		state.Failures++
		state.Retry = s.Now().Add(min(firstPause<<min(state.Failures-1, 10), longestPause))
		slog.WarnContext(ctx, "rules of a PBX not compared", "integration", id, "err", err)
		return nil
	}
	state.Foreign, state.Refused, state.At = report.Foreign, len(report.Refused), s.Now().UTC()
	state.Error, state.ErrorEN, state.Failures, state.Retry = "", "", 0, time.Time{}
	for _, refused := range report.Refused {
		slog.InfoContext(ctx, "rule not taken by the PBX", "number", refused.Rule.Number.Masked(), "said", refused.Said)
	}
	return nil
}

// clearOut takes our rules out of the PBXs that are connected no more. One that cannot be cleared out does
// not keep the others waiting.
func (s *Syncer) clearOut(ctx context.Context, there map[string]bool) error {
	ids, err := s.remembered(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, id := range ids {
		if !there[id] {
			failed = errors.Join(failed, s.clearOne(ctx, id))
		}
	}
	return failed
}

// clearOne takes our rules out of one PBX, unless its time has not come, or it is another node's turn.
func (s *Syncer) clearOne(ctx context.Context, id string) error {
	state, err := s.read(ctx, id)
	if err != nil || s.Now().Before(state.Retry) && state.Leaving {
		return err
	}
	// This node may not have heard yet of an integration that another one compares already.
	connected, err := s.connected(ctx, id)
	if err != nil || connected {
		return err
	}
	lease, err := s.hold(ctx, id)
	if err != nil || lease == nil {
		return err
	}
	defer s.release(lease)
	ctx = lease.Context()
	if state, err = s.read(ctx, id); err != nil {
		return err
	}
	if !state.Leaving {
		state.Failures, state.Retry = 0, time.Time{}
	}
	if s.leave(ctx, id, state) == tryAgain {
		return nil
	}
	// It may be the PBX of the new account, too, under another key: what lies there is compared again.
	delete(s.compared, baseOf(id))
	delete(s.looked, baseOf(id))
	return s.forget(ctx, id)
}

// departure is what came of taking our rules out of the PBX of a former account.
type departure int

const (
	takenOut departure = iota
	tryAgain
	givenUp // they may lie there for ever
)

// leave takes our rules out of the PBX of a former account.
func (s *Syncer) leave(ctx context.Context, id string, state state) departure {
	if state.clear() {
		return takenOut
	}
	router, closeIt := s.formerly(state)
	if router == nil {
		slog.WarnContext(ctx, "rules of ours stay in a PBX whose account cannot be opened any more", "integration", id, "rules", len(state.Ours))
		return givenUp
	}
	defer closeIt()
	state.Leaving = true
	if err := s.sync(ctx, id, router, &state, nil); err != nil {
		return tryAgain
	}
	if state.Error == "" {
		return takenOut
	}
	if state.Failures >= leaveTries {
		slog.WarnContext(ctx, "rules of ours stay in a PBX that does not let them be taken out", "integration", id, "rules", len(state.Ours))
		return givenUp
	}
	if err := s.write(ctx, id, state); err != nil {
		slog.WarnContext(ctx, "what is left of our rules was not noted", "integration", id, "err", err)
	}
	return tryAgain
}

// leaveTries is how often it is tried to take our rules out of the PBX of a former account: it may not know
// the account any more.
const leaveTries = 6
