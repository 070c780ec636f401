package model

import (
	"time"

	"dozvon/client"
)

// seenLimit is how many calls' first moments are remembered: far more than ring at once.
const seenLimit = 64

// seen remembers when the first event of each of the latest calls came, also of those that
// made no card or are over, and the place of its newest among all that the model followed.
type seen struct {
	at     map[string]time.Time
	newest map[string]Mark
	order  []string
	count  Mark
}

// Mark is a place among the events about calls that the model followed; a later one is greater.
type Mark int64

// note takes down an event of a call; the first moment is that of the stream alone.
func (s *seen) note(callID string, at time.Time) {
	s.count++
	if _, known := s.at[callID]; known {
		s.newest[callID] = s.count
		return
	}
	if s.at == nil {
		s.at, s.newest = map[string]time.Time{}, map[string]Mark{}
	}
	s.at[callID], s.newest[callID] = at, s.count
	s.order = append(s.order, callID)
	if len(s.order) > seenLimit {
		delete(s.at, s.order[0])
		delete(s.newest, s.order[0])
		s.order = s.order[1:]
	}
}

// since tells whether the stream has told anything of a call after a mark.
func (s *seen) since(callID string, mark Mark) bool { return s.newest[callID] > mark }

// FirstSeen tells when the first event of a call came by the stream.
func (m *Model) FirstSeen(callID string) (time.Time, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.seen.at[callID]
	return at, ok
}

// Mark is where the stream stands now; whoever asks the server takes it down before.
func (m *Model) Mark() Mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen.count
}

// Answered follows a call from the answer to a request that was sent at asked. What the stream has
// told of that call since is at least as new, or is followed by what is, and so is a whole list read
// since: then the answer, which may have taken its time, changes nothing.
func (m *Model) Answered(call client.Call, asked Mark) {
	m.mu.Lock()
	late := m.seen.since(call.ID, asked) || m.reloaded > asked
	if !late {
		m.applyCall(call)
	}
	m.mu.Unlock()
	if !late {
		m.changed()
	}
}
