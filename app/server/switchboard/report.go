package switchboard

import (
	"context"
	"maps"

	"dozvon/app/server/report"
	"dozvon/client"
)

// CallReport counts the calls of a period.
func (s *Switchboard) CallReport(ctx context.Context, q report.Query) (client.Report, error) {
	facts := report.Facts{Names: map[string]string{}, Now: s.Now()}
	var err error
	if facts.Tallies, err = s.Store.Tallies(ctx, q); err != nil {
		return client.Report{}, err
	}
	if facts.Tries, err = s.Store.Tries(ctx, q.From, q.To); err != nil {
		return client.Report{}, err
	}
	if facts.Doubt, err = s.Store.ReportDoubt(ctx, q.From, q.To); err != nil {
		return client.Report{}, err
	}
	o := s.office.Load()
	switch q.Group {
	case client.ByEmployee:
		for id, e := range o.people {
			facts.Names[id] = e.Name
		}
	case client.ByLine:
		maps.Copy(facts.Names, o.lines)
		for _, t := range o.trunks {
			for number, name := range t.lines {
				facts.Names[number] = name
			}
		}
	}
	return report.Build(q, facts), nil
}
