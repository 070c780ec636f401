package call

import (
	"slices"
	"time"
)

// Talked is an employee's talk with an outside party that is over, under the key that told of it.
type Talked struct {
	Key, Extension string
	Ended          time.Time
}

// Talks lists the talks of a call that are over. One that was told of under two keys, because the call has
// two, is listed under each.
func (c Call) Talks() []Talked {
	s, _ := sortOut(c)
	internal := s.direction() == Internal
	var all []Talked
	for _, l := range s.legs {
		if _, talked := l.talk(internal); !talked || internal || l.live() || l.extension() == "" {
			continue
		}
		for _, e := range l.events {
			t := Talked{Key: e.Key, Extension: l.extension(), Ended: l.last.At}
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}
