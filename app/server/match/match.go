// Package match tells what is of one call where the PBX does not say so: of which employee's part in a call a
// row of its statistics is, and of which client's call an employee's question to a colleague is. The
// reconciliation asks when it reads rows; the intake of events asks when a consultation or a client on hold is
// told of, and when an event comes so late that a row may have told of its call before.
package match

import (
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
)

const (
	// LongestWait is how much later than its call a leg may begin: callers wait in queues.
	LongestWait = 2 * time.Hour
	// LateTolerance is how far the statistics and an event may differ about when a leg began.
	LateTolerance = 5 * time.Second
	// lateAfter is from when on an event may be of a call that the statistics told of before.
	lateAfter = 10 * time.Second
)

// Row is what a row of the statistics tells of the leg that it is about.
type Row struct {
	Extension string // empty: a group's
	Outgoing  bool
	Number    phone.Number
	Began     time.Time
}

// RowsOf reads the legs of a record: where it tells of none, it is itself the row.
func RowsOf(events []call.Event) []Row {
	var all []Row
	for _, kind := range []call.Kind{call.KindHistoryLeg, call.KindHistory} {
		for _, e := range events {
			if e.Kind == kind && !e.Began.IsZero() {
				all = append(all, RowOf(e))
			}
		}
		if len(all) > 0 {
			break
		}
	}
	return all
}

// RowOf is what an event tells as a row would.
func RowOf(e call.Event) Row {
	outgoing := e.From.Extension != "" && e.To.Extension == ""
	if e.Direction != "" {
		outgoing = e.Direction == call.Out
	}
	if outgoing {
		return Row{e.From.Extension, true, e.To.Number, e.Began}
	}
	return Row{e.To.Extension, false, e.From.Number, e.Began}
}

// Fits tells how far a row is from a leg, and whether it may be about it.
func (r Row) Fits(p call.Part, tolerance time.Duration) (time.Duration, bool) {
	apart := r.Began.Sub(p.Began).Abs()
	return apart, apart <= tolerance && r.Outgoing == p.Outgoing && (r.Extension == "" || p.Extension == "" || r.Extension == p.Extension)
}

// LastDigits are those by which numbers in several spellings are compared.
func LastDigits(n phone.Number) string {
	digits := strings.TrimPrefix(string(n), "+")
	return digits[max(len(digits)-10, 0):]
}

// Spellings are those in which a number may stand in a call.
func Spellings(n phone.Number) []phone.Number {
	last := LastDigits(n)
	if len(last) < 10 {
		return []phone.Number{n}
	}
	all := []phone.Number{n, phone.Number("+7" + last), phone.Number(last)}
	slices.Sort(all)
	return slices.Compact(all)
}

// LateRow is what an event tells as a row of the statistics would, if it is so late that one may have told
// it before. now is the PBX's clock.
func LateRow(e call.Event, now time.Time) (Row, bool) {
	began := e.At
	switch e.Kind {
	case call.KindSummary:
		began = e.Began
	case call.KindLeg:
		if e.State == call.LegEnded || e.Place != call.PlaceEmployee {
			return Row{}, false
		}
	default:
		return Row{}, false
	}
	if began.IsZero() || now.Sub(began) < lateAfter {
		return Row{}, false
	}
	e.Began = began
	return RowOf(e), true
}
