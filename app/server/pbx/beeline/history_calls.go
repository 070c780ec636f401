package beeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

const (
	// tolerance is how far a row's start may be from that of the half that it is about (section 11).
	tolerance = 5 * time.Second
	// longestRing is how long after a row's start its recording may begin.
	longestRing = 5 * time.Minute
	// sameTalk is how far a row and a recording may differ about how long the talk was.
	sameTalk = 2 * time.Second
)

// talk is one employee's part of a call, of a row or a recording.
type talk struct {
	userID             string
	out                bool
	number             phone.Number // the other party's
	began, answered    time.Time
	ended              time.Time
	extension, partner string // partner is the colleague at the other end, if it is one
	matched            bool   // a row of the statistics tells of it, too
}

func (h historian) talkOf(a beeline.Abonent, out bool, other string) talk {
	who, _, ok := h.who.get(string(a.UserID))
	if !ok || who.UserID == "" {
		who = personOf(a)
	}
	t := talk{userID: string(a.UserID), out: out, number: numberOf(other), extension: who.Extension}
	if colleague, ok := h.who.withPhone(t.number); ok && t.number != "" {
		t.partner = colleague.Extension
	} else if colleague, ok := h.who.withExtension(string(t.number)); ok {
		t.partner = colleague.Extension
	}
	return t
}

// parties are the ends of a talk.
func (t talk) parties() (from, to call.Party) {
	me, other := call.Party{Extension: t.extension}, call.Party{Number: t.number}
	if t.partner != "" {
		other = call.Party{Extension: t.partner}
	}
	if t.out {
		return me, other
	}
	return other, me
}

// direction is the whole call's.
func (t talk) direction() call.Direction {
	switch {
	case t.partner != "":
		return call.Internal
	case t.out:
		return call.Out
	}
	return call.In
}

// calls puts rows and recordings together: what a recording names goes under its name, all else under
// a made-up key.
func (h historian) calls(records []beeline.Record, rows []beeline.Row) []pbx.HistoryCall {
	named, order := map[string][]talk{}, []string{}
	ready := map[string][]call.Event{}
	for _, r := range records {
		if r.External == "" || r.Date.IsZero() || r.Abonent.UserID == "" {
			continue
		}
		key := string(r.External)
		t := h.talkOf(r.Abonent, strings.EqualFold(string(r.Direction), beeline.Outbound), string(r.Phone))
		t.began, t.answered, t.ended = r.Date.Time, r.Date.Time, r.Date.Add(time.Duration(r.Duration))
		if len(named[key]) == 0 {
			order = append(order, key)
		}
		named[key] = append(named[key], t)
		ready[key] = append(ready[key], readyOf(key, t, r))
	}
	var rest [][]talk
	formerly := map[string][]string{}
	for _, group := range grouped(h.talks(rows)) {
		key := absorbed(order, named, group)
		if key == "" {
			rest = append(rest, group)
			continue
		}
		for _, t := range group {
			formerly[key] = append(formerly[key], madeKey(t))
			if t.answered.IsZero() { // who rang with the one who talked
				named[key] = append(named[key], t)
			}
		}
	}
	var all []pbx.HistoryCall
	for _, key := range order {
		all = append(all, pbx.HistoryCall{Events: append(ready[key], historyOf(key, named[key])...), Formerly: formerly[key]})
	}
	for _, group := range rest {
		all = append(all, pbx.HistoryCall{Events: historyOf("", group), Unnamed: true, Tolerance: tolerance, MadeKey: madeKey(group[0])})
	}
	return all
}

// madeKey is the key of a call that only a row tells of.
func madeKey(t talk) string { return fmt.Sprintf("stat:%s:%d", t.userID, t.began.UnixMilli()) }

func readyOf(key string, t talk, r beeline.Record) call.Event {
	return ready(key, t.userID, t.extension, r)
}

func (h historian) talks(rows []beeline.Row) []talk {
	all := make([]talk, 0, len(rows))
	for _, r := range rows {
		all = append(all, h.rowOf(r))
	}
	return all
}

