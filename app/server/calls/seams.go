package calls

import (
	"context"
	"errors"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/callers"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Observer follows what happens to calls, in the transaction that writes it.
type Observer interface {
	// CallSettled is told of every change of a call that people see; before is the zero value for a
	// new call.
	CallSettled(tx *store.Tx, before client.Call, after store.CallRecord) error
	// CallsMerged is told after two calls turned out to be one: what was tied to the other is into's by now.
	// numbers are those of both.
	CallsMerged(tx *store.Tx, into store.CallRecord, numbers []phone.Number) error
	// OwnerChanged is told when the past calls of a number went to another card.
	OwnerChanged(tx *store.Tx, number phone.Number) error
}

// Callbacks knows who was asked to call a number back.
type Callbacks interface {
	// AskedFor is an employee's id; empty when nobody was asked.
	AskedFor(ctx context.Context, number phone.Number) (string, error)
}

// Callers knows from memory what is asked at the beginning of a call.
type Callers interface {
	// Of tells what is known of a number; what is not in memory is read until ctx ends.
	Of(ctx context.Context, number phone.Number) (callers.Caller, error)
	// Talks tells whether an employee talks now.
	Talks(ctx context.Context, employeeID string) (bool, error)
}

// Reconciler compares calls with the PBX's statistics.
type Reconciler interface {
	// ReconcileSoon asks for a comparison now; directory.ErrNoIntegration where there is nothing to compare with.
	ReconcileSoon(id string) error
}

// Erasures knows the calls that were erased.
type Erasures interface {
	// Erased tells whether events that belong to no call we know are of an erased one; root is the key under which
	// their call would go on.
	Erased(tx *store.Tx, integrationID, root string, events []call.Event) (bool, error)
}

// errErased says that events are of a call that was erased: nothing of them is kept.
var errErased = errors.New("the call was erased")

// notErased makes nothing of it where nothing but the events came.
func notErased(err error) error {
	if errors.Is(err, errErased) {
		return nil
	}
	return err
}

// Reactions notes how soon events were had.
type Reactions interface {
	// Stored is told of the events of a call that one request brought, by their names, as soon as they are
	// durable. It must not wait.
	Stored(callID string, events []string, received time.Time)
}

// KeepReactions sets who notes how soon events were had, before the first request.
func (s *Service) KeepReactions(r Reactions) { s.reactions = r }

// AskReconciler sets who compares calls, before the first call.
func (s *Service) AskReconciler(r Reconciler) { s.reconciler = r }

// AskCallers sets who knows of callers, before the first call.
func (s *Service) AskCallers(c Callers) { s.callers = c }

// RequestWatcher is told of requests of PBXs that somebody may wait for.
type RequestWatcher interface {
	// Arrived is told of a call whose request has been written; arrived is when that came.
	Arrived(ctx context.Context, rec store.CallRecord, arrived time.Time)
	// Forged is told of a request to an integration whose signature is wrong.
	Forged(ctx context.Context, integrationID string, arrived time.Time)
}

// WatchRequests adds a watcher, before the first request.
func (s *Service) WatchRequests(w RequestWatcher) { s.watchers = append(s.watchers, w) }

func (s *Service) watchRequests(tell func(RequestWatcher)) {
	for _, w := range s.watchers {
		tell(w)
	}
}

// Observe adds an observer. All are added before the first call.
func (s *Service) Observe(o Observer) { s.observers = append(s.observers, o) }

// AskCallbacks sets who knows of promised call-backs, before the first call.
func (s *Service) AskCallbacks(c Callbacks) { s.callbacks = c }

func (s *Service) observe(tell func(Observer) error) error {
	for _, o := range s.observers {
		if err := tell(o); err != nil {
			return err
		}
	}
	return nil
}
