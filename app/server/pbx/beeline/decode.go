package beeline

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

// Decode reads an event. Nothing in it proves who sent it: that it came to a secret address, by a
// subscription of ours, is all there is, and the server sees to that (section 2).
func (p *Provider) Decode(r pbx.Request) (pbx.Delivery, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return pbx.Delivery{Probe: true}, nil
	}
	e, kept, err := beeline.Decode(r.Body)
	if err != nil {
		return pbx.Delivery{}, fmt.Errorf("%w: %w", pbx.ErrUnreadable, err)
	}
	if e.SubscriptionID == "" {
		return pbx.Delivery{}, fmt.Errorf("%w: it comes by no subscription", pbx.ErrUnreadable)
	}
	d := pbx.Delivery{
		Payload: kept, Subscription: e.SubscriptionID,
		Ended: e.Type == beeline.SubscriptionTerminated, Gap: e.Type == beeline.CallSubscriptionResync,
	}
	for _, c := range e.Calls {
		events, known := p.events(e, c)
		d.Stranger = d.Stranger || !known
		for _, one := range events {
			if !slices.Contains(d.Events, one) { // a call may be listed twice (section 16)
				d.Events = append(d.Events, one)
			}
		}
	}
	d.Joins = p.joins(e)
	if d.Unfit = p.unfit(e, d.Events); d.Unfit != nil {
		d.Events, d.Joins = nil, nil
	}
	return d, nil
}

// maxID is longer than any id that was seen (a uuid, a userId with its domain).
const maxID = 200

// ahead is how far an event may be in the future before it is not believed: more than any time zone is
// wrong by.
const ahead = 25 * time.Hour

// epoch is before any event that may still be told of.
var epoch = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// unfit says why an event cannot be true.
func (p *Provider) unfit(e beeline.Event, events []call.Event) error {
	for _, id := range []string{e.SubscriptionID, e.Target} {
		if len(id) > maxID {
			return fmt.Errorf("%w: an id of %d bytes", pbx.ErrUnreadable, len(id))
		}
	}
	limit := p.Clock().Add(ahead)
	for _, one := range events {
		switch {
		case len(one.Key) > maxID || len(one.Leg) > 2*maxID:
			return fmt.Errorf("%w: an id of %d bytes", pbx.ErrUnreadable, max(len(one.Key), len(one.Leg)))
		case one.At.After(limit) || one.At.Before(epoch):
			return fmt.Errorf("%w: it tells of %s, which cannot be", pbx.ErrUnreadable, one.At.Format(time.RFC3339))
		}
	}
	return nil
}

// joins tells which calls are one from now on: a redirect that lists several is a consultation that
// ends in one (section 6). Two clients whom one target leaves at once are two calls.
func (p *Provider) joins(e beeline.Event) []pbx.Join {
	gone := len(e.Calls) > 1 && !slices.ContainsFunc(e.Calls, func(c beeline.Call) bool { return c.State != beeline.Detached })
	if len(e.Calls) < 2 || e.Type != beeline.CallRedirected && !gone {
		return nil
	}
	calls := slices.Clone(e.Calls)
	slices.SortFunc(calls, func(a, b beeline.Call) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return strings.Compare(a.Tracking, b.Tracking)
	})
	var all []pbx.Join
	for i, c := range calls {
		if personalityOf(e.Type, c) != beeline.Originator {
			continue
		}
		about, ok := p.askedAbout(calls, i)
		j := pbx.Join{Key: about.Tracking, Other: c.Tracking}
		if ok && j.Key != "" && j.Other != "" && j.Key != j.Other && !slices.Contains(all, j) {
			all = append(all, j)
		}
	}
	return all
}

// askedAbout is the call of which an employee's own call was the consultation: the one to which it came
// last. A call to one client is none of another's.
func (p *Provider) askedAbout(calls []beeline.Call, consultation int) (about beeline.Call, ok bool) {
	with := p.who.party(calls[consultation])
	for i, c := range calls {
		if i == consultation || c.Tracking == calls[consultation].Tracking {
			continue
		}
		other := p.who.party(c)
		fits := with.Extension != "" && other.Outside() || with.Number != "" && with == other
		if with.Extension != "" && !other.Outside() {
			fits = i < consultation // all are colleagues
		}
		if fits && (!ok || i < consultation) {
			about, ok = c, true
		}
	}
	return about, ok
}

// events are the facts that one half of a call tells: every one that it holds, not only the newest, so
// that the last event alone tells the whole half (section 8.4). The same fact is the same event,
// whichever event of whichever subscription told it.
func (p *Provider) events(e beeline.Event, c beeline.Call) (events []call.Event, known bool) {
	if c.Tracking == "" {
		return nil, true // a telephone off its hook is no call
	}
	h, known, err := p.who.half(e, c)
	if err != nil {
		return nil, known
	}
	return h.facts(p.Clock().UTC().Truncate(time.Second)), known
}

var errNoPart = errors.New("it does not tell which part the target plays")
