package server_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
	"dozvon/client/timelines"
)

// timelineOf reads a call's course as an employee who may see everything.
func (s *school) timelineOf(id string) timelines.Timeline {
	s.t.Helper()
	got, err := s.parts.Timeline.Of(s.t.Context(), client.Employee{Role: client.RoleAdmin}, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

// courseIn writes the lanes of a call: "101 ringing! 0-15000, talking 15000-".
func courseIn(t timelines.Timeline) string {
	var all []string
	for _, l := range t.Lanes {
		var spans []string
		for _, s := range l.Spans {
			sign, to := "", ""
			if s.Unanswered {
				sign = "!"
			}
			if s.Outward {
				sign += ">"
			}
			if s.ToMS != nil {
				to = fmt.Sprint(*s.ToMS)
			}
			spans = append(spans, fmt.Sprintf("%s%s %d-%s", s.State, sign, s.FromMS, to))
		}
		name := l.Extension + l.Phone
		if l.Place != timelines.LaneEmployee {
			name = string(l.Place)
		}
		all = append(all, name+" "+strings.Join(spans, ", "))
	}
	for _, m := range t.Moves {
		all = append(all, fmt.Sprintf("%d: %d to %d", m.AtMS, m.From, m.To))
	}
	return strings.Join(all, "; ")
}

// checkCourse compares a call's course with what is known of the call otherwise: whom it rang, who talked, since
// when and for how long. It gives the course.
func (s *school) checkCourse(name string, c client.Call) string {
	s.t.Helper()
	t := s.timelineOf(c.ID)
	course := courseIn(t)
	wrong := func(format string, args ...any) {
		s.t.Helper()
		s.t.Errorf("%s: %s: %s", name, fmt.Sprintf(format, args...), course)
	}
	const near = 2100 // times of a PBX may be whole seconds
	lanes, talking := map[string]bool{}, map[string]bool{}
	first, last := int64(-1), int64(-1)
	for _, l := range t.Lanes {
		lanes[l.Extension] = true
		before := int64(-1)
		for _, span := range l.Spans {
			if span.ToMS == nil {
				if c.State == client.StateEnded {
					wrong("%s goes on in a call that has ended", l.Extension)
				}
				continue
			}
			if span.FromMS < max(0, before) || *span.ToMS < span.FromMS {
				wrong("out of order at %d", span.FromMS)
			}
			before = *span.ToMS
			if span.State == client.StateTalking && l.Place == timelines.LaneEmployee {
				talking[l.Extension] = true
				if first < 0 || span.FromMS < first {
					first = span.FromMS
				}
			}
			last = max(last, before)
		}
	}
	for _, step := range c.Path {
		if !lanes[step.Extension] {
			wrong("no lane of %s", step.Extension)
		}
		if step.State == client.StateTalking && !talking[step.Extension] {
			wrong("%s does not talk", step.Extension)
		}
	}
	if c.AnsweredAt != nil && c.Direction != client.Internal {
		if at := c.AnsweredAt.Sub(t.From).Milliseconds(); first < 0 || max(at-first, first-at) > near && !c.Restored {
			wrong("they talk from %d on, answered at %d", first, at)
		}
	}
	if c.EndedAt != nil && len(t.Lanes) > 0 && !c.Unconfirmed {
		if at := c.EndedAt.Sub(t.From).Milliseconds(); last > at+near {
			wrong("it ends at %d, and was over at %d", last, at)
		}
	}
	if c.Result == client.Missed && len(talking) > 0 {
		wrong("somebody talks in a missed call")
	}
	return course
}

// TestTimeline_tellsHowSoonEachEventWasHad, the first time that it came: on either database.
func TestTimeline_tellsHowSoonEachEventWasHad(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		began := now()
		var ticks atomic.Int64 // each look at the clock is a millisecond later
		clock := func() time.Time { return began.Add(time.Duration(ticks.Add(1)) * time.Millisecond) }
		s := openPlainAt(t, server.Config{Database: url, Now: clock}, plainKind(&plain{}, nil))
		l := inbound("k", "101", "+79145550148", began)
		events := l.answered(call.EndByCaller)
		for _, e := range events {
			s.tellEvents(e)
		}
		c := s.onlyCall(t, "+79145550148")
		if got := s.checkCourse("a call", c); got != "101 ringing 0-1000, talking 1000-3000" {
			t.Errorf("its course: %s", got)
		}
		before := s.timelineOf(c.ID)
		last := int64(0)
		for i, e := range before.Events {
			switch {
			case e.ReceivedMS == nil || e.StoredMS == nil || e.ShownMS == nil:
				t.Fatalf("event %d: %+v", i, e)
			case *e.ReceivedMS <= last || *e.StoredMS <= *e.ReceivedMS || *e.ShownMS <= *e.ReceivedMS:
				t.Errorf("event %d was received at %d, after %d, stored at %d and shown at %d", i, *e.ReceivedMS, last, *e.StoredMS, *e.ShownMS)
			}
			last = max(*e.StoredMS, *e.ShownMS)
			if e.Employee == nil || e.Employee.ID != s.staff["101"].ID {
				t.Errorf("event %d is of %+v", i, e.Employee)
			}
		}
		ticks.Add(3_600_000)
		for _, e := range events {
			s.tellEvents(e)
		}
		for i, e := range s.timelineOf(c.ID).Events {
			if *e.ReceivedMS != *before.Events[i].ReceivedMS {
				t.Errorf("told again, event %d came at %d", i, *e.ReceivedMS)
			}
		}
	})
}

