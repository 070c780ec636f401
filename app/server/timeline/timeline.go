// Package timeline tells a call's course: who rang, talked and waited when, what the PBX told of it, and how soon
// the server had each event.
package timeline

import (
	"cmp"
	"context"
	"log/slog"
	"math"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
	"dozvon/client"
	"dozvon/client/timelines"
)

// Calls reads calls as they stand today.
type Calls interface {
	// Call is access.ErrNotParticipant for who may not open it.
	Call(ctx context.Context, by client.Employee, id string) (client.Call, error)
}

// Service tells the course of calls. All fields are required.
type Service struct {
	Store     *store.Store
	Calls     Calls
	Directory *directory.Directory
	Recorder  *Recorder
}

// Of is the course of a call that the employee may open; store.ErrNotFound, access.ErrNotParticipant.
func (s *Service) Of(ctx context.Context, by client.Employee, id string) (timelines.Timeline, error) {
	shown, err := s.Calls.Call(ctx, by, id)
	if err != nil {
		return timelines.Timeline{}, err
	}
	if err := s.Recorder.Write(ctx); err != nil {
		if ctx.Err() != nil {
			return timelines.Timeline{}, err
		}
		slog.WarnContext(ctx, "how soon events were had is told and not noted yet", "err", err)
	}
	rec, err := s.Store.Call(ctx, id)
	if err != nil {
		return timelines.Timeline{}, err
	}
	had, err := s.Store.Reactions(ctx, rec.ID)
	if err != nil {
		return timelines.Timeline{}, err
	}
	s.Recorder.addWaiting(had, rec.ID)
	snapshot := s.Directory.Snapshot()
	integration := snapshot.Integration(rec.IntegrationID)
	c := course{
		rec: rec, view: rec.Facts.View(), had: had, people: map[string]*client.Person{},
		owner: func(ext string) *client.Person { return snapshot.Owner(integration, ext) },
	}
	if integration != nil && integration.Provider != nil {
		c.explain = integration.Provider.Explain
	}
	return c.told(shown), nil
}

// course is a call's course in the making.
type course struct {
	rec    store.CallRecord
	view   call.View
	had    map[string]store.Reaction
	people map[string]*client.Person
	owner  func(extension string) *client.Person // today
	// explain says a code of the PBX in words; nil: it is no more.
	explain func(code int) bilingual.Text
	lanes   []call.Lane
	moves   []call.Move
	from    time.Time
}

func (c *course) told(shown client.Call) timelines.Timeline {
	c.meet()
	c.lanes, c.moves = c.rec.Facts.Lanes()
	whole := len(c.lanes) == 0
	if whole {
		c.lanes = c.whole()
	}
	c.from = c.began()
	out := timelines.Timeline{Call: shown, From: c.from, Lanes: []timelines.TimelineLane{}, Events: []timelines.TimelineEvent{}, Whole: whole && len(c.lanes) > 0}
	for _, l := range c.lanes {
		out.Lanes = append(out.Lanes, c.lane(l))
	}
	for _, m := range c.moves {
		out.Moves = append(out.Moves, timelines.TimelineMove{AtMS: c.ms(m.At), From: m.From, To: m.To, Asked: m.Asked})
	}
	for _, e := range c.rec.Facts.Events {
		out.Events = append(out.Events, c.event(e))
	}
	out.Recordings = c.recordings()
	switch {
	case c.view.Restored:
		out.Checked = timelines.CheckedRestored
	case c.view.Listed:
		out.Checked = timelines.CheckedAgrees
	}
	out.LagMS = c.lag()
	return out
}

// meet keeps who sat at which extension when the call went on.
func (c *course) meet() {
	for _, step := range c.rec.View.Path {
		if step.Employee != nil {
			c.people[step.Extension] = step.Employee
		}
	}
	for _, r := range c.rec.View.Recordings {
		if r.Employee != nil {
			c.people[r.Extension] = r.Employee
		}
	}
	if c.rec.View.Employee != nil && c.people[c.view.Extension] == nil {
		c.people[c.view.Extension] = c.rec.View.Employee
	}
}

// person is who sat at an extension; of a call that has ended nobody else is taken for him.
func (c *course) person(extension string) *client.Person {
	if extension == "" {
		return nil
	}
	if p := c.people[extension]; p != nil || c.view.State == call.Ended && c.knows(extension) {
		return p
	}
	return c.owner(extension)
}

func (c *course) knows(extension string) bool {
	for _, step := range c.rec.View.Path {
		if step.Extension == extension {
			return true
		}
	}
	return false
}

// whole is the one lane of a call of whose legs the PBX told nothing.
func (c *course) whole() []call.Lane {
	v := c.view
	told, ok := c.toldWhole()
	if v.StartedAt.IsZero() || !ok {
		return nil
	}
	lane := call.Lane{Place: call.PlaceEmployee, Extension: cmp.Or(v.Extension, told.To.Extension, told.From.Extension), Cause: v.Cause, Said: v.Said}
	if lane.Extension == "" {
		lane.Place, lane.Number = "", v.Phone
	}
	rings := call.Span{State: call.LegRinging, From: v.StartedAt, To: v.EndedAt, Outward: v.Direction == call.Out, Unanswered: v.Direction == call.In}
	if v.AnsweredAt.IsZero() {
		lane.Spans = []call.Span{rings}
		return []call.Lane{lane}
	}
	rings.To, rings.Unanswered = v.AnsweredAt, false
	if rings.To.After(rings.From) {
		lane.Spans = append(lane.Spans, rings)
	}
	lane.Spans = append(lane.Spans, call.Span{State: call.LegTalking, From: v.AnsweredAt, To: v.EndedAt})
	return []call.Lane{lane}
}

