package call

import "slices"

// A PBX names the called party by extension wherever it knows the number, so that an outbound call
// to a colleague's mobile looks internal. It is a call to
// that number, and the employee's who made it.

// toColleague reports whether an employee called an outside number that is a colleague's.
func toColleague(e Event) bool {
	return e.From.Extension != "" && e.To.Extension != "" && e.To.Number != ""
}

// colleagueOutside makes the colleague an outside party, if that is what the call was.
func (s *timeline) colleagueOutside() {
	if !s.isToColleague() {
		return
	}
	for i := range s.legs {
		l := &s.legs[i]
		if l.firstOfCallback() {
			continue
		}
		l.events = slices.Clone(l.events)
		for j := range l.events {
			l.events[j].To = dialledTo(l.events[j])
		}
		l.last.To = dialledTo(l.last)
	}
	if s.summary != nil {
		whole := *s.summary
		whole.To = dialledTo(whole)
		s.summary = &whole
	}
}

func dialledTo(e Event) Party {
	if toColleague(e) {
		return Party{Number: e.To.Number}
	}
	return e.To
}

// isToColleague: the PBX's word on the direction decides; until it comes, a call without any other
// outside party is taken to be what its number says. In a client's call, a colleague's mobile is
// only where he is asked or handed the client.
func (s *timeline) isToColleague() bool {
	if orderedColleague(*s) {
		return false
	}
	found := s.summary != nil && toColleague(*s.summary)
	for _, l := range s.legs {
		for _, e := range l.events {
			if e.From.Outside() && e.From.Number != "" || e.To.Outside() && e.To.Number != "" {
				return false
			}
			found = found || toColleague(e) && !l.firstOfCallback()
		}
	}
	if s.summary != nil && s.summary.Direction != "" {
		return found && s.summary.Direction == Out
	}
	return found
}
