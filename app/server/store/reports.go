package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"dozvon/app/server/report"
	"dozvon/client"
)

const (
	hour = int64(time.Hour / time.Millisecond)
	day  = 24 * hour
)

// tallies groups the calls of a part of a period. The database adds up: what comes back is one
// line for every wait that occurred, from which medians can be told, and not one for
// every call. The index by time bounds what is read to the period.
const tallies = `
SELECT %s, type, CASE WHEN result = 'answered' THEN 1 ELSE 0 END, wait_seconds, COUNT(*), CAST(SUM(talk_seconds) AS BIGINT)
FROM   feed
WHERE  at >= ? AND at < ? AND type IN ('call_in', 'call_missed', 'call_out')
GROUP  BY 1, 2, 3, 4, 5`

// talliesBy is what tallies selects first: when the hour or day began, and whose the calls are.
// The placeholders of time are the offset from UTC and the length.
var talliesBy = map[client.ReportGroup]string{
	client.ByHour:        "((at + ?) / ?) * ? - ?, ''",
	client.ByDay:         "((at + ?) / ?) * ? - ?, ''",
	client.ByWeekdayHour: "((at + ?) / ?) * ? - ?, ''",
	client.ByEmployee:    "0, employee_id",
	client.ByLine:        "0, line",
}

// Tallies groups the calls of a period as a report asks.
func (s *Store) Tallies(ctx context.Context, q report.Query) ([]report.Tally, error) {
	r := s.reads(ctx)
	var all []report.Tally
	for _, part := range q.Segments() {
		var args []any
		if strings.Contains(talliesBy[q.Group], "?") {
			length := hour
			if q.Group == client.ByDay {
				length = day
			}
			offset := part.Offset.Milliseconds()
			args = append(args, offset, length, length, offset)
		}
		args = append(args, part.From.UnixMilli(), part.To.UnixMilli())
		rows, err := r.query(fmt.Sprintf(tallies, talliesBy[q.Group]), args...)
		if err != nil {
			return nil, fmt.Errorf("counting calls: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (t report.Tally, err error) {
			err = rows.Scan(&t.Start, &t.Key, &t.Type, &t.Answered, &t.Wait, &t.Calls, &t.Talk)
			// On the day when the clock is turned, the beginning by the new offset lies in the day before.
			t.Start = max(t.Start, part.From.UnixMilli())
			return t, err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// tries reads the missed calls of a period, and the outgoing calls until an hour after it. Who
// called whom back is told from them outside: asked for a number's later calls one by one, a database
// takes longer.
const tries = `
SELECT phone, at, line, type = 'call_out', result = 'answered'
FROM   feed
WHERE  at >= ? AND at < ? AND phone <> '' AND (type = 'call_out' OR type = 'call_missed' AND at < ?)`

// Tries lists who was missed in a period, and who was called in it and shortly after.
func (s *Store) Tries(ctx context.Context, from, to time.Time) ([]report.Try, error) {
	end := to.Add(report.CallBackLimit).UnixMilli() + 1
	rows, err := s.reads(ctx).query(tries, from.UnixMilli(), end, to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("reading call-backs: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (t report.Try, err error) {
		err = rows.Scan(&t.Phone, &t.At, &t.Line, &t.Out, &t.Answered)
		return t, err
	})
}

// restoredCalls has an index of its own: there are few of them.
const restoredCalls = "SELECT COUNT(*) FROM feed WHERE restored = TRUE AND at >= ? AND at < ?"

// ReportDoubt tells what the calls of a period may lack.
func (s *Store) ReportDoubt(ctx context.Context, from, to time.Time) (client.ReportDoubt, error) {
	var d client.ReportDoubt
	r := s.reads(ctx)
	if err := r.row(restoredCalls, from.UnixMilli(), to.UnixMilli()).Scan(&d.Restored); err != nil {
		return d, fmt.Errorf("counting restored calls: %w", err)
	}
	var err error
	if d.Outages, err = s.Outages(ctx, from, to); err != nil {
		return d, err
	}
	for i, o := range d.Outages {
		d.Outages[i].From, d.Outages[i].To = later(o.From, from), earlier(o.To, to)
	}
	return d, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b.UTC()
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b.UTC()
	}
	return a
}
