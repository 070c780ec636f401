package present_test

import (
	"fmt"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/client"
)

func TestPeriod_isOfWholeDaysOfTheOwnZone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 0, 30, 0, 0, time.FixedZone("", 10*3600))
	for period, want := range map[present.Period]string{
		present.PeriodToday: "24.11 00:00–25.11 00:00", present.PeriodYesterday: "23.11 00:00–24.11 00:00",
		present.PeriodWeek: "18.11 00:00–25.11 00:00", present.PeriodMonth: "26.10 00:00–25.11 00:00",
	} {
		from, to := period.Bounds(now)
		if got := from.Format("02.01 15:04") + "–" + to.Format("02.01 15:04"); got != want {
			t.Errorf("%s is %s, want %s", period, got, want)
		}
	}
}

func TestReportGroup_drawsUpToTwoDaysByHours(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]client.ReportGroup{1: client.ByHour, 2: client.ByHour, 3: client.ByDay, 366: client.ByDay} {
		if got := present.ReportGroup(time.Time{}, time.Time{}.AddDate(0, 0, days)); got != want {
			t.Errorf("%d days are drawn by %s, want %s", days, got, want)
		}
	}
}

func TestZoneOf_namesAPlaceOrCountsMinutes(t *testing.T) {
	t.Parallel()
	place, err := time.LoadLocation("Asia/Vladivostok")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		zone *time.Location
		want string
	}{{place, "Asia/Vladivostok"}, {time.UTC, "UTC"}, {time.FixedZone("Local", -(3*60+30)*60), "-210"}} {
		if got := present.ZoneOf(time.Date(2026, 11, 24, 0, 0, 0, 0, tt.zone)); got != tt.want {
			t.Errorf("%v is named %q, want %q", tt.zone, got, tt.want)
		}
	}
}

func TestTicks_areRoundAndReachTheLargest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		most float64
		unit present.Unit
		want string
	}{
		{0, present.UnitCalls, "0 1"},
		{1, present.UnitCalls, "0 1"},
		{3, present.UnitCalls, "0 1 2 3"},
		{9, present.UnitCalls, "0 5 10"},
		{37, present.UnitCalls, "0 10 20 30 40"},
		{1576, present.UnitCalls, "0 500 1000 1500 2000"},
		{33.3, present.UnitPercent, "0 % 10 % 20 % 30 % 40 %"},
		{100, present.UnitPercent, "0 % 50 % 100 %"},
		{21, present.UnitSeconds, "0 10 с 20 с 30 с"},
		{95, present.UnitSeconds, "0 30 с 1 мин 1:30 2 мин"},
		{9000, present.UnitSeconds, "0 1 ч 2 ч 3 ч"},
	} {
		got := ""
		for n, v := range present.Ticks(tt.most, tt.unit) {
			if n > 0 {
				got += " "
			}
			got += present.Tick(v, tt.unit, i18n.New(i18n.Russian))
		}
		if got != tt.want {
			t.Errorf("Ticks(%v) = %s, want %s", tt.most, got, tt.want)
		}
	}
}

func TestParseDay_readsADayAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for words, want := range map[string]string{
		"24.11.2026": "2026-11-24", "1.2.26": "2026-02-01", " 3.11 ": "2026-11-03", "25.11": "2025-11-25", "24.11.": "2026-11-24",
		"2026-11-01": "2026-11-01", "31.02.2026": "", "вчера": "", "": "",
	} {
		at, err := present.ParseDay(words, now)
		got := at.Format("2006-01-02")
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("ParseDay(%q) = %q, want %q", words, got, want)
		}
	}
}

func TestPercent_saysNoMoreThanIsKnown(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]string{0: "0 %", 0.034: "3,4 %", 0.03: "3 %", 0.1249: "12 %", 1: "100 %"} {
		if got := present.Percent(share, i18n.New(i18n.Russian)); got != want {
			t.Errorf("Percent(%v) = %q, want %q", share, got, want)
		}
	}
}

func TestBars_leaveOutWhoHasNoFilter(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := client.Report{From: now.Add(-time.Hour), To: now, Group: client.ByEmployee, Items: []client.ReportRow{
		{Key: "e1", Name: "Киреева Анна Сергеевна", CallFigures: client.CallFigures{Calls: 3, Answered: 2, Out: 1}},
		{Key: "", CallFigures: client.CallFigures{Calls: 9, Missed: 9}},
		{Key: "e9", CallFigures: client.CallFigures{Calls: 1, Out: 1}},
	}}
	got := ""
	for _, b := range present.Bars(r, present.MeasureCalls, text, now) {
		got += fmt.Sprintf("%s %s:", b.Label, b.Query.Employee)
		for _, p := range b.Parts {
			got += fmt.Sprintf(" %v–%v %s %s", p.From, p.To, p.Tone, p.Query.Type)
		}
		got += "\n"
	}
	want := "Киреева А. С. e1: 0–2 ring call_in 2–3 accent call_out\nСотрудник удалён e9: 0–1 accent call_out\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
