package mango

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"

	"dozvon/app/mango"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/mango/codes"
)

const (
	// commandTimeout bounds one command with all its repeats; who clicked is waiting.
	commandTimeout = 8 * time.Second
	// maxAnswer bounds a synchronous answer; a school's list of employees is far smaller.
	maxAnswer = 64 << 20
	// codeRateLimited is what 429 stands for in the PBX's own table.
	codeRateLimited = 4290
	// firstPause and the tries bound the repeats; what runs in the background comes again anyway.
	firstPause      = 300 * time.Millisecond
	tries           = 4
	backgroundTries = 2
)

// request is one call of the PBX's API.
type request struct {
	path string
	in   any
	out  any // nil: only whether it was taken
	// needs is the field without which an answer is none; empty where out is nil.
	needs string
	// limit is the request's own; everything is within the account's as well.
	limit *rate.Limiter
	// harmless may be sent again after a 5xx or a broken connection: carried out twice, it does
	// what once does. Anything that rings or writes to a client is not.
	harmless bool
	// automatic is what nobody asked for: it is not sent while a second refusal would close the API.
	automatic bool
	// background is what nobody waits for: it gives way to what somebody does.
	background bool
}

// do sends a request within the limits, and again where a repeat is harmless. After a 429 every
// request may be repeated: the PBX says that it did nothing.
func (c *client) do(ctx context.Context, r request) error {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = firstPause
	var last error
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := c.once(ctx, r)
		if errors.Is(err, errNoTurn) && last != nil {
			return struct{}{}, backoff.Permanent(last) // what the PBX said tells more than that we ran out of time
		}
		last = err
		if err != nil && !again(err, r.harmless) {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(r.tries()))
	return err
}

// errNoTurn says that the limits would have let a request go only after its time.
var errNoTurn = errors.New("no turn within the limits")

func (r request) tries() uint {
	if r.background {
		return backgroundTries
	}
	return tries
}

func again(err error, harmless bool) bool {
	if errors.Is(err, errNoTurn) {
		return false
	}
	var refused *pbx.Refused
	if errors.As(err, &refused) {
		return refused.Code == codeRateLimited || (harmless && refused.Code/1000 == 5)
	}
	return harmless && errors.Is(err, pbx.ErrUnreachable)
}

func (c *client) once(ctx context.Context, r request) error {
	if err := c.health.allows(r.automatic); err != nil {
		return err
	}
	if err := c.wait(ctx, r); err != nil {
		return errors.Join(c.refused(codeRateLimited), errNoTurn)
	}
	// What was not even written did not arrive; of anything else nobody can be sure.
	var written atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }})
	resp, err := c.post(traced, r.path, r.in)
	if err == nil {
		defer resp.Body.Close()
		err = c.outcome(resp, r.out, r.needs)
	}
	if written.Load() && !r.harmless && errors.Is(err, pbx.ErrUnreachable) {
		return errors.Join(err, pbx.ErrUncertain)
	}
	return err
}

func (c *client) wait(ctx context.Context, r request) error {
	if r.background {
		if err := c.limits.background.Wait(ctx); err != nil {
			return err
		}
	}
	if r.limit != nil {
		if err := r.limit.Wait(ctx); err != nil {
			return err
		}
	}
	return c.limits.all.Wait(ctx)
}

func (c *client) post(ctx context.Context, path string, in any) (*http.Response, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", path, err)
	}
	form := mango.NewForm(c.cfg.Key, c.cfg.Salt, string(raw)).Values()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", path, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(req)
}

func (c *client) send(req *http.Request) (*http.Response, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, pbx.NoAnswer(outbound.WithoutURL(err))
	}
	c.skew.Note(resp, c.now())
	return resp, nil
}

// outcome reads a synchronous answer: the result, else the code, else the HTTP status. Whatever is
// no answer of this PBX is pbx.ErrUnreachable, also under 200.
func (c *client) outcome(resp *http.Response, out any, needs string) error {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return pbx.NoAnswer(err)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return c.refused(codeRateLimited)
	}
	answer, unclear := mango.ReadAnswer(raw)
	if unclear == nil && !answer.Accepted() {
		return c.answered(answer)
	}
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		c.health.blocked()
		s := c.health.state()
		return &pbx.Blocked{Until: s.Until, Code: s.Code, Words: s.Words}
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return fmt.Errorf("%w: HTTP %d", pbx.ErrUnreachable, resp.StatusCode)
	case out == nil && unclear != nil:
		return fmt.Errorf("%w: %w", pbx.ErrUnclear, unclear)
	case out == nil:
		return nil
	}
	return decodeAnswer(raw, out, needs)
}

// answered is the refusal in an answer.
func (c *client) answered(a mango.Answer) error {
	switch {
	case a.Result != 0 && a.Result != mango.CodeDone:
		c.health.wrong(int(a.Result))
		return c.refused(int(a.Result))
	case a.Status == http.StatusTooManyRequests:
		return c.refused(codeRateLimited)
	}
	return fmt.Errorf("%w: it answered with status %d", pbx.ErrUnreachable, a.Status)
}

func decodeAnswer(raw []byte, out any, needs string) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("%w: %w", pbx.ErrUnclear, err)
	}
	if got, there := all[needs]; needs != "" && (!there || string(got) == "null") {
		return fmt.Errorf("%w: it lacks %s", pbx.ErrUnclear, needs)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("%w: %w", pbx.ErrUnclear, err)
	}
	return nil
}

func (c *client) refused(code int) error {
	r := &pbx.Refused{Code: code, Words: codes.Explain(code), Advice: codes.Advise(code), Over: c.Over(code)}
	if isWrong(code) {
		r.ChorePause = wrongRest
	}
	return r
}

// isWrong tells the codes of a request that the PBX calls wrong, and counts (section 1.4.1).
func isWrong(code int) bool { return code/1000 == 3 }

// wrongRest is how long a chore rests after one: it would use up what people's commands need.
const wrongRest = time.Hour

// Over reports whether a code means that the call is over: 4101 by its words, and 3310, which says
// that there is none.
func (c *client) Over(code int) bool {
	return code == mango.CodeCallEnded || code == mango.CodeCallNotFound
}

func itoa(n int) string { return strconv.Itoa(n) }
