package course_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present/course"
	"dozvon/client"
	"dozvon/client/timelines"
)

var courseBegan = time.Date(2026, 11, 24, 14, 32, 5, 0, time.UTC)

func after(n int64) *int64 { return &n }

// courseTold is a call of two employees: the first does not answer, the second talks, holds and hands it on.
func courseTold() timelines.Timeline {
	ended, answered := courseBegan.Add(40*time.Second), courseBegan.Add(20*time.Second)
	talk := 20
	return timelines.Timeline{
		From: courseBegan,
		Call: client.Call{
			ID: "c1", Direction: client.In, State: client.StateEnded, Result: client.Answered, Phone: "+79645550190", Line: "+74951234567",
			StartedAt: courseBegan, AnsweredAt: &answered, EndedAt: &ended, TalkSeconds: &talk, Why: "Так решила АТС.",
		},
		Lanes: []timelines.TimelineLane{
			{Place: timelines.LaneMenu, Spans: []timelines.TimelineSpan{{State: client.StateRinging, ToMS: after(5000)}}},
			{
				Place: timelines.LaneEmployee, Extension: "101", Employee: &client.Person{Name: "Киреева Анна Сергеевна"}, Reason: &client.Reason{Code: 1, Text: "не в сети"},
				Spans: []timelines.TimelineSpan{{State: client.StateRinging, FromMS: 5000, ToMS: after(15000), Unanswered: true}},
			},
			{Place: timelines.LaneEmployee, Extension: "102", Spans: []timelines.TimelineSpan{
				{State: client.StateRinging, FromMS: 15000, ToMS: after(20000)}, {State: client.StateTalking, FromMS: 20000, ToMS: after(30000)}, {State: client.StateHeld, FromMS: 30000, ToMS: after(40000)},
			}},
			{Place: timelines.LaneOther, Phone: "+79145550148", Spans: []timelines.TimelineSpan{{State: client.StateRinging, FromMS: 35000, ToMS: after(40000), Outward: true}}},
		},
		Moves: []timelines.TimelineMove{{AtMS: 35000, From: 2, To: 3, Asked: true}},
		Events: []timelines.TimelineEvent{
			{Kind: "leg", State: "ringing", Place: timelines.LaneMenu, ReceivedMS: after(100), StoredMS: after(103)},
			{AtMS: 5000, Kind: "leg", State: "ringing", Place: timelines.LaneEmployee, Extension: "101", Employee: &client.Person{Name: "Киреева Анна Сергеевна"}, ReceivedMS: after(5100), StoredMS: after(5130), ShownMS: after(5138)},
			{AtMS: 15000, Kind: "leg", State: "ended", End: "no_answer", Place: timelines.LaneEmployee, Extension: "101"},
			{AtMS: 15000, Kind: "routed", Extension: "102"},
			{AtMS: 15000, Kind: "history_leg"},
			{AtMS: 40000, Kind: "history"},
			{AtMS: 40000, Kind: "something new", State: "odd"},
		},
	}
}

func TestCourse_saysWhatTheLanesShow(t *testing.T) {
	t.Parallel()
	now := courseBegan.Add(time.Hour)
	c := course.Of(courseTold(), i18n.New(i18n.Russian), now)
	if c.Title != "+7 964 555-01-90" || c.About != "Входящий звонок · сегодня, 24 ноября, 14:32:05 · линия «+7 495 123-45-67» · ждал 20 с · разговор 20 с" || c.Length != 40*time.Second || c.Running {
		t.Errorf("%q, %q, %s", c.Title, c.About, c.Length)
	}
	want := []struct{ name, about, bars, aside string }{
		{"Меню АТС", "ждал 5 с", "меню", ""},
		{"Киреева А. С. · 101", "без ответа, звонил 10 с · не в сети", "звонил", ""},
		{"доб. 102", "ответ через 5 с", "звонит, говорит 10 с, ждёт", "вопрос к +7 914 555-01-48"},
		{"+7 914 555-01-48", "клиент не ответил за 5 с", "вызов", ""},
	}
	kinds := [][]course.BarKind{{course.BarWaits}, {course.BarMissed}, {course.BarRings, course.BarTalks, course.BarHeld}, {course.BarRings}}
	for i, l := range c.Lanes {
		var bars []string
		for n, b := range l.Bars {
			bars = append(bars, b.Words)
			if b.Kind != kinds[i][n] {
				t.Errorf("%s: bar %d is of kind %d", l.Name, n, b.Kind)
			}
		}
		if l.Name != want[i].name || l.About != want[i].about || strings.Join(bars, ", ") != want[i].bars || l.Aside != want[i].aside {
			t.Errorf("%q %q %q %q, want %q", l.Name, l.About, bars, l.Aside, want[i])
		}
	}
}

