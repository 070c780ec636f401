package calls

import (
	"slices"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// longestBefore is how long before a question about him a client's call may have begun: callers wait in
// queues, and talk.
const longestBefore = 2 * time.Hour

// untoldJoins finds calls that are one though the PBX counts them as several and does not say so: one
// leg goes on under another key, or an employee whose client waits on hold calls a colleague to ask.
// Events come in any order, so it looks from both sides, and by when things happened.
func (s *Merges) untoldJoins(tx *store.Tx, integration *directory.Integration, d pbx.Delivery) ([]pbx.Join, error) {
	if !consultsByTelephone(integration.Provider) || !slices.ContainsFunc(d.Events, isLeg) {
		return nil, nil
	}
	told, err := toldOf(tx, integration, d)
	if err != nil {
		return nil, err
	}
	var joins []pbx.Join
	for _, t := range told {
		others, err := beside(tx, integration, t)
		if err != nil {
			return nil, err
		}
		joins = append(joins, t.joins(others)...)
	}
	return joins, nil
}

// consultsByTelephone: an employee begins a consultation on the telephone, and the PBX has no command
// for that but one to join it with the client.
func consultsByTelephone(p pbx.Provider) bool {
	_, connects := p.(pbx.Connecter)
	_, consults := p.(pbx.Consulter)
	return connects && !consults
}

func isLeg(e call.Event) bool { return e.Kind == call.KindLeg }

// told is all that is known of a call with what a delivery tells of it.
type told struct {
	key   string // the one under which the delivery tells of it
	root  string
	facts call.Call
}

// toldOf lists the calls that a delivery tells of.
func toldOf(tx *store.Tx, integration *directory.Integration, d pbx.Delivery) ([]told, error) {
	var all []told
	for _, e := range d.Events {
		if !isLeg(e) || e.Key == "" {
			continue
		}
		root, err := tx.RootKey(integration.ID, e.Key)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(all, func(t told) bool { return t.root == root })
		if at < 0 {
			rec, err := found(tx.CallOfRoot(integration.ID, root))
			if err != nil {
				return nil, err
			}
			at = len(all)
			all = append(all, told{key: e.Key, root: root})
			if rec != nil {
				all[at].facts = rec.Facts
			}
		}
		all[at].facts = call.Fold(all[at].facts, e)
	}
	return all, nil
}

// beside lists the calls with which a call may be one: those that go on, and those of its time, because
// what is told late is of calls that have ended.
func beside(tx *store.Tx, integration *directory.Integration, t told) ([]store.CallRecord, error) {
	from, to := spanOf(t.facts)
	from = from.Add(-lateLimit)
	if _, asks := questionOf(t.facts); asks {
		from = from.Add(-longestBefore)
	}
	all, err := tx.CallsWithin(integration.ID, from, to.Add(clockSkew))
	if err != nil {
		return nil, err
	}
	active, err := tx.ActiveCalls()
	if err != nil {
		return nil, err
	}
	for _, rec := range active {
		if !slices.ContainsFunc(all, func(had store.CallRecord) bool { return had.ID == rec.ID }) {
			all = append(all, rec)
		}
	}
	return slices.DeleteFunc(all, func(rec store.CallRecord) bool {
		return rec.IntegrationID != integration.ID || rec.Key == "" || rec.Key == t.root
	}), nil
}

// spanOf is the time of which events of legs tell.
func spanOf(c call.Call) (from, to time.Time) {
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

// joins tells with which of other calls a call is one. Of several clients who wait for one employee, the
// colleague is asked about the one who was put on hold last: two clients' calls are never one by that.
func (t told) joins(others []store.CallRecord) []pbx.Join {
	var joins []pbx.Join
	question, asks := questionOf(t.facts)
	waits := waitsOf(t.facts)
	var client string // the key of whose call the question is of
	var since time.Time
	for _, rec := range others {
		if sharesLeg(rec.Facts, t.facts) {
			joins = append(joins, pbx.Join{Key: rec.Key, Other: t.key})
			continue
		}
		if asks {
			for _, w := range waitsOf(rec.Facts) {
				if w.covers(question) && (client == "" || w.since.After(since)) {
					client, since = rec.Key, w.since
				}
			}
			continue
		}
		if len(waits) == 0 {
			continue
		}
		if theirs, ok := questionOf(rec.Facts); ok && slices.ContainsFunc(waits, func(w wait) bool { return w.covers(theirs) }) {
			joins = append(joins, pbx.Join{Key: t.key, Other: rec.Key})
		}
	}
	if client != "" {
		joins = append(joins, pbx.Join{Key: client, Other: t.key})
	}
	return joins
}

// sharesLeg reports whether a leg is known of both calls.
func sharesLeg(a, b call.Call) bool {
	return slices.ContainsFunc(a.Events, func(one call.Event) bool {
		return isLeg(one) && slices.ContainsFunc(b.Events, func(e call.Event) bool { return isLeg(e) && e.Leg == one.Leg })
	})
}

// question is an employee's call to a colleague with nobody from outside on it.
type question struct {
	asker string
	began time.Time
	ended time.Time // zero while it goes on
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
		if !betweenPeople(e) || (e.From.Extension == "") == (e.To.Extension == "") {
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
			w.since, w.until = w.answered, earlier(w.until, e.At.Add(clockSkew))
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
			back = earlier(back, e.At.Add(clockSkew))
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
