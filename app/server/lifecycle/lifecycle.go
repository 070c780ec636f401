// Package lifecycle keeps what a PBX needs between calls: the subscription by which its events come,
// made, checked, renewed before its end and ended, and the adapter's own directory of employees. What
// is stored decides, so that a node may die at any moment and another one goes on. It knows no PBX by
// name and nothing of calls.
package lifecycle

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
	"dozvon/app/server/subscription"
)

// subscriberOf is the adapter, when its events come by a subscription.
func subscriberOf(i *directory.Integration) (pbx.Subscriber, bool) {
	s, ok := i.Provider.(pbx.Subscriber)
	return s, ok
}

// wanted reports whether a subscription shall live.
func wanted(i *directory.Integration) bool {
	_, ok := subscriberOf(i)
	return ok && i.Active && subscription.Reachable(i.HookURL, i.APIURL)
}

// Calls are the way of the PBX's calls.
type Calls interface {
	// DeliverTo takes a request of the PBX.
	DeliverTo(ctx context.Context, id string, r pbx.Request) (pbx.Answer, error)
}

// Reconciler compares calls with the PBX's statistics.
type Reconciler interface {
	// ReconcileSoon asks for a comparison now.
	ReconcileSoon(id string) error
}

// Config is what a Keeper cannot do without. All fields are required.
type Config struct {
	Store      *store.Store
	Sealer     *access.Sealer
	Kinds      []pbx.Kind
	Directory  *directory.Directory
	Calls      Calls
	Reconciler Reconciler
	Outbound   outbound.Policy
	Now        func() time.Time
	NewID      func() string
	// Node is this process among all that share the database.
	Node string
}

// Keeper drives the lifecycles of all integrations. Safe for concurrent use.
type Keeper struct {
	Config
	woken   chan struct{}
	unknown *unknown

	mu        sync.Mutex
	busy      map[string]bool     // what goes on in this process: "subscription id", "directory id"
	seen      map[string]bool     // integrations whose subscription this process has looked at
	refreshes map[string]*refresh // by integration
}

// New returns a keeper that has looked at nothing yet.
func New(cfg Config) *Keeper {
	k := &Keeper{
		Config: cfg, woken: make(chan struct{}, 1),
		busy: map[string]bool{}, seen: map[string]bool{}, refreshes: map[string]*refresh{},
	}
	k.unknown = &unknown{keeper: k, ids: map[string]map[string]*unknownOne{}}
	return k
}

const (
	// lookEvery is how often it is looked whether something is due.
	lookEvery = 2 * time.Second
	// requestLimit bounds one request to the PBX. leaseLimit is for how long the others wait for a node
	// that has begun one: the lease is extended before each.
	requestLimit = 20 * time.Second
	leaseLimit   = requestLimit + 5*time.Second
	// firstPause and longestPause are between attempts that fail.
	firstPause   = 5 * time.Second
	longestPause = 10 * time.Minute
)

// pauseOf is the pause after so many failures.
func pauseOf(failures int) time.Duration {
	pause := firstPause
	for range failures - 1 {
		if pause *= 2; pause >= longestPause {
			return longestPause
		}
	}
	return pause
}

// wake lets what is due be looked at now.
func (k *Keeper) wake() {
	select {
	case k.woken <- struct{}{}:
	default:
	}
}

// Run does what is due until ctx ends. What takes long for one integration keeps no other waiting.
func (k *Keeper) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	done := chores.Watch(ctx, "subscriptions")
	for more := ctx.Err() == nil; more; more = chores.Wait(ctx, lookEvery, k.woken, k.Directory.Changes()) {
		done(k.look(ctx, &running))
	}
}

// Step does what is due now, and returns when it is done.
func (k *Keeper) Step(ctx context.Context) {
	var running sync.WaitGroup
	k.look(ctx, &running)
	running.Wait()
}

// look begins what is due.
func (k *Keeper) look(ctx context.Context, running *sync.WaitGroup) error {
	all, orphans, err := k.remembered(ctx)
	var parked []store.ParkedRequest
	if err == nil {
		parked, err = k.Store.Parked(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			slog.ErrorContext(ctx, "not looked after the PBXs' subscriptions", "err", err)
		}
		return err
	}
	due := map[string]bool{}
	for _, p := range parked {
		due[p.IntegrationID] = true
	}
	for _, s := range orphans {
		due[s.IntegrationID] = due[s.IntegrationID] || k.rowDue(s)
	}
	for _, i := range all {
		due[i.ID] = due[i.ID] || k.subscriptionDue(i) || len(k.unknown.due(i.ID, k.Now())) > 0
		if k.refreshDue(i) {
			k.begin(running, "directory "+i.ID, func() { k.refresh(ctx, i) })
		}
	}
	for id, is := range due {
		if is {
			k.begin(running, "subscription "+id, func() { k.keepAlone(ctx, id) })
		}
	}
	return nil
}

