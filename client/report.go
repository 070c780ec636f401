package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// ReportGroup is what the lines of a report stand for.
type ReportGroup string

// Groups of a report. ByWeekdayHour has 168 cells, Monday 0:00 to Sunday 23:00.
const (
	ByHour        ReportGroup = "hour"
	ByDay         ReportGroup = "day"
	ByEmployee    ReportGroup = "employee"
	ByLine        ReportGroup = "line"
	ByWeekdayHour ReportGroup = "weekday_hour"
)

// Report is the calls of a period in figures for charts. Hours, days and cells without calls
// stand in it too, so that a chart has no holes.
type Report struct {
	From  time.Time   `json:"from"`
	To    time.Time   `json:"to" doc:"Exclusive"`
	Group ReportGroup `json:"group" enum:"hour,day,employee,line,weekday_hour"`
	Total CallFigures `json:"total"`
	Items []ReportRow `json:"items"`
	Doubt ReportDoubt `json:"doubt" doc:"What the figures may lack"`
}

// ReportRow is one bar of a chart.
type ReportRow struct {
	// Key is the employee's id, the line's number, the start of the hour or day (RFC 3339 with
	// the zone's offset), or weekday and hour, "1-14" for Monday 14:00. Empty: nobody, no line.
	Key  string `json:"key"`
	Name string `json:"name,omitempty" doc:"Of the employee or line"`
	// From and To are the bounds of an hour or day; absent on the others.
	From *time.Time `json:"from,omitempty"`
	To   *time.Time `json:"to,omitempty"`
	CallFigures
	// Hours are the hours with calls that a cell of the week is made of.
	Hours []ReportHour `json:"hours,omitempty"`
}

// ReportHour is one hour of one day.
type ReportHour struct {
	From  time.Time `json:"from"`
	Calls int       `json:"calls"`
}

// CallFigures counts external calls.
type CallFigures struct {
	Calls       int `json:"calls" doc:"All: answered, missed, outgoing"`
	Answered    int `json:"answered" doc:"Inbound, somebody talked with the caller"`
	Missed      int `json:"missed" doc:"Inbound, nobody did"`
	Out         int `json:"out" doc:"Outgoing, any result"`
	OutAnswered int `json:"out_answered"`
	// MissedShare is Missed of all inbound calls, 0 to 1; 0 when there were none.
	MissedShare float64 `json:"missed_share"`
	// AnswerMedian and AnswerP90 are seconds within which half, and nine of ten, of the answered
	// inbound calls were answered. Absent when of none the time is known.
	AnswerMedian *int `json:"answer_median_seconds,omitempty"`
	AnswerP90    *int `json:"answer_p90_seconds,omitempty"`
	// TalkSeconds is all conversations together, TalkAverage one of them.
	TalkSeconds int `json:"talk_seconds"`
	TalkAverage int `json:"talk_average_seconds"`
	// CallBacks is absent on the rows of employees: a missed call is nobody's.
	CallBacks *CallBacks `json:"call_backs,omitempty"`
}

// CallBacks tells how soon missed callers were called back. A call-back is the first later
// outgoing call to the number, by anybody; it counts as tried with any result, and as reached
// once an outgoing call was answered.
type CallBacks struct {
	Of        int `json:"of" doc:"Missed calls whose number is known"`
	Within5   int `json:"within_5" doc:"Tried within 5 minutes"`
	Within15  int `json:"within_15"`
	Within60  int `json:"within_60"`
	Reached5  int `json:"reached_5" doc:"Reached within 5 minutes"`
	Reached15 int `json:"reached_15"`
	Reached60 int `json:"reached_60"`
	// Open counts those of the last hour whom nobody has tried: there is still time.
	Open int `json:"open"`
}

// ReportDoubt says what the figures may lack.
type ReportDoubt struct {
	// Restored counts calls of which no webhook had told: their times are the PBX's statistics'.
	Restored int      `json:"restored"`
	Outages  []Outage `json:"outages" doc:"Times without events, within the period"`
}

// ReportQuery asks for a report. Zone is an IANA name or an offset from UTC in minutes; empty is UTC.
type ReportQuery struct {
	From, To time.Time
	Group    ReportGroup
	Zone     string
}

// Values are the period and the group as the server takes them.
func (q ReportQuery) Values() url.Values {
	return url.Values{
		"from": {q.From.Format(time.RFC3339)}, "to": {q.To.Format(time.RFC3339)},
		"group": {string(q.Group)}, "tz": {q.Zone},
	}
}

// CallReport reads the figures of a period.
func (a *API) CallReport(ctx context.Context, q ReportQuery) (Report, error) {
	return send[Report](ctx, a, http.MethodGet, "/reports/calls?"+q.Values().Encode(), nil)
}
