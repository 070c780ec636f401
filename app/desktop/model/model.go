// Package model holds what the desktop program knows: the calls that concern this
// employee, the cards they make, missed calls, tasks and colleagues. It follows the stream and
// gives snapshots as facts; the package present puts them in words. It never draws, opens no
// connection by itself and imports no Fyne; the clock and the server are handed in.
package model

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"dozvon/client"
)

// Source is what the model reads from the server when it (re)connects.
type Source interface {
	ActiveCalls(ctx context.Context) ([]client.Call, error)
	Call(ctx context.Context, id string) (client.Call, error)
	Employees(ctx context.Context) ([]client.Employee, error)
	Missed(ctx context.Context, cursor string, states ...client.MissedState) (client.Page[client.MissedCaller], error)
}

// Config is what a Model needs; Now and Changed have usable zero values.
type Config struct {
	Me      client.Employee
	Now     func() time.Time
	Changed func() // called without locks held after anything a screen shows may have changed
}

// Model is safe for concurrent use.
type Model struct {
	now     func() time.Time
	changed func()

	mu       sync.Mutex // guards everything below
	me       client.Employee
	calls    map[string]*tracked
	people   map[string]client.Employee
	missed   map[string]client.MissedCaller // by number
	watchers []func(client.StreamEvent)
	seen     seen
	reloaded Mark // when the list of calls was read last
	pbx      map[string]client.Integration
	school   client.School
	// meanwhile is what presence events told since the list of people was last asked for.
	meanwhile map[string]client.Presence
	// missedSince is what events told of missed callers since the queue was last asked for.
	missedSince []client.MissedCaller
	tasks       map[string]client.Task // the open ones
	tasksSince  []client.Task          // what events told since they were last asked for
	told        map[string]string      // by task: the stage that the person has put away
	ticked      time.Time
	talks       lastTalks
	outage      *Outage // the last one, until it was read; nil: none
}

// New returns an empty model for cfg.Me.
func New(cfg Config) *Model {
	m := &Model{
		now: cfg.Now, changed: cfg.Changed, me: cfg.Me,
		calls: map[string]*tracked{}, people: map[string]client.Employee{}, missed: map[string]client.MissedCaller{},
		pbx: map[string]client.Integration{}, meanwhile: map[string]client.Presence{},
		tasks: map[string]client.Task{}, told: map[string]string{}, talks: lastTalks{},
	}
	if m.now == nil {
		m.now = time.Now
	}
	if m.changed == nil {
		m.changed = func() {}
	}
	return m
}

// Watch adds a listener for every event after the model has followed it. The
// listener runs on the stream's goroutine.
func (m *Model) Watch(listener func(client.StreamEvent)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watchers = append(m.watchers, listener)
}

// Me is whose model this is.
func (m *Model) Me() client.Employee {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.me
}

// SetMe follows what the server tells anew of whose model this is, e.g. another role.
func (m *Model) SetMe(me client.Employee) {
	m.mu.Lock()
	me.Presence, me.PresenceSince = m.me.Presence, m.me.PresenceSince
	m.me = me
	if !MayIntegrate(me.Role) {
		m.pbx = map[string]client.Integration{}
	}
	m.mu.Unlock()
	m.changed()
}

// Apply follows one event of the stream.
func (m *Model) Apply(event client.StreamEvent) {
	m.mu.Lock()
	switch data := event.Data.(type) {
	case *client.Call:
		m.seen.note(data.ID, m.now())
		m.applyCall(*data)
	case *client.FeedEntry:
		if data.Type == client.EntryCallMissed && data.Settled != nil {
			m.settle(*data)
		}
	case *client.Presence:
		if person, ok := m.people[data.EmployeeID]; ok {
			person.Presence, person.PresenceSince = data.State, data.Since
			m.people[data.EmployeeID] = person
		}
		m.meanwhile[data.EmployeeID] = *data
	case *client.MissedCaller:
		m.applyMissed(*data)
		m.missedSince = append(m.missedSince, *data)
		if extra := len(m.missedSince) - missedSinceMost; extra > 0 {
			m.missedSince = m.missedSince[extra:]
		}
	case *client.Task:
		m.applyTask(*data)
		m.tasksSince = append(m.tasksSince, *data)
		if extra := len(m.tasksSince) - missedSinceMost; extra > 0 {
			m.tasksSince = m.tasksSince[extra:]
		}
	case *client.Integration:
		m.pbx[data.ID] = *data
	case *client.School:
		m.school = *data
	case *client.Deleted:
		if event.Type == "integration" {
			delete(m.pbx, data.ID)
		}
	}
	watchers := slices.Clone(m.watchers)
	m.mu.Unlock()
	for _, watch := range watchers {
		watch(event)
	}
	m.changed()
}

