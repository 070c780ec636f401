package itoolabs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

const (
	// listingSpan is asked for at once.
	listingSpan = 24 * time.Hour
	// listingLimit is how many rows are asked for; where so many come there may be more, and the span
	// is halved, because no PBX tells which it left out.
	listingLimit = 100
	// listingShortest is not halved any more.
	listingShortest = time.Second
	// tolerance is how far a row's beginning and a call's may be apart (section 4).
	tolerance = 5 * time.Second
	// madeKey begins the key of a call that only the listing knows.
	madeKey = "uid:"
)

// historian reads the PBX's listing.
type historian struct {
	api   *client
	staff *staff
}

// History reads the PBX's listing (section 9). It names a call by another id than events do, so its calls
// are unnamed, and it has one row a call, whoever rang.
func (h *historian) History(ctx context.Context, from, to time.Time, take func(pbx.HistoryCall) error) error {
	ctx = pbx.Unattended(ctx)
	for from.Before(to) {
		until := from.Add(listingSpan)
		if until.After(to) {
			until = to
		}
		if err := h.span(ctx, from, until, take); err != nil {
			return fmt.Errorf("reading the PBX's listing from %s: %w", from.Format(time.RFC3339), err)
		}
		from = until
	}
	return nil
}

func (h *historian) span(ctx context.Context, from, to time.Time, take func(pbx.HistoryCall) error) error {
	rows, err := h.listing(ctx, from, to)
	if err != nil {
		return err
	}
	if half := to.Sub(from) / 2; len(rows) >= listingLimit && half >= listingShortest {
		if err := h.span(ctx, from, from.Add(half), take); err != nil {
			return err
		}
		return h.span(ctx, from.Add(half), to, take)
	}
	slices.SortStableFunc(rows, func(a, b itoolabs.Row) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.UID, b.UID)) })
	for _, r := range rows {
		// Some give whole seconds, some neighbours: each row is of one span.
		if r.Start.Before(from) || !r.Start.Before(to) {
			continue
		}
		if err := take(h.row(r)); err != nil {
			return err
		}
	}
	return nil
}

// listing asks for whole seconds, the last one included.
func (h *historian) listing(ctx context.Context, from, to time.Time) ([]itoolabs.Row, error) {
	to = to.Add(time.Second - time.Nanosecond)
	asked := url.Values{
		"type": {"all"}, "start": {from.UTC().Format(itoolabs.Moment)}, "end": {to.UTC().Format(itoolabs.Moment)}, "limit": {strconv.Itoa(listingLimit)},
	}
	body, err := h.api.do(ctx, command{
		name: itoolabs.OldHistory, old: asked, method: http.MethodGet, path: itoolabs.NewHistory, query: asked, listing: true,
	})
	if err != nil {
		return nil, err
	}
	rows, faulty, err := itoolabs.ReadListing(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", pbx.ErrUnclear, err)
	}
	if faulty > 0 {
		slog.Warn("rows of the PBX's listing cannot be read", "rows", faulty)
	}
	return rows, nil
}

// row is a call of the listing.
func (h *historian) row(r itoolabs.Row) pbx.HistoryCall {
	me, named := h.staff.who(r.User, "")
	direction, result := r.Type, r.Result
	if r.Type == itoolabs.TypeMissed {
		direction = itoolabs.DirectionIn
	}
	if result == itoolabs.ResultUnknown {
		result = resultOf(r)
	}
	whole := h.staff.whole(wholeCall{
		me: me, named: named, other: r.Client, line: r.Line, direction: direction, result: result, start: r.Start, wait: r.Wait, duration: r.Duration,
	})
	whole.Kind = call.KindHistory
	out := pbx.HistoryCall{Events: []call.Event{whole}, Unnamed: true, Tolerance: tolerance, MadeKey: madeKey + r.UID}
	if rec, ok := recordingOf(whole, r.Record, me); ok {
		rec.Unsure = true // history links the same file by another address
		out.Events = append(out.Events, rec)
	}
	return out
}

// resultOf is the result of a row that does not tell it: whoever talked has a duration.
func resultOf(r itoolabs.Row) itoolabs.Result {
	switch {
	case r.Type != itoolabs.TypeMissed && r.Duration > 0:
		return itoolabs.ResultSuccess
	case r.Type == itoolabs.DirectionOut:
		return itoolabs.ResultCancel
	}
	return itoolabs.ResultMissed
}
