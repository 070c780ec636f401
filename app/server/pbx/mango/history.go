package mango

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

const (
	// statsLimit is how long a statistics may take to be computed.
	statsLimit = 3 * time.Minute
	// statsPage is how many calls one request of the extended statistics brings.
	statsPage = 1000
	// statsChunk is asked for at once: the span must stay strictly below 30 days.
	statsChunk = 20 * 24 * time.Hour
)

var statsFields = append(append([]string{}, mango.DefaultStatsFields...), mango.FieldEntryID)

// errNotReady says that the statistics is still being computed.
var errNotReady = errors.New("the statistics is not ready")

// History joins the PBX's two statistics: the base one knows lines, extensions and where a leg
// was, the extended one the direction, who rang in a group, and the ids of the legs.
func (p *Provider) History(ctx context.Context, from, to time.Time, take func(pbx.HistoryCall) error) error {
	for from.Before(to) {
		until := from.Add(statsChunk)
		if until.After(to) {
			until = to
		}
		if err := p.chunk(ctx, from, until, take); err != nil {
			return fmt.Errorf("reading the PBX's statistics from %s: %w", from.Format(time.RFC3339), err)
		}
		from = until
	}
	return nil
}

func (p *Provider) chunk(ctx context.Context, from, to time.Time, take func(pbx.HistoryCall) error) error {
	who, err := p.roster(ctx)
	if err != nil {
		return err
	}
	rows, rowsErr := p.baseStats(ctx, from, to)
	if rowsErr != nil && !unavailable(rowsErr) {
		return rowsErr
	}
	calls, callsErr := p.extendedStats(ctx, from, to)
	if callsErr != nil && !unavailable(callsErr) {
		return callsErr
	}
	// Either statistics may be missing from a tariff; one of them is enough.
	if rowsErr != nil && callsErr != nil {
		return errors.Join(rowsErr, callsErr)
	}
	for _, r := range join(rows, calls, who) {
		if err := take(pbx.HistoryCall{Events: r.events()}); err != nil {
			return err
		}
	}
	return nil
}

// unavailable tells a PBX that has no such statistics from one that fails now.
func unavailable(err error) bool {
	var refused *pbx.Refused
	return errors.As(err, &refused) && (refused.Code/1000 == 4 || refused.Code/100 == 52) && refused.Code != codeRateLimited
}

func (p *Provider) baseStats(ctx context.Context, from, to time.Time) ([]mango.StatsRow, error) {
	var key mango.StatsKey
	err := p.do(ctx, request{
		path: mango.PathStats, limit: p.limits.stats, harmless: true, automatic: true, background: true, out: &key, needs: "key",
		in: mango.StatsRequest{
			DateFrom: unix(from), DateTo: unix(to), Fields: mango.Text(strings.Join(statsFields, ",")),
		},
	})
	if err != nil {
		return nil, err
	}
	var rows []mango.StatsRow
	err = p.poll(ctx, mango.PathStatsResult, key, func(body []byte) error {
		var err error
		rows, err = mango.ReadStats(bytes.NewReader(body), statsFields)
		return err
	})
	return rows, err
}

func unix(t time.Time) mango.Text { return mango.Text(fmt.Sprint(t.Unix())) }

func (p *Provider) extendedStats(ctx context.Context, from, to time.Time) ([]mango.StatsCall, error) {
	var all []mango.StatsCall
	for {
		page, err := p.statsPage(ctx, from, to, len(all))
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < statsPage {
			return all, nil
		}
	}
}

func (p *Provider) statsPage(ctx context.Context, from, to time.Time, offset int) ([]mango.StatsCall, error) {
	var key mango.StatsKey
	err := p.do(ctx, request{
		path: mango.PathStatsCalls + "/", limit: p.limits.stats, harmless: true, automatic: true, background: true, out: &key, needs: "key",
		in: mango.StatsCallsRequest{
			StartDate: mango.Text(from.In(mango.Moscow).Format(mango.StatsDate)), EndDate: mango.Text(to.In(mango.Moscow).Format(mango.StatsDate)),
			Limit: mango.Text(itoa(statsPage)), Offset: mango.Text(itoa(offset)),
		},
	})
	if err != nil {
		return nil, err
	}
	var calls []mango.StatsCall
	err = p.poll(ctx, mango.PathStatsCallsResult+"/", key, func(body []byte) error {
		var err error
		calls, err = readCalls(body)
		return err
	})
	return calls, err
}

func readCalls(body []byte) ([]mango.StatsCall, error) {
	var answer mango.StatsCallsAnswer
	var all map[string]json.RawMessage
	if json.Unmarshal(body, &all) != nil || (all["status"] == nil && all["data"] == nil) {
		return nil, fmt.Errorf("reading the PBX's statistics: %w", pbx.ErrUnclear)
	}
	if err := jsonUnmarshal(body, &answer); err != nil {
		return nil, err
	}
	switch answer.Status {
	case mango.StatsRequested, mango.StatsWork:
		return nil, errNotReady // a part may be there already; the whole is what counts
	case mango.StatsComplete, "":
	default:
		return nil, fmt.Errorf("the PBX gave the statistics up: %s", answer.Status)
	}
	var calls []mango.StatsCall
	for _, day := range answer.Data {
		calls = append(calls, day.List...)
	}
	return calls, nil
}

// poll asks for a result until it is there, as often as the PBX allows.
func (p *Provider) poll(ctx context.Context, path string, key mango.StatsKey, read func([]byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, statsLimit)
	defer cancel()
	for {
		body, err := p.pollOnce(ctx, path, key)
		if err == nil {
			err = read(body)
		}
		if err == nil || !errors.Is(err, errNotReady) {
			return err
		}
		timer := time.NewTimer(p.cfg.StatsPoll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("the PBX did not finish the statistics in %s: %w", statsLimit, ctx.Err())
		case <-timer.C:
		}
	}
}

func (p *Provider) pollOnce(ctx context.Context, path string, key mango.StatsKey) ([]byte, error) {
	r := request{path: path, in: key, automatic: true, background: true}
	if err := p.health.allows(true); err != nil {
		return nil, err
	}
	if err := p.wait(ctx, r); err != nil {
		return nil, p.refused(codeRateLimited)
	}
	resp, err := p.post(ctx, r.path, r.in)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNoContent, resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= 500:
		return nil, errNotReady
	case resp.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("the PBX forgot the statistics before it was read")
	case resp.StatusCode != http.StatusOK:
		return nil, p.outcome(resp, nil, "")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", pbx.ErrUnreachable, err)
	}
	return body, nil
}
