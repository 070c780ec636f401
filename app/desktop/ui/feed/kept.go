package feed

import (
	"time"

	"dozvon/app/desktop/model"
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
	on := *s // the page itself reads other days when it follows
	on.follow(now)
	if k.Period = on.named; k.Period == "" {
		k.From, k.To = on.asked.From, on.asked.To
	}
	return k
}

// named are the periods that go by the day.
var named = present.Periods[:len(present.Periods)-1]

// follow lets the days of a named period go with the calendar, and notes which name the asked ones have; it reports
// whether others are asked for now.
func (s *State) follow(now time.Time) bool {
	today := model.Midnight(now)
	if s.named != "" && !s.day.Equal(today) && s.isNamed(s.named, s.day) {
		s.asked.From, s.asked.To = present.PeriodQuery(s.named, now)
		s.day = today
		return true
	}
	if s.day = today; s.named != "" && s.isNamed(s.named, now) {
		return false // two names may mean the same days: the chosen one stays
	}
	s.named = ""
	for _, p := range named {
		if s.named == "" && s.isNamed(p, now) {
			s.named = p
		}
	}
	return false
}

// isNamed tells whether a name means the asked days, on a day.
func (s *State) isNamed(p present.Period, day time.Time) bool {
	from, to := present.PeriodQuery(p, day)
	return from == s.asked.From && to == s.asked.To
}

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
			s.named, s.day = p, model.Midnight(now)
		}
	}
	if _, err := time.Parse(time.RFC3339, s.asked.From); err != nil {
		s.asked.From = ""
	}
	if _, err := time.Parse(time.RFC3339, s.asked.To); err != nil {
		s.asked.To = ""
	}
}
