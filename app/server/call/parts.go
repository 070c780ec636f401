package call

import (
	"slices"
	"time"
)

// Part is an employee's part in a call: their telephone rang, or they dialled.
type Part struct {
	ID        string // of the leg; made up where only the PBX's record tells of it
	Extension string // empty: a group's
	Outgoing  bool
	Began     time.Time
	// Heard says that Began is when we heard of it, for the PBX told no time: it may be long over by then.
	Heard bool
}

// Parts lists whose telephones took part in a call.
func (c Call) Parts() []Part {
	all, _ := legs(c.Events)
	if len(all) == 0 {
		return c.whole()
	}
	var parts []Part
	for i, l := range all {
		if ext := l.extension(); ext != "" && !slices.ContainsFunc(all[:i], l.isOtherHalfOf) {
			part := Part{ID: l.id, Extension: ext, Outgoing: l.last.To.Outside(), Began: l.began(), Heard: l.heard()}
			if told := c.toldBeginning(l.key()); part.Heard && !told.IsZero() {
				part.Began, part.Heard = told, false
			}
			parts = append(parts, part)
		}
	}
	return parts
}

// whole is the one part of a call of whose legs nothing was told.
func (c Call) whole() []Part {
	for _, kind := range []Kind{KindHistory, KindSummary} {
		for _, e := range c.Events {
			if e.Kind != kind || e.Began.IsZero() {
				continue
			}
			part := Part{ID: "whole", Extension: e.To.Extension, Outgoing: e.Direction == Out, Began: e.Began}
			if part.Outgoing {
				part.Extension = e.From.Extension
			}
			return []Part{part}
		}
	}
	return nil
}

// toldBeginning is when the PBX's last word on a key says that its call began; zero: it has not come.
func (c Call) toldBeginning(key string) time.Time {
	for _, e := range c.Events {
		if e.Kind == KindSummary && e.Key == key && !e.Began.IsZero() {
			return e.Began
		}
	}
	return time.Time{}
}

// heard reports whether the beginning of a leg is dated by the arrival of its event.
func (l leg) heard() bool {
	first := slices.MinFunc(l.events, func(a, b Event) int { return a.At.Compare(b.At) })
	return first.Fact != ""
}

// isOtherHalfOf reports whether two legs are the halves of one talk between colleagues.
func (l leg) isOtherHalfOf(other leg) bool {
	between := l.last.From.Extension != "" && l.last.To.Extension != ""
	return between && l.last.From.Extension == other.last.From.Extension && l.last.To.Extension == other.last.To.Extension &&
		l.began().Sub(other.began()).Abs() <= nearby
}

// Knows reports whether a call has an event, whatever the key under which it was told.
func (c Call) Knows(e Event) bool {
	return slices.ContainsFunc(c.Events, func(had Event) bool {
		had.Key, e.Key = "", ""
		return compare(had, e) == 0
	})
}
