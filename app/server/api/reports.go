package api

import (
	"context"
	"errors"
	"net/http"
	"time"
	_ "time/tzdata" // Windows has no zones of its own

	"github.com/danielgtaylor/huma/v2"

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

func (s *Server) reportRoutes() {
	huma.Register(s.api, op("report-calls", http.MethodGet, "/reports/calls", "Figures for charts"),
		func(ctx context.Context, in *reportQuery) (*body[client.Report], error) {
			q, err := in.query(s.Switchboard.Now())
			if err != nil {
				return nil, fail(ctx, err)
			}
			r, err := s.Switchboard.CallReport(ctx, q)
			return &body[client.Report]{r}, fail(ctx, err)
		})
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
