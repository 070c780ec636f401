package model

import "time"

// seenLimit is how many calls' first moments are remembered: far more than ring at once.
const seenLimit = 64

// seen remembers when the first event of each of the latest calls came, also of those that
// made no card or are over.
type seen struct {
	at    map[string]time.Time
	order []string
}

func (s *seen) note(callID string, at time.Time) {
	if _, known := s.at[callID]; known {
		return
	}
	if s.at == nil {
		s.at = map[string]time.Time{}
	}
	s.at[callID] = at
	s.order = append(s.order, callID)
	if len(s.order) > seenLimit {
		delete(s.at, s.order[0])
		s.order = s.order[1:]
	}
}

// FirstSeen tells when the first event of a call came by the stream.
func (m *Model) FirstSeen(callID string) (time.Time, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.seen.at[callID]
	return at, ok
}
