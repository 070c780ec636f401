package calls

import (
	"context"

	"dozvon/app/server/directory"
	"dozvon/app/server/lifecycle"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// Lifecycle keeps the subscriptions of PBXs, and hears what their requests tell of them.
type Lifecycle interface {
	// Admit tells what becomes of a request, by the subscription that it came by.
	Admit(ctx context.Context, i *directory.Integration, subscription string, r pbx.Request) (lifecycle.Admission, error)
	// Note writes down what a request tells of its subscription, in the transaction that makes it durable.
	Note(tx *store.Tx, integrationID string, d pbx.Delivery) error
	// Heard does what a durable request asks for.
	Heard(integrationID string, d pbx.Delivery)
}

// KeepLifecycles sets who keeps the subscriptions, before the first request.
func (s *Service) KeepLifecycles(l Lifecycle) { s.lifecycle = l }

// admit tells what becomes of a request, by the subscription that it came by.
func (s *Service) admit(ctx context.Context, i *directory.Integration, subscription string, r pbx.Request) (lifecycle.Admission, error) {
	if s.lifecycle == nil {
		return lifecycle.Admitted, nil
	}
	return s.lifecycle.Admit(ctx, i, subscription, r)
}
