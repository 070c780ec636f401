package present

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// Period is which days a report is of.
type Period string

// The periods; PeriodOwn has days of its own.
const (
	PeriodToday     Period = "today"
	PeriodYesterday Period = "yesterday"
	PeriodWeek      Period = "week"
	PeriodMonth     Period = "month"
	PeriodOwn       Period = "own"
)

// Periods in the order of the chips.
var Periods = []Period{PeriodToday, PeriodYesterday, PeriodWeek, PeriodMonth, PeriodOwn}

// Bounds are the period's midnights in now's zone; the second is exclusive. Today and the days
// before it count until tonight, so that a chart of today has the whole day's width.
func (p Period) Bounds(now time.Time) (from, to time.Time) {
	today := model.Midnight(now)
	tonight := today.AddDate(0, 0, 1)
	switch p {
	case PeriodYesterday:
		return today.AddDate(0, 0, -1), today
	case PeriodWeek:
		return today.AddDate(0, 0, -6), tonight
	case PeriodMonth:
		return today.AddDate(0, 0, -29), tonight
	}
	return today, tonight
}

// hourly is up to how long a chart over time has a bar for every hour; a longer one has days.
const hourly = 49 * time.Hour

// ReportGroup is whether a period is drawn by hours or days.
func ReportGroup(from, to time.Time) client.ReportGroup {
	if to.Sub(from) <= hourly {
		return client.ByHour
	}
	return client.ByDay
}

// ZoneOf names now's zone for the server: an IANA name, or the offset in minutes where the system
// only says that it is the local one.
func ZoneOf(now time.Time) string {
	if name := now.Location().String(); strings.Contains(name, "/") || name == "UTC" {
		return name
	}
	_, offset := now.Zone()
	return strconv.Itoa(offset / 60)
}

// ParseDay reads a day as people write it: 24.11, 24.11.26, 24.11.2026. Without a year it is the
// latest such day that is not after now's.
func ParseDay(words string, now time.Time) (time.Time, error) {
	words = strings.Trim(strings.TrimSpace(words), ".")
	for _, layout := range []string{"2.1.2006", "2.1.06", "2006-1-2"} {
		if at, err := time.ParseInLocation(layout, words, now.Location()); err == nil {
			return at, nil
		}
	}
	at, err := time.ParseInLocation("2.1.2006", words+"."+strconv.Itoa(now.Year()), now.Location())
	if err != nil {
		return time.Time{}, fmt.Errorf("reading %q as a day: %w", words, err)
	}
	if at.After(now) {
		at = at.AddDate(-1, 0, 0)
	}
	return at, nil
}

// ParseDays reads the first and the last day of a period; to is exclusive. What is wrong with them is
// told in words, empty when nothing is.
func ParseDays(first, last string, now time.Time, text *i18n.Text) (from, to time.Time, wrong string) {
	from, err := ParseDay(first, now)
	if err != nil {
		return from, to, text.T("rep.bad_day", "words", first)
	}
	if to, err = ParseDay(last, now); err != nil {
		return from, to, text.T("rep.bad_day", "words", last)
	}
	to = to.AddDate(0, 0, 1) // the last day counts
	if !to.After(from) {
		return from, to, text.T("rep.bad_order")
	}
	return from, to, ""
}

// ParseComing reads a day that is to come, as people write it; without a year it is the next such
// day, today included.
func ParseComing(words string, now time.Time) (time.Time, error) {
	at, err := ParseDay(words, now)
	if err != nil {
		return at, err
	}
	if dots := strings.Count(strings.Trim(strings.TrimSpace(words), "."), "."); dots == 1 && at.Before(model.Midnight(now)) {
		at = at.AddDate(1, 0, 0)
	}
	return at, nil
}

// ParseClock reads a time of day: 9, 9:00, 18.30.
func ParseClock(words string) (string, error) {
	words = strings.ReplaceAll(strings.TrimSpace(words), ".", ":")
	if !strings.Contains(words, ":") {
		words += ":00"
	}
	at, err := time.Parse("15:04", words)
	if err != nil {
		return "", fmt.Errorf("reading %q as a time: %w", words, err)
	}
	return fmt.Sprintf("%d:%02d", at.Hour(), at.Minute()), nil
}
