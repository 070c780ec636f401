package reports

import (
	"slices"
	"time"

	"dozvon/app/desktop/present"
)

// Kept is what of the page outlasts the program.
type Kept struct {
	Period present.Period `json:"period,omitempty"`
	// From and To are of a period of one's own.
	From   time.Time       `json:"from,omitzero"`
	To     time.Time       `json:"to,omitzero"`
	People present.Measure `json:"people,omitempty"`
	Lines  present.Measure `json:"lines,omitempty"`
	Scroll float32         `json:"scroll,omitempty"`
}

// Kept is the state as it is kept.
func (s *State) Kept() Kept {
	return Kept{s.period, s.own.from, s.own.to, s.people, s.lines, s.scroll}
}

// Resume makes the state what it was; what it cannot be is left out.
func (s *State) Resume(k Kept) {
	if !slices.Contains(present.Periods, k.Period) || !slices.Contains(ofPeople, k.People) || !slices.Contains(ofLines, k.Lines) {
		return
	}
	*s = State{period: k.Period, people: k.People, lines: k.Lines, scroll: k.Scroll}
	if k.From.Before(k.To) {
		s.own = own{k.From.Local(), k.To.Local()}
	}
	if s.period == present.PeriodOwn && s.own.from.IsZero() {
		s.period = present.PeriodWeek
	}
}
