package feed

import (
	"context"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/report"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Reports counts calls. All fields are required.
type Reports struct {
	Store     *store.Store
	Directory *directory.Directory
	Now       func() time.Time
}

// Calls counts the calls of a period.
func (r *Reports) Calls(ctx context.Context, q report.Query) (client.Report, error) {
	facts := report.Facts{Names: map[string]string{}, Now: r.Now()}
	var err error
	if facts.Tallies, err = r.Store.Tallies(ctx, q); err != nil {
		return client.Report{}, err
	}
	if facts.Tries, err = r.Store.Tries(ctx, q.From, q.To); err != nil {
		return client.Report{}, err
	}
	if facts.Doubt, err = r.Store.ReportDoubt(ctx, q.From, q.To); err != nil {
		return client.Report{}, err
	}
	names := r.Directory.Snapshot()
	switch q.Group {
	case client.ByEmployee:
		facts.Names = names.EmployeeNames()
	case client.ByLine:
		facts.Names = names.LineNames()
	}
	return report.Build(q, facts), nil
}
