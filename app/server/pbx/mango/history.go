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

// historian reads the PBX's statistics.
type historian struct {
	api       *client
	directory *directory
}

// History joins the PBX's two statistics: the base one knows lines, extensions and where a leg
// was, the extended one the direction, who rang in a group, and the ids of the legs.
func (h *historian) History(ctx context.Context, from, to time.Time, take func(pbx.HistoryCall) error) error {
	for from.Before(to) {
		until := from.Add(statsChunk)
		if until.After(to) {
			until = to
		}
		if err := h.chunk(ctx, from, until, take); err != nil {
			return fmt.Errorf("reading the PBX's statistics from %s: %w", from.Format(time.RFC3339), err)
		}
		from = until
	}
	return nil
}

func (h *historian) chunk(ctx context.Context, from, to time.Time, take func(pbx.HistoryCall) error) error {
	who, err := h.directory.roster(ctx)
	if err != nil {
		return err
	}
	rows, rowsErr := h.baseStats(ctx, from, to)
	if rowsErr != nil && !unavailable(rowsErr) {
		return rowsErr
	}
	calls, callsErr := h.extendedStats(ctx, from, to)
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

func (h *historian) baseStats(ctx context.Context, from, to time.Time) ([]mango.StatsRow, error) {
	var key mango.StatsKey
	err := h.api.do(ctx, request{
		path: mango.PathStats, limit: h.api.limits.stats, harmless: true, automatic: true, background: true, out: &key, needs: "key",
		in: mango.StatsRequest{
			DateFrom: unix(from), DateTo: unix(to), Fields: mango.Text(strings.Join(statsFields, ",")),
		},
	})
	if err != nil {
		return nil, err
	}
	var rows []mango.StatsRow
	err = h.poll(ctx, mango.PathStatsResult, key, func(body []byte) error {
		var err error
		rows, err = mango.ReadStats(bytes.NewReader(body), statsFields)
		return err
	})
	return rows, err
}

func unix(t time.Time) mango.Text { return mango.Text(fmt.Sprint(t.Unix())) }

func (h *historian) extendedStats(ctx context.Context, from, to time.Time) ([]mango.StatsCall, error) {
	var all []mango.StatsCall
	for {
		page, err := h.statsPage(ctx, from, to, len(all))
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < statsPage {
			return all, nil
		}
	}
}

func (h *historian) statsPage(ctx context.Context, from, to time.Time, offset int) ([]mango.StatsCall, error) {
	var key mango.StatsKey
	err := h.api.do(ctx, request{
		path: mango.PathStatsCalls + "/", limit: h.api.limits.stats, harmless: true, automatic: true, background: true, out: &key, needs: "key",
		in: mango.StatsCallsRequest{
			StartDate: mango.Text(from.In(mango.Moscow).Format(mango.StatsDate)), EndDate: mango.Text(to.In(mango.Moscow).Format(mango.StatsDate)),
			Limit: mango.Text(itoa(statsPage)), Offset: mango.Text(itoa(offset)),
		},
	})
	if err != nil {
		return nil, err
	}
	var calls []mango.StatsCall
	err = h.poll(ctx, mango.PathStatsCallsResult+"/", key, func(body []byte) error {
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
func (h *historian) poll(ctx context.Context, path string, key mango.StatsKey, read func([]byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, statsLimit)
	defer cancel()
	for {
		body, err := h.pollOnce(ctx, path, key)
		if err == nil {
			err = read(body)
		}
		if err == nil || !errors.Is(err, errNotReady) {
			return err
		}
		timer := time.NewTimer(h.api.cfg.StatsPoll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("the PBX did not finish the statistics in %s: %w", statsLimit, ctx.Err())
		case <-timer.C:
		}
	}
}

func (h *historian) pollOnce(ctx context.Context, path string, key mango.StatsKey) ([]byte, error) {
	r := request{path: path, in: key, automatic: true, background: true}
	if err := h.api.health.allows(true); err != nil {
		return nil, err
	}
	if err := h.api.wait(ctx, r); err != nil {
		return nil, h.api.refused(codeRateLimited)
	}
	resp, err := h.api.post(ctx, r.path, r.in)
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
		return nil, h.api.outcome(resp, nil, "")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, pbx.NoAnswer(err)
	}
	return body, nil
}
