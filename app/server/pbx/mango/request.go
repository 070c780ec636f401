package mango

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
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
func (p *Provider) do(ctx context.Context, r request) error {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = firstPause
	var last error
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := p.once(ctx, r)
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

func (p *Provider) once(ctx context.Context, r request) error {
	if err := p.health.allows(r.automatic); err != nil {
		return err
	}
	if err := p.wait(ctx, r); err != nil {
		return errors.Join(p.refused(codeRateLimited), errNoTurn)
	}
	resp, err := p.post(ctx, r.path, r.in)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return p.outcome(resp, r.out)
}

func (p *Provider) wait(ctx context.Context, r request) error {
	if r.background {
		if err := p.limits.background.Wait(ctx); err != nil {
			return err
		}
	}
	if r.limit != nil {
		if err := r.limit.Wait(ctx); err != nil {
			return err
		}
	}
	return p.limits.all.Wait(ctx)
}

func (p *Provider) post(ctx context.Context, path string, in any) (*http.Response, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", path, err)
	}
	form := mango.NewForm(p.cfg.Key, p.cfg.Salt, string(raw)).Values()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.cfg.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", path, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.send(req)
}

func (p *Provider) send(req *http.Request) (*http.Response, error) {
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", pbx.ErrUnreachable, withoutURL(err))
	}
	p.skew.note(resp, p.now())
	return resp, nil
}

// outcome reads a synchronous answer: the result, else the code, else the HTTP status.
func (p *Provider) outcome(resp *http.Response, out any) error {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%w: %v", pbx.ErrUnreachable, err)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return p.refused(codeRateLimited)
	}
	var answer mango.Answer
	jsonErr := json.Unmarshal(raw, &answer)
	if jsonErr == nil && answer.Result != 0 && !answer.Accepted() {
		p.health.wrong(int(answer.Result))
		return p.refused(int(answer.Result))
	}
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		p.health.blocked()
		s := p.health.state()
		return &pbx.Blocked{Until: s.Until, Code: s.Code, Words: s.Words}
	case resp.StatusCode >= 400:
		return fmt.Errorf("%w: HTTP %d", pbx.ErrUnreachable, resp.StatusCode)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("reading the PBX's answer: %w", err)
	}
	return nil
}

func (p *Provider) refused(code int) error {
	return &pbx.Refused{Code: code, Words: p.Explain(code), Advice: words(mango.Advise(code))}
}

// withoutURL drops the address, which on recordings holds a one-time link.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func itoa(n int) string { return strconv.Itoa(n) }
