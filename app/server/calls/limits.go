package calls

import (
	"fmt"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Limit says that an employee has used up what the school allows of something that costs money.
type Limit struct {
	Kind LimitKind
	Most int
}

// LimitKind is what is limited.
type LimitKind string

// What one employee may do only so often; the most stands in the school's settings.
const (
	LimitSMSMinute LimitKind = "sms_minute"
	LimitSMSDay    LimitKind = "sms_day"
	LimitAbroad    LimitKind = "abroad"
)

func (l *Limit) Error() string {
	return fmt.Sprintf("the limit of %d for %s is reached", l.Most, l.Kind)
}

// limitDay is the day of the limits: the last 24 hours, so that it begins for nobody in mid-evening.
const limitDay = 24 * time.Hour

// maySend lets an employee send one more message. It counts in the transaction that notes the message,
// so that neither many at once nor many nodes get past it.
func (s *Commands) maySend(tx *store.Tx, by client.Employee) error {
	school := s.calls.Directory.School()
	for _, limit := range []struct {
		kind LimitKind
		most int
		per  time.Duration
	}{{LimitSMSMinute, school.SMSPerMinute, time.Minute}, {LimitSMSDay, school.SMSPerDay, limitDay}} {
		sent, err := tx.CountCommands(by.ID, store.CommandSMS, s.calls.Now().Add(-limit.per))
		if err != nil {
			return err
		}
		if sent >= limit.most {
			return &Limit{Kind: limit.kind, Most: limit.most}
		}
	}
	return nil
}

// mayDial lets an employee dial a number: abroad only so often a day.
func (s *Commands) mayDial(tx *store.Tx, by client.Employee, number phone.Number) error {
	home := s.calls.Directory.Snapshot().HomeCountries()
	if home[number.Country()] {
		return nil
	}
	most := s.calls.Directory.School().AbroadPerDay
	dialled, err := tx.NumbersAsked(by.ID, s.calls.Now().Add(-limitDay))
	if err != nil {
		return err
	}
	abroad := 0
	for _, n := range dialled {
		if n != "" && !home[n.Country()] { // a colleague is no number
			abroad++
		}
	}
	if abroad >= most {
		return &Limit{Kind: LimitAbroad, Most: most}
	}
	return nil
}
