package i18n

import (
	"fmt"
	"strings"
	"time"
)

// Clock is the time of day: 14:32.
func (t *Text) Clock(at time.Time) string { return at.Format("15:04") }

// Timer is a running duration: 3:42, or 1:02:03 from an hour on.
func (t *Text) Timer(d time.Duration) string {
	s := max(0, int(d/time.Second))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Length is a past duration in words: 4 мин 10 с.
func (t *Text) Length(d time.Duration) string {
	s := max(0, int(d/time.Second))
	switch {
	case s < 60:
		return t.T("length.s", "s", s)
	case s < 3600:
		return t.T("length.ms", "m", s/60, "s", fmt.Sprintf("%02d", s%60))
	}
	return t.T("length.hm", "h", s/3600, "m", fmt.Sprintf("%02d", s/60%60))
}

// Short is a moment as lists show it: 14:32, вчера, 18:04, 10.11, 10.11.2025.
func (t *Text) Short(at, now time.Time) string {
	at = at.In(now.Location())
	switch daysBetween(at, now) {
	case 0:
		return t.Clock(at)
	case 1:
		return t.T("time.yesterday", "clock", t.Clock(at))
	}
	if at.Year() == now.Year() {
		return at.Format("02.01")
	}
	return at.Format("02.01.2006")
}

// Day is the heading of a day: Сегодня, 24 ноября.
func (t *Text) Day(at, now time.Time) string {
	at = at.In(now.Location())
	date := t.T("day.date", "day", at.Day(), "month", t.T(fmt.Sprintf("month.%d", int(at.Month()))))
	if at.Year() != now.Year() {
		date += " " + fmt.Sprint(at.Year())
	}
	switch daysBetween(at, now) {
	case 0:
		return t.T("day.today", "date", date)
	case 1:
		return t.T("day.yesterday", "date", date)
	}
	return date
}

func daysBetween(a, b time.Time) int {
	day := func(x time.Time) time.Time { return time.Date(x.Year(), x.Month(), x.Day(), 12, 0, 0, 0, time.UTC) }
	return int(day(b).Sub(day(a)).Hours() / 24)
}

// Ago is how long ago a moment was, in words: 2 минуты назад; from a day on it is Short.
func (t *Text) Ago(at, now time.Time) string {
	switch past := now.Sub(at); {
	case past < time.Minute:
		return t.T("ago.now")
	case past < time.Hour:
		return t.N("ago.minutes", int(past/time.Minute))
	case past < 24*time.Hour && daysBetween(at.In(now.Location()), now) == 0:
		return t.N("ago.hours", int(past/time.Hour))
	}
	return t.Short(at, now)
}

// AgoShort is Ago where there is little room: 14 с назад, 2 мин назад.
func (t *Text) AgoShort(at, now time.Time) string {
	switch past := max(0, now.Sub(at)); {
	case past < time.Minute:
		return t.T("ago.s", "n", int(past/time.Second))
	case past < time.Hour:
		return t.T("ago.m", "n", int(past/time.Minute))
	}
	return t.Short(at, now)
}

// Milliseconds is a short span as a machine took it: 120 мс, or 1,4 с from a second on.
func (t *Text) Milliseconds(ms float64) string {
	if ms < 1000 {
		return t.T("length.milli", "n", int(ms+0.5))
	}
	seconds := fmt.Sprintf("%.1f", ms/1000)
	if t.lang == Russian {
		seconds = strings.ReplaceAll(seconds, ".", ",")
	}
	return t.T("length.s", "s", seconds)
}

// Since is Moment as a beginning: с 10:00, со вчерашнего дня, 18:02, с 28.11, 10:00.
func (t *Text) Since(at, now time.Time) string { return t.begun("time.since", at, now) }

// From is Since where an end follows: с 10:00 до 11:00.
func (t *Text) From(at, now time.Time) string { return t.begun("time.from", at, now) }

func (t *Text) begun(key string, at, now time.Time) string {
	if at = at.In(now.Location()); daysBetween(at, now) == 1 {
		return t.T(key+"_yesterday", "clock", t.Clock(at))
	}
	return t.T(key, "when", t.Moment(at, now))
}

// At is Moment within a sentence: в 10:00, завтра, 10:00, 28.11, 10:00.
func (t *Text) At(at, now time.Time) string {
	if at = at.In(now.Location()); daysBetween(at, now) == 0 {
		return t.T("time.at", "clock", t.Clock(at))
	}
	return t.Moment(at, now)
}

// Moment is when something is to be done, or was to be: 10:00, завтра, 10:00, 28.11, 10:00.
func (t *Text) Moment(at, now time.Time) string {
	at = at.In(now.Location())
	switch daysBetween(at, now) {
	case 0:
		return t.Clock(at)
	case 1:
		return t.T("time.yesterday", "clock", t.Clock(at))
	case -1:
		return t.T("time.tomorrow", "clock", t.Clock(at))
	}
	if at.Year() == now.Year() {
		return at.Format("02.01") + ", " + t.Clock(at)
	}
	return at.Format("02.01.2006") + ", " + t.Clock(at)
}