// remembered lists the integrations with what is stored of their subscriptions now, and the
// subscriptions of those that are no more.
func (k *Keeper) remembered(ctx context.Context) (all []*directory.Integration, orphans []store.Subscription, err error) {
	made, err := k.Store.Subscriptions(ctx)
	if err != nil {
		return nil, nil, err
	}
	healths, err := k.Store.SubscriptionHealths(ctx)
	if err != nil {
		return nil, nil, err
	}
	of := map[string][]store.Subscription{}
	for _, s := range made {
		of[s.IntegrationID] = append(of[s.IntegrationID], s)
	}
	for _, i := range k.Directory.Snapshot().Integrations() {
		now := *i
		now.Subscriptions, now.SubscriptionHealth = of[i.ID], healths[i.ID]
		all = append(all, &now)
		delete(of, i.ID)
	}
	for _, rest := range of {
		orphans = append(orphans, rest...)
	}
	return all, orphans, nil
}

// begin does something unless this process is at it already.
func (k *Keeper) begin(running *sync.WaitGroup, what string, do func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.busy[what] {
		return
	}
	k.busy[what] = true
	running.Go(func() {
		defer func() {
			k.mu.Lock()
			defer k.mu.Unlock()
			delete(k.busy, what)
		}()
		do()
	})
}

// keepAlone lets one node at a time look after an integration's subscription.
func (k *Keeper) keepAlone(ctx context.Context, id string) {
	ours, err := k.Store.Claim(ctx, leaseOf(id), k.Node, leaseLimit, true)
	if err == nil && ours {
		err = errors.Join(k.keep(ctx, id), k.Store.Release(context.WithoutCancel(ctx), leaseOf(id), k.Node, 0))
	}
	if err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "subscription of a PBX not looked after", "integration", id, "err", err)
	}
}

func leaseOf(id string) string { return "subscription " + id }

// errLostLease says that another node looks after the integration by now.
var errLostLease = errors.New("another node is at it")

// request prepares a request to the PBX: nobody else makes one until its time is over.
func (k *Keeper) request(ctx context.Context, id string) (context.Context, context.CancelFunc, error) {
	ours, err := k.Store.Extend(ctx, leaseOf(id), k.Node, leaseLimit)
	if err == nil && !ours {
		err = errLostLease
	}
	if err != nil {
		return nil, nil, err
	}
	limited, cancel := context.WithTimeout(ctx, requestLimit)
	return limited, cancel, nil
}

// keep does all that is due for one integration. It reads the integration again first: another node
// may have changed it since.
func (k *Keeper) keep(ctx context.Context, id string) error {
	i, err := k.fresh(ctx, id)
	if err != nil {
		return err
	}
	var errs []error
	if wanted(i) {
		errs = append(errs, k.live(ctx, i), k.unknown.find(ctx, i))
		if i, err = k.fresh(ctx, id); err != nil {
			return errors.Join(append(errs, err)...)
		}
	}
	errs = append(errs, k.endOthers(ctx, i), k.replay(ctx, i))
	return errors.Join(errs...)
}

// fresh reads an integration; one that is no more has its id and what is remembered of it.
func (k *Keeper) fresh(ctx context.Context, id string) (*directory.Integration, error) {
	if err := k.Directory.Reload(ctx); err != nil {
		return nil, err
	}
	if i := k.Directory.Snapshot().Integration(id); i != nil {
		return i, nil
	}
	made, err := k.Store.Subscriptions(ctx)
	if err != nil {
		return nil, err
	}
	gone := &directory.Integration{}
	gone.ID = id
	for _, s := range made {
		if s.IntegrationID == id {
			gone.Subscriptions = append(gone.Subscriptions, s)
		}
	}
	return gone, nil
}

// publish tells people's screens how an integration stands; of one that is no more nothing is told.
func (k *Keeper) publish(ctx context.Context, id string) error {
	_, err := k.Directory.PublishIntegration(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// Renew asks for a new subscription now; an integration event tells the end. store.ErrNotFound,
// directory.ErrInactive, directory.ErrNoIntegration.
func (k *Keeper) Renew(ctx context.Context, id string) error {
	i := k.Directory.Snapshot().Integration(id)
	switch {
	case i == nil:
		return fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	case !i.Active || i.Provider == nil:
		return directory.ErrInactive
	}
	if _, ok := subscriberOf(i); !ok {
		return directory.ErrNoIntegration
	}
	if err := k.Store.Write(ctx, func(tx *store.Tx) error { return tx.WantSubscription(id) }); err != nil {
		return err
	}
	k.wake()
	return nil
}