func TestCourse_saysWhatThePBXSentAndWhatWeAnswered(t *testing.T) {
	t.Parallel()
	c := course.Of(courseTold(), i18n.New(i18n.Russian), courseBegan.Add(time.Hour))
	want := []string{
		"+0,0 Меню АТС | записано в журнал | 3 мс",
		"+5,0 Звонит доб. 101 | карточка: Киреева А. С. | 38 мс",
		"+15,0 Не ответил доб. 101 | время не записано | —",
		"+15,0 АТС узнала имя клиента | сделал Дозвон | —",
		"+40,0 Звонок есть в списке АТС | сверка | —",
		"+40,0 something new odd | время не записано | —",
	}
	var got []string
	for _, e := range c.Events {
		got = append(got, e.When+" "+e.What+" | "+e.Answer+" | "+e.Took)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("it says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if c.Checked != "С АТС ещё не сверено" || c.Clock != "Карточка самое позднее через 38 мс." || c.Agrees {
		t.Errorf("%q, %q", c.Checked, c.Clock)
	}
	for at, want := range map[time.Duration]int{-time.Second: -1, 0: 0, 14 * time.Second: 1, 15 * time.Second: 3, time.Hour: 5} {
		if got := c.EventAt(at); got != want {
			t.Errorf("at %s it is event %d, want %d", at, got, want)
		}
	}
	told := courseTold()
	for lag, words := range map[int64]string{900: "", -400: "Часы АТС спешат на 400 мс.", 1800: "События приходят через 1,8 с и позже"} {
		told.LagMS, told.Checked = &lag, timelines.CheckedRestored
		c := course.Of(told, i18n.New(i18n.Russian), courseBegan)
		if !strings.Contains(c.Clock, words) || words == "" && strings.Contains(c.Clock, "АТС") || c.Checked != "Сверка с АТС дополнила этот звонок" {
			t.Errorf("late by %d ms it says %q, %q", lag, c.Clock, c.Checked)
		}
	}
}

// TestCourse_ofACallThatGoesOnGrows, and its last bar with it.
func TestCourse_ofACallThatGoesOnGrows(t *testing.T) {
	t.Parallel()
	told := courseTold()
	told.Call.State, told.Call.EndedAt = client.StateTalking, nil
	told.Lanes = told.Lanes[:3]
	told.Lanes[2].Spans = []timelines.TimelineSpan{{State: client.StateRinging, FromMS: 15000, ToMS: after(20000)}, {State: client.StateTalking, FromMS: 20000}}
	for _, past := range []time.Duration{50 * time.Second, 51 * time.Second} {
		c := course.Of(told, i18n.New(i18n.Russian), courseBegan.Add(past))
		last := c.Lanes[2].Bars[1]
		if !c.Running || c.Length != past || last.To != past || !last.Lasts {
			t.Errorf("after %s it is %s long, its last bar %+v", past, c.Length, last)
		}
	}
}

// TestCourse_forSupportTellsNoNumberAndNoName.
func TestCourse_forSupportTellsNoNumberAndNoName(t *testing.T) {
	t.Parallel()
	told := courseTold()
	told.Events = append(told.Events, timelines.TimelineEvent{AtMS: 36000, Kind: "leg", State: "ringing", Phone: "+79145550148"})
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		plain := course.Of(told, i18n.New(lang), courseBegan).Plain(i18n.New(lang))
		for _, secret := range []string{"555", "123-45", "Киреева"} {
			if strings.Contains(plain, secret) {
				t.Errorf("it tells %q:\n%s", secret, plain)
			}
		}
		for _, kept := range []string{"c1", "101", "102"} {
			if !strings.Contains(plain, kept) {
				t.Errorf("it does not tell %q:\n%s", kept, plain)
			}
		}
	}
}
