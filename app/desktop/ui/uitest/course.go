package uitest

import (
	"time"

	"dozvon/client"
	"dozvon/client/timelines"
)

// Svetlova is whom the call of the course goes to in the end.
var Svetlova = client.Employee{ID: "e5", Name: "Светлова Инна Олеговна", Login: "svetlova", Role: client.RoleManager, Active: true, Extension: "103"}

func milli(n int64) *int64 { return &n }

// Course is the design's call: a menu, one who does not answer, a hold, a transfer.
func Course() timelines.Timeline {
	from := Ago(2 * time.Minute)
	ended := from.Add(111900 * time.Millisecond)
	span := func(state client.CallState, from, to int64) timelines.TimelineSpan {
		return timelines.TimelineSpan{State: state, FromMS: from, ToMS: milli(to)}
	}
	unanswered := span(client.StateRinging, 8100, 23200)
	unanswered.Unanswered = true
	lag := int64(200)
	t := timelines.Timeline{
		From: from, Checked: timelines.CheckedAgrees, LagMS: &lag,
		Call: client.Call{
			ID: "c2", Direction: client.In, State: client.StateEnded, Result: client.Answered, Phone: "+79645550190", Line: "+74951234567", LineName: "Сайт",
			Subject: &Shangutov, StartedAt: from, AnsweredAt: At(from.Add(28900 * time.Millisecond)), EndedAt: &ended, TalkSeconds: Seconds(83),
			Why:   "Звонок шёл ответственной Киреевой А. С. Она не ответила за 15 с, дальше повела схема АТС.",
			WhyEN: "The call went to Kireeva A. S., who is responsible. She did not answer for 15 s; the PBX's own scheme led on.",
		},
		Lanes: []timelines.TimelineLane{
			{Place: timelines.LaneMenu, Spans: []timelines.TimelineSpan{span(client.StateRinging, 0, 8000)}},
			{Place: timelines.LaneEmployee, Extension: "101", Employee: Person(Kireeva), Spans: []timelines.TimelineSpan{unanswered}},
			{Place: timelines.LaneEmployee, Extension: "102", Employee: Person(Borisov), Spans: []timelines.TimelineSpan{
				span(client.StateRinging, 23200, 28900), span(client.StateTalking, 28900, 66400), span(client.StateHeld, 66400, 78000),
			}},
			{Place: timelines.LaneEmployee, Extension: "103", Employee: Person(Svetlova), Spans: []timelines.TimelineSpan{
				span(client.StateRinging, 78000, 83300), span(client.StateTalking, 83300, 111900),
			}},
		},
		Moves:      []timelines.TimelineMove{{AtMS: 78000, From: 2, To: 3}},
		Recordings: []timelines.TimelineRecording{{Part: 1, FromMS: 28900}},
	}
	event := func(at int64, kind, state, end string, e client.Employee, took int64) {
		t.Events = append(t.Events, timelines.TimelineEvent{
			AtMS: at, Kind: kind, State: state, End: end, Place: timelines.LaneEmployee, Extension: e.Extension, Employee: Person(e),
			ReceivedMS: milli(at + 210), StoredMS: milli(at + 210 + took - 1), ShownMS: milli(at + 210 + took),
		})
	}
	menu := timelines.TimelineEvent{AtMS: 0, Kind: "leg", State: "ringing", Place: timelines.LaneMenu, ReceivedMS: milli(205), StoredMS: milli(208)}
	t.Events = append(t.Events, menu)
	event(8100, "leg", "ringing", "", Kireeva, 38)
	event(23200, "leg", "ended", "no_answer", Kireeva, 12)
	event(23200, "leg", "ringing", "", Borisov, 41)
	event(28900, "leg", "talking", "", Borisov, 29)
	event(66400, "leg", "held", "", Borisov, 26)
	event(78000, "leg", "ended", "moved", Borisov, 22)
	event(78000, "leg", "ringing", "", Svetlova, 44)
	event(83300, "leg", "talking", "", Svetlova, 31)
	event(111900, "leg", "ended", "by_caller", Svetlova, 18)
	t.Events = append(t.Events, timelines.TimelineEvent{AtMS: 187500, Kind: "recording", State: "ready", ReceivedMS: milli(187600), StoredMS: milli(188239), ShownMS: milli(188240)})
	return t
}
