package api

import (
	"context"
	"errors"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/report"
	"dozvon/app/server/texts"
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
	switch {
	case errors.Is(err, report.ErrZone):
		return q, crm.Wrong("tz", texts.Of("fault.zone"))
	case errors.Is(err, report.ErrOrder):
		return q, crm.Wrong("to", texts.Of("fault.order"))
	case errors.Is(err, report.ErrLong):
		return q, crm.Wrong("to", texts.Of("fault.period"))
	}
	return q, err
}