// TestTimeline_survivesThatTwoCallsAreOne: what was noted of either is told of the one, on any node.
func TestTimeline_survivesThatTwoCallsAreOne(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		kind := plainKind(&plain{}, nil)
		s := openPlain(t, url, kind)
		nodes := []*school{s}
		if url != "" {
			nodes = append(nodes, s.another(server.Config{Database: url, Kinds: []pbx.Kind{kind}}))
		}
		at := now()
		first, second := inbound("a", "101", "+79145550149", at), inbound("b", "102", "+79145550149", at.Add(3*time.Second))
		events := append(first.answered(call.EndMoved), second.answered(call.EndByCaller)...)
		for i, e := range events {
			nodes[i%len(nodes)].tellEvents(e)
		}
		nodes[len(nodes)-1].tell(pbx.Delivery{Joins: []pbx.Join{{Key: "a", Other: "b"}}})
		c := s.onlyCall(t, "+79145550149")
		for i, n := range nodes {
			if err := n.parts.Reactions.Write(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := n.checkCourse(fmt.Sprintf("node %d", i), c); got != "101 ringing 0-1000, talking 1000-3000; 102 ringing 3000-4000, talking 4000-6000; 3000: 0 to 1" {
				t.Errorf("node %d: %s", i, got)
			}
		}
		told := s.timelineOf(c.ID).Events
		if len(told) != len(events) {
			t.Errorf("%d events, want %d", len(told), len(events))
		}
		for i, e := range told {
			if e.ReceivedMS == nil || e.StoredMS == nil {
				t.Errorf("of event %d nothing is noted: %+v", i, e)
			}
		}
	})
}

// TestTimeline_isToldWhereNothingCanBeWritten: all of it is there, on the disk and in the memory.
func TestTimeline_isToldWhereNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	s := openPlain(t, "", plainKind(&plain{}, nil))
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.data, "dozvon.db")+"?_pragma=busy_timeout(60000)")
	if err == nil {
		_, err = db.Exec("CREATE TRIGGER no_room BEFORE INSERT ON call_reactions BEGIN SELECT RAISE(FAIL, 'no room'); END")
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	s.tellEvents(inbound("k", "101", "+79145550148", now()).answered(call.EndByCaller)...)
	id := s.onlyCall(t, "+79145550148").ID
	for range 2 { // what was not written is tried again
		told := s.timelineOf(id).Events
		if len(told) != 3 {
			t.Fatalf("%d events", len(told))
		}
		for i, e := range told {
			if e.ReceivedMS == nil || e.StoredMS == nil {
				t.Errorf("of event %d nothing is noted: %+v", i, e)
			}
		}
	}
}

