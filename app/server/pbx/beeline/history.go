package beeline

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/pbx"
)

const (
	// chunk is asked for at once, so that pages do not move while they are read.
	chunk = 7 * 24 * time.Hour
	// mostPages bounds what a PBX that never ends can make us read of one chunk.
	mostPages = 2000
)

// historian reads the PBX's own record of calls.
type historian struct {
	api *portal
	who *roster
}

// History tells what calls there were. The recordings come first, for they name the call; the
// statistics does not, and knows neither when it was answered nor when it ended (sections 10 and 11).
func (p *Provider) History(ctx context.Context, from, to time.Time, take func(pbx.HistoryCall) error) error {
	if err := p.Refresh(ctx); err != nil {
		return err
	}
	h := historian{p.api, &p.who}
	for from.Before(to) {
		until := from.Add(chunk)
		if until.After(to) {
			until = to
		}
		records, err := h.records(ctx, from, until)
		if err != nil {
			return fmt.Errorf("reading the PBX's recordings from %s: %w", from.Format(time.RFC3339), err)
		}
		rows, err := h.statistics(ctx, from, until)
		if err != nil {
			return fmt.Errorf("reading the PBX's statistics from %s: %w", from.Format(time.RFC3339), err)
		}
		for _, c := range h.calls(records, rows) {
			if err := take(c); err != nil {
				return err
			}
		}
		from = until
	}
	return nil
}

// records lists the recordings of a time, a page after the other: the next begins behind an id.
func (h historian) records(ctx context.Context, from, to time.Time) ([]beeline.Record, error) {
	query := url.Values{"dateFrom": {beeline.Date(from)}, "dateTo": {beeline.DateAfter(to)}}
	var all []beeline.Record
	seen := map[beeline.Text]bool{}
	for range mostPages {
		var page []beeline.Record
		if err := h.api.do(ctx, request{method: http.MethodGet, path: beeline.PathRecords, query: query, out: &page, harmless: true, chore: true}); err != nil {
			return nil, err
		}
		fresh := false
		for _, r := range page {
			if r.ID != "" && !seen[r.ID] {
				seen[r.ID], fresh = true, true
				all = append(all, r)
			}
		}
		if len(page) < beeline.RecordsPage || !fresh {
			return all, nil
		}
		query.Set("id", string(page[len(page)-1].ID))
	}
	return nil, fmt.Errorf("%w: its list of recordings has no end", pbx.ErrUnclear)
}

// statistics lists the rows of a time. A PBX without the second version is asked in the first.
func (h historian) statistics(ctx context.Context, from, to time.Time) ([]beeline.Row, error) {
	rows, err := h.rows(ctx, beeline.PathStatistics, from, to)
	if status := statusOf(err); status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
		return h.rows(ctx, beeline.PathStatisticsV1, from, to)
	}
	return rows, err
}

func (h historian) rows(ctx context.Context, path string, from, to time.Time) ([]beeline.Row, error) {
	var all []beeline.Row
	seen := map[string]bool{}
	for n := range mostPages {
		var page []beeline.Row
		err := h.api.do(ctx, request{method: http.MethodGet, path: path, out: &page, harmless: true, chore: true, query: url.Values{
			"dateFrom": {beeline.Date(from)}, "dateTo": {beeline.DateAfter(to)},
			"page": {strconv.Itoa(n)}, "pageSize": {strconv.Itoa(beeline.StatisticsPage)},
		}})
		if err != nil {
			return nil, err
		}
		fresh := false
		for _, r := range page {
			id := strings.Join([]string{string(r.Abonent.UserID), r.Start.Format(time.RFC3339Nano), r.Outside(), string(r.Status), strconv.FormatBool(r.IsOutbound())}, " ")
			if r.Start.IsZero() || r.Abonent.UserID == "" || seen[id] {
				continue
			}
			seen[id], fresh = true, true
			all = append(all, r)
		}
		if len(page) < beeline.StatisticsPage || !fresh {
			slices.SortStableFunc(all, func(a, b beeline.Row) int {
				if c := a.Start.Compare(b.Start.Time); c != 0 {
					return c
				}
				return strings.Compare(string(a.Abonent.UserID), string(b.Abonent.UserID))
			})
			return all, nil
		}
	}
	return nil, fmt.Errorf("%w: its statistics has no end", pbx.ErrUnclear)
}
