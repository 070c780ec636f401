package report

import (
	"slices"
	"time"

	"dozvon/client"
)

// CallBackLimit is how long after a missed call an outgoing one still counts as calling back.
const CallBackLimit = time.Hour

// Try is a missed call, or an outgoing one.
type Try struct {
	Phone string
	// At is Unix milliseconds.
	At       int64
	Line     string
	Out      bool
	Answered bool
}

// attempt is what became of one missed call: when somebody first tried, and first reached the
// number; 0: nobody within CallBackLimit.
type attempt struct {
	missed         Try
	tried, reached int64
}

// attempts finds the call-back of every missed call with a known number: the first outgoing call
// to that number after it, whoever made it. One outgoing call answers for every missed
// call of the number before it.
func attempts(tries []Try) []attempt {
	outs := map[string][]Try{}
	for _, t := range tries {
		if !t.Out && t.Phone != "" {
			outs[t.Phone] = nil
		}
	}
	for _, t := range tries {
		if _, missed := outs[t.Phone]; missed && t.Out {
			outs[t.Phone] = append(outs[t.Phone], t)
		}
	}
	for _, of := range outs {
		slices.SortFunc(of, func(a, b Try) int { return int(a.At - b.At) })
	}
	var found []attempt
	for _, t := range tries {
		if t.Out || t.Phone == "" {
			continue
		}
		a := attempt{missed: t}
		for _, out := range outs[t.Phone] {
			if out.At <= t.At {
				continue
			}
			if out.At > t.At+CallBackLimit.Milliseconds() || a.reached != 0 {
				break
			}
			if a.tried == 0 {
				a.tried = out.At
			}
			if out.Answered {
				a.reached = out.At
			}
		}
		found = append(found, a)
	}
	return found
}

func count(to *client.CallBacks, a attempt, now time.Time) {
	to.Of++
	if a.tried == 0 && now.UnixMilli() < a.missed.At+CallBackLimit.Milliseconds() {
		to.Open++
	}
	for _, limit := range []struct {
		minutes        int64
		tried, reached *int
	}{{5, &to.Within5, &to.Reached5}, {15, &to.Within15, &to.Reached15}, {60, &to.Within60, &to.Reached60}} {
		until := a.missed.At + limit.minutes*time.Minute.Milliseconds()
		if a.tried != 0 && a.tried <= until {
			*limit.tried++
		}
		if a.reached != 0 && a.reached <= until {
			*limit.reached++
		}
	}
}
