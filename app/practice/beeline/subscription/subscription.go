// Package subscription keeps the subscriptions of the practice PBX of Beeline (reference, section 4):
// they are made by a command, bring events to an address, end by themselves, and may vanish.
package subscription

import (
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/xsi"
)

// Types of subscriptions: what they bring.
const (
	// Basic is "basic information", Advanced "extended information".
	Basic    = "BASIC_CALL"
	Advanced = "ADVANCED_CALL"
)

// Types of targets.
const (
	Company = "GROUP"
	Abonent = "ABONENT"
	Line    = "NUMBER"
)

// basicEvents are what a basic subscription brings; the rest needs an advanced one (inferred from
// BroadWorks' packages, section 4).
var basicEvents = []string{xsi.Received, xsi.Originated, xsi.Answered, xsi.Released, xsi.HookStatus, xsi.SubscriptionTerminate}

// Subscription is one of them. Its JSON is the answer of GET subscription.
type Subscription struct {
	ID         string `json:"subscriptionId"`
	TargetType string `json:"targetType"`
	TargetID   string `json:"targetId"`
	Type       string `json:"subscriptionType"`
	Expires    int64  `json:"expires"` // seconds that are left
	URL        string `json:"url"`
}

type entry struct {
	Subscription
	ends     time.Time
	sequence int64
	gone     chan struct{} // closed when it is no more
}

// Config is what the subscriptions need.
type Config struct {
	Now  func() time.Time
	Life *practice.Life
	// One ends an older subscription when a new one of the same target and address is made.
	One bool
	// Send brings an event to a subscription's address. It must not wait, nor call the registry.
	Send func(s Subscription, sequence int64, e xsi.Event)
}

// Registry is the subscriptions of one PBX.
type Registry struct {
	config Config

	mu   sync.Mutex // guards what follows
	live []*entry
}

// New returns an empty registry.
func New(c Config) *Registry { return &Registry{config: c} }

// Create makes a subscription that ends by itself after s.Expires seconds.
func (r *Registry) Create(s Subscription) Subscription {
	s.ID = uuid.NewString()
	e := &entry{
		Subscription: s, ends: r.config.Now().Add(time.Duration(s.Expires) * time.Second), gone: make(chan struct{}),
	}
	var older []string
	r.mu.Lock()
	for _, known := range r.live {
		if r.config.One && known.URL == s.URL && known.TargetID == s.TargetID {
			older = append(older, known.ID)
		}
	}
	r.live = append(r.live, e)
	r.mu.Unlock()
	for _, id := range older {
		r.End(id)
	}
	r.config.Life.Background(func() { r.expire(e) })
	return s
}

// expire ends a subscription in its time. The life of a subscription is real time.
func (r *Registry) expire(e *entry) {
	timer := time.NewTimer(time.Duration(e.Expires) * time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
		r.End(e.ID)
	case <-e.gone:
	case <-r.config.Life.Closed():
	}
}

// Get finds a live subscription; Expires is what is left of it (whether the real PBX says that or
// what was asked, nobody knows).
func (r *Registry) Get(id string) (Subscription, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.live {
		if e.ID == id {
			return r.view(e), true
		}
	}
	return Subscription{}, false
}

// List returns the live subscriptions, oldest first.
func (r *Registry) List() []Subscription {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []Subscription{}
	for _, e := range r.live {
		list = append(list, r.view(e))
	}
	return list
}

func (r *Registry) view(e *entry) Subscription {
	s := e.Subscription
	s.Expires = int64(math.Ceil(max(e.ends.Sub(r.config.Now()), 0).Seconds()))
	return s
}

// End ends a subscription, which is told of it; it reports whether there was one.
func (r *Registry) End(id string) bool {
	e, ok := r.remove(id)
	if !ok {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.send(e, xsi.Event{Type: xsi.SubscriptionTerminate, Target: e.TargetID})
	return true
}

// Vanish ends a subscription without a word; it reports whether there was one.
func (r *Registry) Vanish(id string) bool {
	_, ok := r.remove(id)
	return ok
}

func (r *Registry) remove(id string) (*entry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.live, func(e *entry) bool { return e.ID == id })
	if i < 0 {
		return nil, false
	}
	e := r.live[i]
	r.live = slices.Delete(r.live, i, i+1)
	close(e.gone)
	return e, true
}

// Publish brings an event to every subscription that it concerns: of the whole company, of its
// target, or of the line that its call came by. Send is called in the order of the sequence numbers;
// a lost event leaves a hole in them.
func (r *Registry) Publish(e xsi.Event, line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.live {
		mine := s.TargetType == Company || s.TargetID == e.Target || s.TargetType == Line && s.TargetID == line
		if mine {
			r.send(s, e)
		}
	}
}

// PublishTo brings an event to one subscription.
func (r *Registry) PublishTo(id string, e xsi.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.live {
		if s.ID == id {
			r.send(s, e)
		}
	}
}

// send numbers an event, if the subscription brings such. The caller holds mu.
func (r *Registry) send(s *entry, e xsi.Event) {
	if s.Type != Advanced && !slices.Contains(basicEvents, e.Type) {
		return
	}
	s.sequence = s.sequence%math.MaxInt32 + 1
	r.config.Send(s.Subscription, s.sequence, e)
}