// ReloadLists reads colleagues and missed calls anew: at start, after a lost connection
// and on reset.
func (m *Model) ReloadLists(ctx context.Context, from Source) error {
	m.mu.Lock()
	m.meanwhile, m.missedSince = map[string]client.Presence{}, nil
	asked := m.seen.count
	m.mu.Unlock()
	people, peopleErr := from.Employees(ctx)
	missed, missedErr := from.Missed(ctx, "")
	m.mu.Lock()
	if peopleErr == nil {
		m.people = map[string]client.Employee{}
		for _, person := range people {
			// An event that arrived while the list was on its way is newer than the list.
			if now, told := m.meanwhile[person.ID]; told {
				person.Presence, person.PresenceSince = now.State, now.Since
			}
			m.people[person.ID] = person
			if person.ID == m.me.ID {
				m.me = person
			}
		}
	}
	if missedErr == nil {
		m.reloadMissed(missed.Items)
		if missed.NextCursor == "" {
			dropSettled(m.calls, m.missed, func(callID string) bool { return m.seen.since(callID, asked) })
		}
	}
	m.mu.Unlock()
	m.changed()
	return errors.Join(peopleErr, missedErr)
}

// missedSinceMost bounds what is remembered of the queue, or of the tasks, for a list that is on
// its way.
const missedSinceMost = 500

// ReloadCalls reads the active calls anew, and ends those that ended meanwhile. Of a call that the
// stream tells of while the answer is on its way, the stream's word holds.
func (m *Model) ReloadCalls(ctx context.Context, from Source) error {
	asked := m.Mark()
	active, err := from.ActiveCalls(ctx)
	if err != nil {
		return err
	}
	alive := map[string]bool{}
	for _, call := range active {
		alive[call.ID] = true
	}
	m.mu.Lock()
	m.seen.count++
	m.reloaded = m.seen.count
	var gone []string
	for id, t := range m.calls {
		if !alive[id] && t.call.State != client.StateEnded && !m.seen.since(id, asked) {
			gone = append(gone, id)
		}
	}
	for _, call := range active {
		if !m.seen.since(call.ID, asked) {
			m.applyCall(call)
		}
	}
	m.mu.Unlock()
	m.changed()
	var unread error
	// A call that ended while we were away must end on the screen too; how it ended
	// only the server knows.
	for _, id := range gone {
		asked := m.Mark()
		call, err := from.Call(ctx, id)
		var problem *client.Problem
		switch {
		case err == nil:
		case errors.As(err, &problem) && problem.Status == http.StatusNotFound:
			call = client.Call{ID: id, State: client.StateEnded}
		default:
			slog.Warn("call not read again", "call", id, "error", err)
			unread = errors.Join(unread, err)
			continue
		}
		m.Answered(call, asked)
	}
	return unread
}

// Call returns what is known of a call.
func (m *Model) Call(id string) (client.Call, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.calls[id]
	if !ok {
		return client.Call{}, false
	}
	return t.call, true
}

// People lists the colleagues by name.
func (m *Model) People() []client.Employee {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]client.Employee, 0, len(m.people))
	for _, person := range m.people {
		out = append(out, person)
	}
	slices.SortFunc(out, func(a, b client.Employee) int {
		if a.Name != b.Name {
			if a.Name < b.Name {
				return -1
			}
			return 1
		}
		return 0
	})
	return out
}
