package api

import (
	"context"
	"errors"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/report"
	"dozvon/client"
)

type reportQuery struct {
	From  time.Time          `query:"from" doc:"A week before to when absent"`
	To    time.Time          `query:"to" doc:"Exclusive; now when absent"`
	Group client.ReportGroup `query:"group" enum:"hour,day,employee,line,weekday_hour" default:"day"`
	Zone  string             `query:"tz" maxLength:"64" doc:"IANA name or offset from UTC in minutes; UTC when absent"`
}

// figuresAPI counts calls.
type figuresAPI struct{ *Server }

func (s figuresAPI) report(ctx context.Context, in *reportQuery) (*body[client.Report], error) {
	q, err := in.query(s.Now())
	if err != nil {
		return nil, err
	}
	return one(s.Reports.Calls(ctx, q))
}

func (in *reportQuery) query(now time.Time) (report.Query, error) {
	q, err := report.NewQuery(in.From, in.To, in.Group, in.Zone, now)
	for _, fault := range []error{report.ErrZone, report.ErrOrder, report.ErrLong} {
		if errors.Is(err, fault) {
			return q, &crm.Invalid{Faults: []string{fault.Error()}}
		}
	}
	return q, err
}
