package feed

import (
	"time"

	"dozvon/app/desktop/present"
	"dozvon/client"
)

// Kept is what of the page outlasts the program. What was searched, and whose feed another page opened, are
// questions of their moment.
type Kept struct {
	Filter  int            `json:"filter,omitempty"`
	Unbound bool           `json:"unbound,omitempty"`
	Period  present.Period `json:"period,omitempty"` // its days go by the day on which it is read
	// From and To are of a period that has no name.
	From     string  `json:"from,omitempty"`
	To       string  `json:"to,omitempty"`
	Employee string  `json:"employee,omitempty"`
	Line     string  `json:"line,omitempty"`
	Type     string  `json:"type,omitempty"`
	Result   string  `json:"result,omitempty"`
	Scroll   float32 `json:"scroll,omitempty"`
}

// Kept is the state as it is kept on a day.
func (s *State) Kept(now time.Time) Kept {
	k := Kept{Filter: s.filter, Unbound: s.unbound, Scroll: s.scroll}
	if s.asked.Subject != "" || s.asked.Phone != "" {
		return Kept{}
	}
	k.Employee, k.Line, k.Type, k.Result = s.asked.Employee, s.asked.Line, s.asked.Type, s.asked.Result
	for _, p := range named {
		if from, to := present.PeriodQuery(p, now); from == s.asked.From && to == s.asked.To {
			k.Period = p
			return k
		}
	}
	k.From, k.To = s.asked.From, s.asked.To
	return k
}

// named are the periods that go by the day.
var named = present.Periods[:len(present.Periods)-1]

// Resume makes the state what it was; what it cannot be is left out.
func (s *State) Resume(k Kept, now time.Time) {
	if k.Filter >= 0 && k.Filter < len(chipWords) {
		s.filter = k.Filter
	}
	s.unbound, s.scroll = k.Unbound, k.Scroll
	s.asked = client.FeedQuery{From: k.From, To: k.To, Employee: k.Employee, Line: k.Line, Type: k.Type, Result: k.Result}
	for _, p := range named {
		if p == k.Period {
			s.asked.From, s.asked.To = present.PeriodQuery(p, now)
		}
	}
	if _, err := time.Parse(time.RFC3339, s.asked.From); err != nil {
		s.asked.From = ""
	}
	if _, err := time.Parse(time.RFC3339, s.asked.To); err != nil {
		s.asked.To = ""
	}
}