// toldWhole is what the PBX has told of the whole call. One that only we know of has no course yet.
func (c *course) toldWhole() (call.Event, bool) {
	for _, e := range c.rec.Facts.Events {
		if e.Kind == call.KindSummary || e.Kind == call.KindHistory {
			return e, true
		}
	}
	return call.Event{}, false
}

// began is the moment from which all is counted.
func (c *course) began() time.Time {
	at := c.view.StartedAt
	for _, l := range c.lanes {
		for _, s := range l.Spans {
			if at.IsZero() || s.From.Before(at) {
				at = s.From
			}
		}
	}
	if at.IsZero() && len(c.rec.Facts.Events) > 0 {
		at = c.rec.Facts.Events[0].At
	}
	return at
}

func (c *course) ms(at time.Time) int64 { return at.Sub(c.from).Milliseconds() }

func (c *course) msOf(at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	ms := c.ms(at)
	return &ms
}

func (c *course) lane(l call.Lane) timelines.TimelineLane {
	out := timelines.TimelineLane{Place: place(l.Place), Extension: l.Extension, Employee: c.person(l.Extension), Phone: string(l.Number), Spans: []timelines.TimelineSpan{}}
	talked := false
	for _, s := range l.Spans {
		talked = talked || s.State == call.LegTalking
		out.Spans = append(out.Spans, timelines.TimelineSpan{
			State: client.CallState(s.State), FromMS: c.ms(s.From), ToMS: c.msOf(s.To), Outward: s.Outward, Unanswered: s.Unanswered,
		})
	}
	if !talked {
		out.Reason = c.reason(l)
	}
	return out
}

// reason is why a lane's last leg ended: the PBX's own code in words, or its own words where it has no code.
func (c *course) reason(l call.Lane) *client.Reason {
	switch {
	case l.Cause != 0 && c.explain != nil:
		words := c.explain(l.Cause)
		return &client.Reason{Code: l.Cause, Text: words.RU, TextEN: words.EN}
	case l.Said != "":
		return &client.Reason{Text: l.Said, TextEN: l.Said}
	}
	return nil
}

func place(p call.Place) timelines.LanePlace {
	return timelines.LanePlace(cmp.Or(string(p), string(timelines.LaneOther)))
}

func (c *course) event(e call.Event) timelines.TimelineEvent {
	out := timelines.TimelineEvent{AtMS: c.ms(e.At), Kind: string(e.Kind), State: string(e.State), End: string(e.End), Digits: e.Digits}
	if e.Kind == call.KindRecording {
		out.State = e.RecordingState
	}
	out.Extension = e.To.Extension
	switch {
	case e.Place == call.PlaceMenu || e.Place == call.PlaceQueue:
		out.Place, out.Extension = place(e.Place), ""
	case e.To.Outside() && e.From.Extension != "":
		out.Extension, out.Phone, out.Outward = e.From.Extension, string(e.To.Number), e.State == call.LegRinging || e.Kind == call.KindDialled
	case e.Kind == call.KindLeg:
		out.Place = timelines.LaneEmployee
	}
	out.Employee = c.person(out.Extension)
	if r, ok := c.had[e.ID()]; ok {
		out.ReceivedMS, out.StoredMS, out.ShownMS = c.msOf(r.Received), c.msOf(r.Stored), c.msOf(r.Shown)
	}
	return out
}

// recordings tells where each lies; of one whose beginning the PBX did not tell, where the talk began.
func (c *course) recordings() []timelines.TimelineRecording {
	var all []timelines.TimelineRecording
	for i, r := range c.view.Recordings {
		at := c.recordingBegan(r.ID)
		if at.IsZero() {
			at = c.talkOf(r.Extension)
		}
		all = append(all, timelines.TimelineRecording{Part: i + 1, FromMS: max(0, c.ms(at))})
	}
	return all
}

// recordingBegan is when the PBX said that a recording began; zero: it told of its end alone.
func (c *course) recordingBegan(id string) time.Time {
	for _, e := range c.rec.Facts.Events {
		if e.Kind == call.KindRecording && e.Recording == id && e.RecordingState == call.RecordingStarted {
			return e.At
		}
	}
	return time.Time{}
}

// talkOf is when an employee first talked, else when anybody did.
func (c *course) talkOf(extension string) time.Time {
	at := c.view.AnsweredAt
	for _, l := range c.lanes {
		for _, s := range l.Spans {
			if extension != "" && l.Extension == extension && s.State == call.LegTalking {
				return s.From
			}
		}
	}
	if at.IsZero() {
		return c.from
	}
	return at
}

// lag is the least time that an event took from its own time to its coming; nil where the PBX tells no time of its
// own.
func (c *course) lag() *int64 {
	least := int64(math.MaxInt64)
	for _, e := range c.rec.Facts.Events {
		r, ok := c.had[e.ID()]
		if !ok || e.Fact != "" || e.Kind != call.KindLeg {
			continue
		}
		least = min(least, r.Received.Sub(e.At).Milliseconds())
	}
	if least == math.MaxInt64 {
		return nil
	}
	return &least
}
