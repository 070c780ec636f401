package call

import (
	"slices"
	"time"
)

// settleForks ends the ringing of legs that lost: a PBX's word that a telephone rings, or that it has
// stopped, may come after another of the same fork was answered.
func settleForks(all []leg) {
	answered := map[string]time.Time{}
	for _, l := range all {
		for _, e := range l.events {
			if at, known := answered[e.Fork]; e.Fork != "" && e.State == LegTalking && (!known || e.At.Before(at)) {
				answered[e.Fork] = e.At
			}
		}
	}
	for i := range all {
		l := &all[i]
		at, known := answered[l.fork()]
		if !known || slices.ContainsFunc(l.events, func(e Event) bool { return e.State == LegTalking }) {
			continue
		}
		l.lost = true
		if l.live() {
			l.last.State, l.last.At, l.last.Cause, l.last.End = LegEnded, at, 0, EndMoved
		}
	}
}

func (l leg) fork() string {
	for _, e := range l.events {
		if e.Fork != "" {
			return e.Fork
		}
	}
	return ""
}
