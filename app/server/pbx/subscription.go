package pbx

import (
	"context"
	"time"
)

// Subscriber is a PBX whose events come only while a subscription lives. The server stores it,
// renews it at half its life, checks it now and then, and ends it when the integration is switched off.
type Subscriber interface {
	// Subscribe makes a new subscription to hookURL. One that lives already stays: events may come by
	// both until it is ended by Unsubscribe.
	Subscribe(ctx context.Context, hookURL string) (Subscription, error)
	// Subscribed asks whether one still lives. ErrUnsubscribed: it does not.
	Subscribed(ctx context.Context, s Subscription) error
	// Unsubscribe ends one. One that is gone already is no error.
	Unsubscribe(ctx context.Context, s Subscription) error
}

// SubscriptionFinder is a Subscriber that can be asked where a subscription sends to, so that one of ours of
// which the server was never told can be ended.
type SubscriptionFinder interface {
	// FindSubscription tells of the subscription of an id. ErrUnsubscribed: it does not live, or does not
	// send to hookURL.
	FindSubscription(ctx context.Context, id, hookURL string) (Subscription, error)
}

// Subscription is one that was made. It is stored and told to people.
type Subscription struct {
	ID    string
	Began time.Time
	Until time.Time
	// Level is what the PBX tells by it, in the PBX's own word: ADVANCED_CALL.
	Level string
}

// Half is when it is to be renewed.
func (s Subscription) Half() time.Time { return s.Began.Add(s.Until.Sub(s.Began) / 2) }
