package present

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

func TestMoments_areAheadAndInOrder(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	for hour, want := range map[int]string{
		9:  "Через час 10:00|В 18:00 18:00|Завтра в 10:00 10:00",
		17: "Через час 18:00|Завтра в 10:00 10:00",
		23: "Через час 00:00|Завтра в 10:00 10:00",
	} {
		now := time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC)
		var got []string
		for _, m := range Moments(text, now) {
			got = append(got, m.Words+" "+m.At.Format("15:04"))
			if !m.At.After(now) {
				t.Errorf("at %d: %q is not ahead", hour, m.Words)
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("at %d: %q, want %q", hour, got, want)
		}
	}
}

func TestParseMoment_readsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ day, clock, want string }{
		{"26.11", "9", "26.11.2026 09:00"},
		{"", "18:30", "24.11.2026 18:30"},
		{"", "9:00", "25.11.2026 09:00"}, // it is noon: the next nine o'clock is tomorrow's
		{"1.2", "10.15", "01.02.2027 10:15"},
		{"завтра", "10", "error"},
		{"26.11", "", "error"},
		{"26.11", "25:00", "error"},
	} {
		got := "error"
		if at, err := ParseMoment(tt.day, tt.clock, noon); err == nil {
			got = at.Format("02.01.2006 15:04")
		}
		if got != tt.want {
			t.Errorf("%q %q: got %s, want %s", tt.day, tt.clock, got, tt.want)
		}
	}
}

func TestCoverageWords_sayWhatIsKnownAndWhatNot(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 24, hour, minute, 0, 0, time.UTC) }
	outage := func(hour int, cause string, restored int) client.Outage {
		return client.Outage{From: at(hour, 10), To: at(hour, 54), Cause: cause, Restored: restored}
	}
	for _, tt := range []struct {
		health client.FeedHealth
		want   Coverage
	}{
		{client.FeedHealth{From: at(0, 0), To: at(0, 0)}, Coverage{Sure: "С АТС ещё не сверено."}},
		{client.FeedHealth{From: at(0, 0), To: at(11, 58)}, Coverage{Sure: "До 11:58 звонков нет, сверено с АТС."}},
		{
			client.FeedHealth{From: at(0, 0), To: at(11, 58), Calls: 214, Confirmed: 213, Outages: []client.Outage{outage(9, "pbx", 2)}},
			Coverage{"Сверено с АТС: 213 из 214, до 11:58.", "С 09:10 до 09:54 АТС не присылала событий, восстановлено 2 звонка"},
		},
		{
			client.FeedHealth{From: at(0, 0), To: at(11, 58), Calls: 1, Confirmed: 1, Outages: []client.Outage{outage(1, "pbx", 1), outage(2, "pbx", 0), outage(3, "server", 0)}},
			Coverage{"Сверено с АТС: 1 из 1, до 11:58.", "С 02:10 до 02:54 АТС не присылала событий · с 03:10 до 03:54 сервер не работал · и ещё 1 перерыв"},
		},
		{
			client.FeedHealth{From: at(-24, 0), To: at(11, 58), Calls: 1, Confirmed: 1, Outages: []client.Outage{outage(-2, "pbx", 0), outage(-30, "server", 0)}},
			Coverage{"Сверено с АТС: 1 из 1, до 11:58.", "Со вчерашнего дня, 22:10 до 22:54 АТС не присылала событий · с 22.11, 18:10 до 18:54 сервер не работал"},
		},
	} {
		if got := CoverageWords(tt.health, text, noon); got != tt.want {
			t.Errorf("got  %+v\nwant %+v", got, tt.want)
		}
	}
}
