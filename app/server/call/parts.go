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
}

// Parts lists whose telephones took part in a call.
func (c Call) Parts() []Part {
	all, _ := legs(c.Events)
	var parts []Part
	for i, l := range all {
		if ext := l.extension(); ext != "" && !slices.ContainsFunc(all[:i], l.isOtherHalfOf) {
			parts = append(parts, Part{ID: l.id, Extension: ext, Outgoing: l.last.To.Outside(), Began: l.began()})
		}
	}
	for _, e := range c.Events {
		if len(all) > 0 || e.Kind != KindHistory || e.Began.IsZero() {
			continue
		}
		part := Part{ID: "whole", Extension: e.To.Extension, Outgoing: e.Direction == Out, Began: e.Began}
		if part.Outgoing {
			part.Extension = e.From.Extension
		}
		return []Part{part}
	}
	return parts
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
