package beeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

const (
	// commandTimeout bounds one command with all its repeats; who clicked is waiting.
	commandTimeout = 8 * time.Second
	// choreTimeout bounds one request that nobody waits for.
	choreTimeout = 90 * time.Second
	// maxAnswer bounds an answer; a page of a hundred recordings has some 50 KiB.
	maxAnswer = 16 << 20
	tries     = 3
)

// portal is the PBX's API with the token of an account.
type portal struct {
	token, url string // the address ends in a slash
	now        func() time.Time
	http       *http.Client
	pace       *pace
	skew       outbound.Clock
}

// request is one call of the PBX's API. Parameters stand in the query, whatever the method (section 1).
type request struct {
	method, path string
	query        url.Values
	in           any
	// out reads the answer's JSON; read reads what is none. Both nil: only whether it was taken.
	out  any
	read func([]byte) error
	// harmless may be sent again after a 5xx or a broken connection: carried out twice, it does what once does.
	harmless bool
	// chore is what nobody waits for.
	chore bool
	// secrets are what the PBX is told and must not be told on, beside the account's token.
	secrets []string
}

// statusError is an answer that is none of the documented ones.
type statusError struct{ status int }

func (e *statusError) Error() string { return "HTTP " + strconv.Itoa(e.status) }

// statusOf is the HTTP status that an error came with; 0 when it came with none.
func statusOf(err error) int {
	var s *statusError
	if errors.As(err, &s) {
		return s.status
	}
	return 0
}

// do sends a request in its turn, and again where a repeat is harmless. After a 429 every request may
// be repeated: the PBX has done nothing.
func (p *portal) do(ctx context.Context, r request) error {
	limit := commandTimeout
	if r.chore || pbx.IsUnattended(ctx) {
		limit = choreTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var last error
	for range tries {
		err := p.once(ctx, r)
		var blocked *pbx.Blocked
		if last != nil && (errors.As(err, &blocked) || ctx.Err() != nil) {
			return last // what the PBX said tells more than that we ran out of time
		}
		if last = err; err == nil || !again(err, r.harmless) {
			return err
		}
	}
	return last
}

func again(err error, harmless bool) bool {
	status := statusOf(err)
	if status == http.StatusTooManyRequests {
		return true
	}
	return harmless && (status >= 500 || status == 0 && errors.Is(err, pbx.ErrUnreachable) && !errors.Is(err, pbx.ErrUnclear))
}

func (p *portal) once(ctx context.Context, r request) error {
	// What was not even written did not arrive; of anything else nobody can be sure.
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }})
	resp, end, err := p.send(ctx, r)
	if err == nil {
		defer end()
		defer resp.Body.Close()
		err = p.outcome(resp, r)
	}
	if written.Load() && !r.harmless && errors.Is(err, pbx.ErrUnreachable) && !isRefusal(statusOf(err)) {
		return errors.Join(err, pbx.ErrUncertain)
	}
	return err
}

// isRefusal: a 4xx did nothing, whatever its body is.
func isRefusal(status int) bool { return status >= 400 && status < 500 }

// send sends a request in its turn; end gives the turn to the next.
func (p *portal) send(ctx context.Context, r request) (_ *http.Response, end func(), err error) {
	address := p.url + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	var body io.Reader
	if r.in != nil {
		raw, err := json.Marshal(r.in)
		if err != nil {
			return nil, nil, fmt.Errorf("encoding %s: %w", r.path, err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, nil, fmt.Errorf("building a request to the PBX: %w", outbound.WithoutURL(err))
	}
	req.Header.Set(beeline.TokenHeader, p.token)
	if r.in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if from, _ := ctx.Value(offsetKey{}).(int64); from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	if end, err = p.pace.begin(ctx); err != nil {
		return nil, nil, err
	}
	resp, err := p.http.Do(req)
	if err != nil {
		end()
		return nil, nil, pbx.NoAnswer(outbound.WithoutURL(err))
	}
	p.skew.Note(resp, p.now())
	return resp, end, nil
}

// outcome reads an answer. A page is no answer of this PBX, also under 200 (section 11).
func (p *portal) outcome(resp *http.Response, r request) error {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return pbx.NoAnswer(err)
	}
	status := resp.StatusCode
	p.pace.Note(resp)
	said, refused := beeline.ReadError(raw)
	switch body := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff"))); {
	case refused || status == http.StatusTooManyRequests || status == http.StatusUnauthorized || status == http.StatusForbidden:
		return errors.Join(refusal(status, pbx.Conceal(said.Said(), append(r.secrets, p.token)...)), &statusError{status})
	case status < 200 || status > http.StatusNoContent:
		return unclearIf(isRefusal(status), status)
	case bytes.HasPrefix(body, []byte("<")):
		return fmt.Errorf("%w: a page instead of an answer", pbx.ErrUnclear)
	case r.read != nil:
		return r.read(raw)
	case r.out == nil:
		return nil
	case len(body) == 0 || bytes.Equal(body, []byte("null")):
		return fmt.Errorf("%w: it is empty", pbx.ErrUnclear)
	default:
		if err := json.Unmarshal(body, r.out); err != nil {
			return fmt.Errorf("%w: %w", pbx.ErrUnclear, err)
		}
		return nil
	}
}

// unclearIf: a 4xx without the PBX's words comes from something that is not the PBX's API.
func unclearIf(unclear bool, status int) error {
	if unclear {
		return fmt.Errorf("%w: %w", pbx.ErrUnclear, &statusError{status})
	}
	return fmt.Errorf("%w: %w", pbx.ErrUnreachable, &statusError{status})
}

// refusal is the PBX's. Its codes are words, so the number is that of HTTP.
func refusal(status int, said string) error {
	return &pbx.Refused{Code: status, Said: said, Words: explain(status), Advice: advise(status)}
}

// isGone reports whether the PBX said that it does not have what was asked for, and is well otherwise.
func isGone(err error) bool {
	var refused *pbx.Refused
	status := statusOf(err)
	return errors.As(err, &refused) && status < 500 && status != http.StatusTooManyRequests &&
		status != http.StatusUnauthorized && status != http.StatusForbidden
}
