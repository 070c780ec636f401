// Package report counts calls for charts: how many, how many were missed, how fast they were
// answered, how long people talked, how soon missed callers were called back. Plain
// functions over what the database has grouped; it knows no SQL, no HTTP and no clock.
package report

import (
	"maps"
	"slices"

	"dozvon/app/server/entry"

	"dozvon/client"
)

// Unknown is the Wait of a call whose time to the answer nobody noted.
const Unknown = -1

// Tally is a number of calls that have all of this in common.
type Tally struct {
	// Start is the beginning of the hour or day in Unix milliseconds; 0 where the group is not of time.
	Start int64
	// Key is the employee's id or the line's number; empty where the group is of time.
	Key      string
	Type     entry.Type
	Answered bool
	// Wait is until the answer, or until the caller gave up; Unknown: not noted.
	Wait  int
	Calls int
	// Talk is the seconds of all of them together.
	Talk int
}

// figures adds tallies up.
type figures struct {
	client.CallFigures
	waits map[int]int // of answered inbound calls: seconds → calls
}

func (f *figures) add(t Tally) {
	f.Calls += t.Calls
	f.TalkSeconds += t.Talk
	switch t.Type {
	case entry.CallIn:
		f.Answered += t.Calls
		if t.Wait != Unknown {
			if f.waits == nil {
				f.waits = map[int]int{}
			}
			f.waits[t.Wait] += t.Calls
		}
	case entry.CallMissed:
		f.Missed += t.Calls
	case entry.CallOut:
		f.Out += t.Calls
		if t.Answered {
			f.OutAnswered += t.Calls
		}
	}
}

// sum works out what follows from the counts.
func (f *figures) sum() client.CallFigures {
	out := f.CallFigures
	if inbound := out.Answered + out.Missed; inbound > 0 {
		out.MissedShare = float64(out.Missed) / float64(inbound)
	}
	if talks := out.Answered + out.OutAnswered; talks > 0 {
		out.TalkAverage = (out.TalkSeconds + talks/2) / talks
	}
	out.AnswerMedian, out.AnswerP90 = within(f.waits, 50), within(f.waits, 90)
	return out
}

// within is the least number of seconds that suffices for percent of the calls (the nearest
// rank): a time that was really waited, never one between two. Nil for no calls.
func within(waits map[int]int, percent int) *int {
	all := 0
	for _, n := range waits {
		all += n
	}
	rank := (all*percent + 99) / 100
	for _, seconds := range slices.Sorted(maps.Keys(waits)) {
		rank -= waits[seconds]
		if rank <= 0 {
			return &seconds
		}
	}
	return nil
}
