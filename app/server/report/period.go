package report

import (
	"errors"
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // Windows has no zones of its own

	"dozvon/client"
)

// longest bounds the hours of one report: a year and a day of them.
const longest = 367 * 24 * time.Hour

// Query is which calls to count, how, and in whose time.
type Query struct {
	From, To time.Time
	Group    client.ReportGroup
	Zone     *time.Location
}

// Faults of a query.
var (
	ErrZone  = errors.New("tz: neither an IANA name nor an offset in minutes")
	ErrOrder = errors.New("to: not after from")
	ErrLong  = errors.New("to: more than a year after from")
)

// usual is the period of a query without a beginning.
const usual = 7 * 24 * time.Hour

// NewQuery reads a zone and checks the period. It ends now, and is a week long, unless told otherwise.
func NewQuery(from, to time.Time, group client.ReportGroup, zone string, now time.Time) (Query, error) {
	if to.IsZero() {
		to = now
	}
	if from.IsZero() {
		from = to.Add(-usual)
	}
	switch {
	case !to.After(from):
		return Query{}, ErrOrder
	case to.Sub(from) > longest:
		return Query{}, ErrLong
	}
	loc, err := Zone(zone)
	return Query{From: from, To: to, Group: group, Zone: loc}, err
}

// Zone reads an IANA name or an offset from UTC in minutes; empty is UTC.
func Zone(name string) (*time.Location, error) {
	if minutes, err := strconv.Atoi(name); err == nil {
		if minutes < -24*60 || minutes > 24*60 {
			return nil, ErrZone
		}
		return time.FixedZone("", minutes*60), nil
	}
	loc, err := time.LoadLocation(name)
	// «Local» would be the server's own zone, which is none of the asker's business.
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("%w: %q", ErrZone, name)
	}
	return loc, nil
}

// Segment is a part of a period in which the clock was not turned.
type Segment struct {
	From, To time.Time
	// Offset is local time minus UTC.
	Offset time.Duration
}

// Segments cuts the period where summer time begins or ends, so that in each part an hour's or
// day's beginning is plain arithmetic, which a database can do.
func (q Query) Segments() []Segment {
	var out []Segment
	for at := q.From; at.Before(q.To); {
		local := at.In(q.Zone)
		_, seconds := local.Zone()
		_, end := local.ZoneBounds()
		if end.IsZero() || end.After(q.To) {
			end = q.To
		}
		out = append(out, Segment{at, end, time.Duration(seconds) * time.Second})
		at = end
	}
	return out
}

// day is the local day that a moment lies in.
func (q Query) day(at time.Time) (from, to time.Time) {
	y, m, d := at.In(q.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, q.Zone), time.Date(y, m, d+1, 0, 0, 0, 0, q.Zone)
}

// hour is the local hour that a moment lies in.
func (q Query) hour(at time.Time) (from, to time.Time) {
	local := at.In(q.Zone)
	from = local.Add(-time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second - time.Duration(local.Nanosecond()))
	return from, from.Add(time.Hour)
}
