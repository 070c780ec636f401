package match

import (
	"cmp"
	"slices"
	"time"

	"dozvon/app/server/call"
)

// ClockSkew is how far the PBX's clock and ours may be apart.
const ClockSkew = 5 * time.Second

// Call is a call of a PBX by its key.
type Call struct {
	Key   string
	Facts call.Call
}

func isLeg(e call.Event) bool { return e.Kind == call.KindLeg }

// Span is the time of which events of legs tell.
func Span(c call.Call) (from, to time.Time) {
	for _, e := range c.Events {
		if !isLeg(e) {
			continue
		}
		if from.IsZero() || e.At.Before(from) {
			from = e.At
		}
		if e.At.After(to) {
			to = e.At
		}
	}
	return from, to
}

// Joins tells with which of other calls a call is one, as pairs of keys of which the first goes on. A leg
// that both know is told by the key that it had before: that one's call may be another one's by a guess.
func Joins(t Call, others []Call) [][2]string {
	var joins [][2]string
	var rest []Call
	for _, rec := range others {
		if key, ok := sharedLeg(rec, t.Facts); ok {
			joins = append(joins, [2]string{key, t.Key})
			continue
		}
		rest = append(rest, rec)
	}
	if asked, ok := questionOf(t.Facts); ok {
		if client, ok := clientOf(asked, rest); ok {
			joins = append(joins, [2]string{client, t.Key})
		}
		return joins
	}
	if len(waitsOf(t.Facts)) == 0 {
		return joins
	}
	all := append(slices.Clone(rest), t)
	for _, rec := range rest {
		asked, ok := questionOf(rec.Facts)
		if !ok {
			continue
		}
		if client, ok := clientOf(asked, all); ok && client == t.Key {
			joins = append(joins, [2]string{t.Key, rec.Key})
		}
	}
	return joins
}

// clientOf is the key of the call that a question is of: of several clients who wait for one employee, the
// colleague is asked about the one who was put on hold last. An employee who answered another client since
// has put that one on hold, too, though nothing tells it: then nobody knows, until the PBX says it.
func clientOf(asked question, calls []Call) (client string, ok bool) {
	var since time.Time
	for _, c := range calls {
		for _, w := range waitsOf(c.Facts) {
			if w.covers(asked) && (client == "" || w.since.After(since)) {
				client, since = c.Key, w.since
			}
		}
	}
	for _, c := range calls {
		if c.Key != client && slices.ContainsFunc(talksAt(c.Facts, asked), func(at time.Time) bool { return at.After(since) }) {
			return "", false
		}
	}
	return client, client != ""
}

// talksAt lists when the talks of the asker with somebody outside began that went on when he asked.
func talksAt(c call.Call, asked question) []time.Time {
	var all []time.Time
	for _, e := range c.Events {
		if !betweenPeople(e) || e.State != call.LegTalking || !withOutside(e) || e.From.Extension+e.To.Extension != asked.asker {
			continue
		}
		if end := endOf(c, e.Leg); !e.At.After(asked.began) && (end.IsZero() || end.After(asked.began)) {
			all = append(all, answeredOf(c, e.Leg))
		}
	}
	return all
}

// withOutside reports whether one end of a leg is outside and the other one is not.
func withOutside(e call.Event) bool { return (e.From.Extension == "") != (e.To.Extension == "") }

// Apart reports whether two calls each have an outside party, with numbers of which none is the same: they
// are two clients' calls, whatever else they have in common.
func Apart(a, b call.Call) bool {
	mine, theirs := clientsOf(a), clientsOf(b)
	return len(mine) > 0 && len(theirs) > 0 && !slices.ContainsFunc(mine, func(n string) bool { return slices.Contains(theirs, n) })
}

// clientsOf lists the outside numbers of a call. Who hides theirs is not listed.
func clientsOf(c call.Call) []string {
	var all []string
	for _, e := range c.Events {
		if !isLeg(e) || e.Callback {
			continue
		}
		for _, p := range []call.Party{e.From, e.To} {
			if p.Outside() && p.Number != "" {
				all = append(all, LastDigits(p.Number))
			}
		}
	}
	return all
}

// sharedLeg reports whether a leg is known of both calls, and by which key of the first one.
func sharedLeg(a Call, b call.Call) (key string, ok bool) {
	at := slices.IndexFunc(a.Facts.Events, func(one call.Event) bool {
		return isLeg(one) && slices.ContainsFunc(b.Events, func(e call.Event) bool { return isLeg(e) && e.Leg == one.Leg })
	})
	if at < 0 {
		return "", false
	}
	return cmp.Or(a.Facts.Events[at].Key, a.Key), true
}

// question is an employee's call to a colleague with nobody from outside on it.
type question struct {
	asker string
	began time.Time
	ended time.Time // zero while it goes on
}

