package register

import "dozvon/client"

// Kept is what of the page outlasts the program; what was searched is a question of its moment.
type Kept struct {
	Filter int     `json:"filter,omitempty"`
	Scroll float32 `json:"scroll,omitempty"`
}

// Kept is the state as it is kept.
func (s *State) Kept() Kept { return Kept{s.filter, s.scroll} }

// Resume makes the state of a register what it was. Among the deleted cards nobody begins a day.
func (s *State) Resume(k Kept, kind client.SubjectKind) {
	if all := filters(kind); k.Filter >= 0 && k.Filter < len(all)-1 {
		s.filter, s.scroll = k.Filter, k.Scroll
	}
}
