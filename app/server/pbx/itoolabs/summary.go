package itoolabs

import (
	"net/url"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/call"
)

const (
	// ahead is how far a beginning may be in the future before it is not believed: more than any time
	// zone is wrong by.
	ahead = 25 * time.Hour
	// longestLink is more than the address of a recording has.
	longestLink = 2000
)

// believable are the years in which a call may have begun.
var believable = time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC)

// results are the ends of unanswered calls (section 6).
var results = map[itoolabs.Result]call.End{
	itoolabs.ResultBusy: call.EndBusy, itoolabs.ResultNotAllowed: call.EndFailed, itoolabs.ResultNotFound: call.EndFailed,
	itoolabs.ResultCancel: call.EndNoAnswer, itoolabs.ResultMissed: call.EndNoAnswer, itoolabs.ResultNotAvailable: call.EndNoAnswer,
}

// summary is what history tells: the end of the call, the talk of whom it names, and his recording.
func (p *Provider) summary(m itoolabs.History, fact string, at time.Time) (events []call.Event, stranger bool) {
	me, named := p.staff.who(m.User, m.Ext)
	whole := p.staff.whole(wholeCall{
		me: me, named: named, other: m.Phone, line: m.Diversion, direction: m.Type, result: itoolabs.ReadResult(m.Status),
		start: p.begun(m.Start, m.Wait+m.Duration, at), wait: m.Wait, duration: m.Duration,
	})
	whole.Kind, whole.Key, whole.Fact = call.KindSummary, m.CallID, fact
	if whole.Answered.IsZero() && itoolabs.ReadResult(m.Status) == itoolabs.ResultUnknown {
		whole.Said = itoolabs.CleanText(m.Status)
	}
	events = append(events, whole)
	if named && !whole.Answered.IsZero() {
		events = append(events, talkOf(whole, legOf(m.CallID, me), fact))
	}
	if rec, ok := recordingOf(whole, m.Link, me); ok {
		rec.Key, rec.Fact = m.CallID, fact+" recorded"
		events = append(events, rec)
	}
	return events, named && me.stranger
}

// begun is when the call began as far as that can be believed; else by when we hear of its end.
func (p *Provider) begun(start time.Time, took time.Duration, heard time.Time) time.Time {
	if start.Before(believable) || start.After(p.Clock().Add(ahead)) {
		return heard.Add(-took)
	}
	return start
}

// wholeCall is what history and a row of the listing tell alike.
type wholeCall struct {
	me             employee
	named          bool // an employee, and no group
	other, line    string
	direction      string // in or out
	result         itoolabs.Result
	start          time.Time
	wait, duration time.Duration
}

// whole is the record of a call as an event without a kind and a key. Where nobody answered, an
// employee's ACCEPTED tells more than it (section 6).
func (s *staff) whole(c wholeCall) call.Event {
	ends := s.partiesOf(c.me, "", c.other, c.direction, "")
	if !c.named {
		mine := &ends.to
		if ends.direction == call.Out {
			mine = &ends.from
		}
		*mine = call.Party{}
	}
	e := call.Event{
		From: ends.from, To: ends.to, Line: line(c.line), Direction: ends.direction, Began: c.start,
		At: c.start.Add(max(c.wait, c.duration)), Unsure: true, End: call.EndNoAnswer, Cause: c.result.Code(),
	}
	if ends.guessed && e.Direction != call.Internal {
		e.Direction = "" // the legs know
	}
	if end, known := results[c.result]; known {
		e.End = end
	}
	if c.result == itoolabs.ResultSuccess {
		e.Answered = c.start.Add(c.wait)
		e.At, e.Unsure, e.End, e.Cause = e.Answered.Add(c.duration), false, call.EndByCaller, 0
	}
	return e
}

// talkOf tells the leg of the employee whom history names: his ACCEPTED may have been lost.
func talkOf(whole call.Event, leg, fact string) call.Event {
	return call.Event{
		Kind: call.KindHistoryLeg, Key: whole.Key, At: whole.At, Fact: fact + " leg", Leg: leg, Place: call.PlaceEmployee,
		From: whole.From, To: whole.To, Line: whole.Line, Began: whole.Began, Answered: whole.Answered, End: call.EndByCaller,
	}
}

// recordingOf is the recording that a link leads to. Its id is the address: the server keeps that to
// itself. Whether it may be fetched from there is judged when it is.
func recordingOf(whole call.Event, link string, me employee) (call.Event, bool) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || len(link) > longestLink {
		return call.Event{}, false
	}
	return call.Event{
		Kind: call.KindRecording, At: whole.At, Recording: link, RecordingState: call.RecordingReady, To: call.Party{Extension: me.ext},
	}, true
}
