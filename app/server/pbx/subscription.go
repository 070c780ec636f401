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