// IsQuestion reports whether a call is an employee's to a colleague with nobody from outside on it.
func IsQuestion(c call.Call) bool {
	_, asks := questionOf(c)
	return asks
}

func questionOf(c call.Call) (question, bool) {
	var q question
	ended := map[string]bool{}
	for _, e := range c.Events {
		if !betweenPeople(e) {
			continue
		}
		if e.From.Extension == "" || e.To.Extension == "" {
			return question{}, false
		}
		if q.began.IsZero() || e.At.Before(q.began) {
			q.asker, q.began = e.From.Extension, e.At
		}
		if e.At.After(q.ended) {
			q.ended = e.At
		}
		ended[e.Leg] = ended[e.Leg] || e.State == call.LegEnded
	}
	for _, over := range ended {
		if !over {
			q.ended = time.Time{}
		}
	}
	return q, q.asker != ""
}

// betweenPeople leaves out menus and queues, and the stage of a click-to-call on which the employee's own
// telephone rings.
func betweenPeople(e call.Event) bool {
	return isLeg(e) && !e.Callback && e.Place != call.PlaceMenu && e.Place != call.PlaceQueue
}

// wait is a client's time on hold. Its employee has one telephone: what he calls from it meanwhile, he
// calls because of the client.
type wait struct {
	employee string
	answered time.Time // the talk's
	since    time.Time // answered, where no event told of the hold but that it is over
	until    time.Time // zero while it lasts
}

// covers reports whether a question was asked while the client waited. Its call may begin a moment before
// the client is put on hold.
func (w wait) covers(q question) bool {
	return q.asker == w.employee && !q.began.Before(w.answered) &&
		(w.until.IsZero() || q.began.Before(w.until)) && (q.ended.IsZero() || !q.ended.Before(w.since))
}

// waitsOf lists when a client waited on hold, as far as it can be told. That he was taken back the PBX does
// not date: what the employee calls then is only known to be within the talk once that one's end is told.
func waitsOf(c call.Call) []wait {
	var all []wait
	for _, e := range c.Events {
		if !betweenPeople(e) || !withOutside(e) {
			continue
		}
		w := wait{employee: e.From.Extension + e.To.Extension, answered: answeredOf(c, e.Leg), since: e.At, until: endOf(c, e.Leg)}
		ended := !w.until.IsZero()
		switch {
		case e.State == call.LegHeld:
			back := backAfter(c, e)
			if !back.IsZero() && !ended {
				continue
			}
			w.until = earlier(w.until, back)
		case takenBack(c, e) && ended:
			w.since, w.until = w.answered, earlier(w.until, e.At.Add(ClockSkew))
		default:
			continue
		}
		all = append(all, w)
	}
	if len(all) == 0 {
		return nil
	}
	if v := c.View(); v.State == call.Ended { // the end of a leg may be lost
		for i := range all {
			all[i].until = earlier(all[i].until, v.EndedAt)
		}
	}
	return all
}

// answeredOf is when the talk on a leg began, or the leg where that is not told.
func answeredOf(c call.Call, leg string) time.Time {
	var talk, began time.Time
	for _, e := range c.Events {
		if !isLeg(e) || e.Leg != leg {
			continue
		}
		began = earlier(began, e.At)
		if e.State == call.LegTalking {
			talk = earlier(talk, e.At)
		}
	}
	if talk.IsZero() {
		return began
	}
	return talk
}

// backAfter is when a client was taken back from a hold at the latest, by our own clock; zero: it is not told.
func backAfter(c call.Call, hold call.Event) time.Time {
	var back time.Time
	for _, e := range c.Events {
		if isLeg(e) && e.Leg == hold.Leg && e.State != call.LegEnded && after(hold, e) {
			back = earlier(back, e.At.Add(ClockSkew))
		}
	}
	return back
}

// takenBack reports whether an event tells that the client talks again, of whose hold none told.
func takenBack(c call.Call, back call.Event) bool {
	if back.State != call.LegTalking {
		return false
	}
	again := false
	for _, e := range c.Events {
		if !isLeg(e) || e.Leg != back.Leg || !after(e, back) {
			continue
		}
		if e.State == call.LegHeld {
			return false
		}
		again = again || e.State == call.LegTalking
	}
	return again
}

// after reports whether b is a later state of a leg than a.
func after(a, b call.Event) bool {
	return b.Seq > a.Seq || b.Seq == a.Seq && b.At.After(a.At)
}

// endOf is when a leg ended; zero: it is not told.
func endOf(c call.Call, leg string) time.Time {
	var at time.Time
	for _, e := range c.Events {
		if isLeg(e) && e.Leg == leg && e.State == call.LegEnded && !e.Soft {
			at = earlier(at, e.At)
		}
	}
	return at
}

// earlier is the earlier of two moments of which either may be unknown.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