func (h historian) rowOf(r beeline.Row) talk {
	t := h.talkOf(r.Abonent, r.IsOutbound(), r.Outside())
	t.began, t.ended = r.Start.Time, r.Start.Time
	if r.Talked() {
		// When it was answered no row tells; how long they talked, each does.
		t.answered, t.ended = t.began, t.began.Add(time.Duration(r.Duration))
	}
	return t
}

// absorbed finds the call whose recording is of a group's talk, and gives it the row's beginning; empty:
// there is none.
func absorbed(order []string, named map[string][]talk, group []talk) string {
	found := ""
	for _, row := range group {
		key, best := recordingOf(order, named, row)
		if best == nil {
			continue
		}
		best.matched = true
		if row.began.Before(best.began) {
			best.began = row.began
		}
		found = cmp.Or(found, key)
	}
	return found
}

// recordingOf finds the recording of a row's talk.
func recordingOf(order []string, named map[string][]talk, row talk) (key string, best *talk) {
	if row.answered.IsZero() {
		return "", nil
	}
	for _, k := range order {
		for i := range named[k] {
			t := &named[k][i]
			rang := t.answered.Sub(row.began)
			length := t.ended.Sub(t.answered) - row.ended.Sub(row.answered)
			same := t.userID == row.userID && t.out == row.out && lastTen(t.number) == lastTen(row.number) && !t.matched && !t.answered.IsZero()
			if !same || rang < -sameTalk || rang > longestRing || length.Abs() > sameTalk {
				continue
			}
			if best == nil || t.answered.Before(best.answered) {
				key, best = k, t
			}
		}
	}
	return key, best
}

func lastTen(n phone.Number) string {
	digits := n.Digits()
	return digits[max(0, len(digits)-10):]
}

// grouped puts the rows together that are one call: the members of a group that rang at once, and both
// ends of a call between colleagues. They are ordered by their beginning.
func grouped(rows []talk) [][]talk {
	var all [][]talk
	for _, row := range rows {
		at := slices.IndexFunc(all, func(group []talk) bool {
			return row.began.Sub(group[0].began).Abs() <= tolerance && sameCall(group, row)
		})
		if at < 0 {
			all = append(all, []talk{row})
			continue
		}
		all[at] = append(all[at], row)
	}
	return all
}

func sameCall(group []talk, row talk) bool {
	first := group[0]
	if first.partner != "" && row.partner == first.extension && row.extension == first.partner {
		return first.out != row.out && len(group) == 1 // the next one is of another call
	}
	if first.out || row.out || row.number == "" || row.partner != "" || lastTen(first.number) != lastTen(row.number) {
		return false
	}
	return !slices.ContainsFunc(group, func(t talk) bool { return t.userID == row.userID })
}

// historyOf is a call of its parts.
func historyOf(key string, parts []talk) []call.Event {
	first := parts[0]
	whole := call.Event{Kind: call.KindHistory, Key: key, Unsure: true, Direction: first.direction()}
	var all []call.Event
	talked := false
	for _, t := range parts {
		from, to := t.parties()
		if whole.Began.IsZero() || t.began.Before(whole.Began) {
			whole.Began = t.began
		}
		if !t.answered.IsZero() && (whole.Answered.IsZero() || t.answered.Before(whole.Answered)) {
			whole.Answered, whole.From, whole.To = t.answered, from, to
		}
		// Two rows without a name are grouped only where they tell of one moment, and so of one talk.
		if key != "" || !talked || t.answered.IsZero() {
			whole.At = latest(whole.At, t.ended)
		}
		talked = talked || !t.answered.IsZero()
		all = append(all, call.Event{
			Kind: call.KindHistoryLeg, Key: key, Unsure: true, Place: call.PlaceEmployee, From: from, To: to,
			Began: t.began, Answered: t.answered, At: t.ended, End: t.end(),
		})
	}
	if whole.Answered.IsZero() {
		whole.From, whole.To = first.parties()
	}
	whole.At = latest(whole.At, whole.Began)
	whole.End = cmp.Or(whole.End, first.end())
	return append(all, whole)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// end: who hung up no row tells.
func (t talk) end() call.End {
	if t.answered.IsZero() {
		return call.EndNoAnswer
	}
	return call.EndByCaller
}
