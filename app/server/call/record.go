package call

import "slices"

// record is the PBX's own record of the whole call as its last word. An unsure one knows less than the
// events of the legs: it stands back where they tell more, and says nothing while the call goes on.
func (s *timeline) record(all []Event) (last Event, ok bool) {
	sure := slices.DeleteFunc(slices.Clone(all), func(e Event) bool { return e.Unsure })
	if len(sure) > 0 {
		last = sure[len(sure)-1]
		if slices.ContainsFunc(sure, func(e Event) bool { return e.Key != last.Key && e.Began.Equal(last.Began) && e.At.Equal(last.At) }) {
			last.Key = "" // one record, told before its call had a name and after
		}
		return last, true
	}
	last = all[0]
	for _, e := range all[1:] {
		last = union(last, e)
	}
	if !slices.ContainsFunc(s.events, func(e Event) bool { return e.Kind == KindLeg }) {
		return last, true
	}
	s.told = true
	last.Key = "" // it concludes what every key of the call told of
	if s.goesOnAfter(last.At) {
		return Event{}, false
	}
	last.Began, last.Direction = s.started(), s.direction()
	if first, _ := s.answered(last.Direction == Internal); !first.IsZero() {
		last.Answered = first
	}
	if !slices.ContainsFunc(s.legs, leg.live) {
		end := s.lastEnded().last
		last.At, last.Cause, last.End, last.Said = end.At, end.Cause, end.End, end.Said
	}
	return last, true
}

// union is what two records of parts of one call tell together.
func union(a, b Event) Event {
	whole := spanning(a, b)
	if whole.Began.IsZero() || !b.Began.IsZero() && b.Began.Before(whole.Began) {
		whole.Began = b.Began
	}
	return whole
}
