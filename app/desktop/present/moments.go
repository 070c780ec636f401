package present

import (
	"fmt"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
)

// Moment is a time that is offered for a call-back.
type Moment struct {
	Words string
	At    time.Time
}

// The hours that are offered: when schools open for calls, and when people are back from work.
const (
	morning = 10
	evening = 18
)

// Moments are the times at which people promise to call back, the next one first.
func Moments(text *i18n.Text, now time.Time) []Moment {
	today, tomorrow := model.Midnight(now), model.Midnight(now).AddDate(0, 0, 1)
	at := func(day time.Time, hour int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
	}
	out := []Moment{{text.T("when.hour"), now.Add(time.Hour).Truncate(time.Minute)}}
	if tonight := at(today, evening); tonight.Sub(now) > time.Hour {
		out = append(out, Moment{text.T("when.today", "clock", text.Clock(tonight)), tonight})
	}
	return append(out, Moment{text.T("when.tomorrow", "clock", text.Clock(at(tomorrow, morning))), at(tomorrow, morning)})
}

// Putoffs are the times to which a reminder is put off, the next one first.
func Putoffs(text *i18n.Text, now time.Time) []Moment {
	soon := Moment{text.T("when.quarter"), now.Add(15 * time.Minute)}
	moments := Moments(text, now)
	return []Moment{soon, moments[0], moments[len(moments)-1]}
}

// ParseMoment reads a day that is to come and a time of day, as people write them. Without a day it
// is the next time the clock shows that time.
func ParseMoment(day, clock string, now time.Time) (time.Time, error) {
	words, err := ParseClock(clock)
	if err != nil {
		return time.Time{}, err
	}
	on := model.Midnight(now)
	if strings.TrimSpace(day) != "" {
		if on, err = ParseComing(day, now); err != nil {
			return time.Time{}, err
		}
	}
	at, err := time.Parse("15:04", words)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading %q as a time: %w", clock, err)
	}
	moment := time.Date(on.Year(), on.Month(), on.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if strings.TrimSpace(day) == "" && moment.Before(now) {
		moment = moment.AddDate(0, 0, 1)
	}
	return moment, nil
}
