package report

import (
	"time"

	"dozvon/app/server/texts"
	"dozvon/client"
)

// WithDoubts puts below a report's table what its figures may lack, a sentence a row, so that nobody who has
// only the file takes them for whole. Moments are told in the zone.
func WithDoubts(rows [][]string, r client.Report, zone *time.Location, language string) [][]string {
	var doubts []texts.Message
	if r.Doubt.Restored > 0 {
		doubts = append(doubts, texts.Of("report.doubt_restored", texts.Args{"n": r.Doubt.Restored}))
	}
	for _, o := range r.Doubt.Outages {
		code := "report.doubt_outage"
		if o.Cause == "server" {
			code = "report.doubt_server"
		}
		moment := func(at time.Time) string { return at.In(zone).Format("02.01.2006 15:04") }
		doubts = append(doubts, texts.Of(code, texts.Args{"from": moment(o.From), "to": moment(o.To)}))
	}
	if b := r.Total.CallBacks; b != nil && b.Open > 0 {
		doubts = append(doubts, texts.Of("report.doubt_open", texts.Args{"n": b.Open}))
	}
	if len(doubts) == 0 {
		return rows
	}
	rows = append(rows, []string{""})
	for _, d := range doubts {
		rows = append(rows, []string{d.In(language)})
	}
	return rows
}