// TestTimeline_isForThoseWhoMayOpenTheCall.
func TestTimeline_isForThoseWhoMayOpenTheCall(t *testing.T) {
	t.Parallel()
	s := openPlain(t, "", plainKind(&plain{}, nil))
	s.staff["103"] = s.hire("u103", client.RoleOperator)
	s.tellEvents(inbound("k", "101", "+79145550148", now()).answered(call.EndByCaller)...)
	c := s.onlyCall(t, "+79145550148")
	for _, ext := range []string{"101", "102", "103"} {
		if got, err := timelines.Read(t.Context(), s.api(ext), c.ID); err != nil || got.Call.ID != c.ID || len(got.Lanes) != 1 {
			t.Errorf("%s reads %+v, %v", ext, got, err)
		}
	}
	if _, err := timelines.Read(t.Context(), s.api("101"), "none"); problemCode(err) != "not_found" {
		t.Errorf("of no call: %v", err)
	}
	only := client.ForParticipants
	if _, err := s.api("102").UpdateSettings(t.Context(), client.SchoolInput{RecordingsFor: &only}); err != nil {
		t.Fatal(err)
	}
	for ext, want := range map[string]string{"101": "<nil>", "102": "<nil>", "103": "participants_only"} {
		if _, err := timelines.Read(t.Context(), s.api(ext), c.ID); problemCode(err) != want {
			t.Errorf("for participants, %s: %v", ext, err)
		}
	}
}

// TestTimeline_ofACallOfWhichOnlyTheWholeIsKnown is one lane.
func TestTimeline_ofACallOfWhichOnlyTheWholeIsKnown(t *testing.T) {
	t.Parallel()
	s := openPlain(t, "", plainKind(&plain{}, nil))
	at := now()
	for name, tt := range map[string]struct {
		number   string
		answered time.Time
		want     string
	}{
		"answered": {"+79145550148", at.Add(4 * time.Second), "101 ringing 0-4000, talking 4000-9000"},
		"missed":   {"+79145550149", time.Time{}, "101 ringing! 0-9000"},
	} {
		s.tellEvents(call.Event{
			Kind: call.KindSummary, Key: name, Began: at, At: at.Add(9 * time.Second), Answered: tt.answered, Direction: call.In,
			From: inbound("", "", tt.number, at).from, To: call.Party{Extension: "101"}, End: call.EndByCaller,
		})
		got := s.timelineOf(s.onlyCall(t, tt.number).ID)
		if course := courseIn(got); course != tt.want || !got.Whole {
			t.Errorf("%s: %s, the whole: %v", name, course, got.Whole)
		}
	}
}

// TestTimeline_recordingsLieWhereTheyBegan, and flags' parts with them.
func TestTimeline_recordingsLieWhereTheyBegan(t *testing.T) {
	t.Parallel()
	s := openPlain(t, "", plainKind(&plain{}, nil))
	at := now()
	l := inbound("k", "101", "+79145550148", at)
	s.tellEvents(l.answered(call.EndByCaller)...)
	begins := recordingNamed("k", "r1", at.Add(1500*time.Millisecond))
	begins.RecordingState = call.RecordingStarted
	s.tellEvents(begins, recordingNamed("k", "r1", at.Add(9*time.Second)), recordingNamed("k", "r2", at.Add(10*time.Second)))
	got := s.timelineOf(s.onlyCall(t, "+79145550148").ID).Recordings
	if want := []timelines.TimelineRecording{{Part: 1, FromMS: 1500}, {Part: 2, FromMS: 1000}}; !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestTimeline_figuresAreForgotten after 90 days; the course stays.
func TestTimeline_figuresAreForgotten(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		c := startClock()
		s := openPlainAt(t, server.Config{Database: url, Now: c.now}, plainKind(&plain{}, nil))
		s.tellEvents(inbound("k", "101", "+79145550148", c.now()).answered(call.EndByCaller)...)
		id := s.onlyCall(t, "+79145550148").ID
		noted := func() int {
			n := 0
			for _, e := range s.timelineOf(id).Events {
				if e.ReceivedMS != nil {
					n++
				}
			}
			return n
		}
		c.days(89)
		if n := noted(); n != 3 {
			t.Errorf("after 89 days %d events are noted", n)
		}
		c.days(2)
		noted() // reading is what drops them
		if n := noted(); n != 0 {
			t.Errorf("after 91 days %d events are noted", n)
		}
		if course := courseIn(s.timelineOf(id)); course != "101 ringing 0-1000, talking 1000-3000" {
			t.Errorf("the course is gone: %s", course)
		}
	})
}
