package itoolabs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

const (
	// commandTimeout bounds one command with its waiting; who clicked is waiting too.
	commandTimeout = 8 * time.Second
	// quietTimeout bounds one that nobody waits for.
	quietTimeout = time.Minute
	// maxAnswer bounds an answer; a day of a school's listing is far smaller.
	maxAnswer = 32 << 20
)

// command is one command in both APIs (section 7).
type command struct {
	name string     // of the old API
	old  url.Values // its parameters
	// method, path, query and body are the new API's.
	method, path string
	query        url.Values
	body         any
	// once is what must not be sent again when nobody knows what became of it.
	once bool
	// listing is within the limit for listings, and nobody waits for it.
	listing bool
}

// do sends a command by the API that the PBX has, and returns the answer's body.
func (a *client) do(ctx context.Context, c command) ([]byte, error) {
	generation, err := a.which(ctx)
	if err != nil {
		return nil, err
	}
	body, err := a.send(ctx, generation, c)
	if a.cfg.Generation == unknownAPI && isOtherAPI(err) {
		a.generation.Store(unknownAPI) // to be found out again: the operator may have changed it
	}
	return body, err
}

// which finds out what API the PBX has, by the list of employees: the new one's, and then the old one's.
func (a *client) which(ctx context.Context) (generation, error) {
	if g := a.generation.Load().(generation); g != unknownAPI {
		return g, nil
	}
	_, newErr := a.accountsBy(ctx, newAPI)
	if newErr == nil {
		return newAPI, nil
	}
	if !isOtherAPI(newErr) {
		return unknownAPI, newErr
	}
	_, oldErr := a.accountsBy(ctx, oldAPI)
	if oldErr == nil {
		return oldAPI, nil
	}
	var said *pbx.Refused
	if errors.As(newErr, &said) && said.Code == http.StatusUnauthorized && !errors.As(oldErr, &said) {
		return unknownAPI, newErr // it knows the new API, and not our key
	}
	return unknownAPI, oldErr
}

// isOtherAPI tells an error by which a PBX without this API may answer: anything but silence, a pause
// or a failure of its own.
func isOtherAPI(err error) bool {
	var refused *pbx.Refused
	if errors.As(err, &refused) {
		return refused.Code != http.StatusTooManyRequests
	}
	return errors.Is(err, pbx.ErrUnclear)
}

// send sends a command by one API: one at a time, and none during a pause (section 12).
func (a *client) send(ctx context.Context, g generation, c command) ([]byte, error) {
	limit := commandTimeout
	if c.listing || pbx.IsUnattended(ctx) {
		limit = quietTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done, err := a.takeTurn(ctx, c)
	if err != nil {
		return nil, err
	}
	defer done()
	var written atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }})
	req, err := a.request(traced, g, c)
	if err != nil {
		return nil, err
	}
	body, err := a.exchange(req)
	// A page is a failure (section 11); of what broke off nobody can be sure.
	if c.once && written.Load() && errors.Is(err, pbx.ErrUnreachable) && !errors.Is(err, pbx.ErrUnclear) {
		return nil, errors.Join(err, pbx.ErrUncertain)
	}
	return body, err
}

// takeTurn waits until no other request is on its way; done gives the turn back. A person's command
// goes beside one that nobody waits for rather than fail.
func (a *client) takeTurn(ctx context.Context, c command) (done func(), err error) {
	if err := a.pause.Blocked(); err != nil {
		return nil, err
	}
	if c.listing {
		if err := a.listings.Wait(ctx); err != nil {
			return nil, fmt.Errorf("%w: no turn in time", pbx.ErrUnreachable)
		}
	}
	var enough <-chan time.Time
	if !c.listing && !pbx.IsUnattended(ctx) {
		timer := time.NewTimer(a.patience)
		defer timer.Stop()
		enough = timer.C
	}
	done = func() {}
	select {
	case a.turn <- struct{}{}:
		done = func() { <-a.turn }
	case <-enough:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: another request takes long", pbx.ErrUnreachable)
	}
	if err := a.pause.Blocked(); err != nil { // the one before us may have brought it
		done()
		return nil, err
	}
	return done, nil
}

func (a *client) request(ctx context.Context, g generation, c command) (*http.Request, error) {
	if a.base == nil {
		return nil, refused(codeNoAddress, "")
	}
	if g == newAPI {
		return a.newRequest(ctx, c)
	}
	form := url.Values{"cmd": {c.name}, itoolabs.FieldKey: {a.cfg.Key}}
	for name, values := range c.old {
		form[name] = values
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base.JoinPath(itoolabs.PathOld).String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", c.name, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}

func (a *client) newRequest(ctx context.Context, c command) (*http.Request, error) {
	u := a.base.JoinPath(itoolabs.PathNew, c.path)
	u.RawQuery = c.query.Encode()
	var body io.Reader
	if c.body != nil {
		raw, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("encoding %s: %w", c.path, err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", c.path, err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set(itoolabs.HeaderKey, a.cfg.Key)
	return req, nil
}

// exchange sends a request and reads the answer: its body, or what the PBX refused and why.
func (a *client) exchange(req *http.Request) ([]byte, error) {
	resp, err := a.http.Do(req)
	if err != nil {
		return nil, pbx.NoAnswer(outbound.WithoutURL(err))
	}
	defer resp.Body.Close()
	a.skew.Note(resp, a.cfg.Now())
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, pbx.NoAnswer(err)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("%w: it is too long", pbx.ErrUnclear)
	}
	if err := a.outcome(resp, body); err != nil {
		slog.Debug("the PBX took no command", "status", resp.StatusCode, "err", err)
		return nil, err
	}
	return body, nil
}

// outcome is nil for an answer that is one (section 11).
func (a *client) outcome(resp *http.Response, body []byte) error {
	said := pbx.Conceal(itoolabs.ReadRefusal(body), a.cfg.Key, a.cfg.Token)
	status := resp.StatusCode
	a.pause.Note(resp)
	switch {
	case status == http.StatusTooManyRequests:
		return refused(status, said)
	case status >= 500:
		return fmt.Errorf("%w: HTTP %d", pbx.ErrUnreachable, status)
	case status >= 300 && status < 400:
		return refused(http.StatusMovedPermanently, "")
	case itoolabs.IsPage(body) && (status < 300 || status == http.StatusNotFound):
		return fmt.Errorf("%w: a page, HTTP %d", pbx.ErrUnclear, status)
	case status >= 400:
		return refused(status, said)
	case said != "":
		return refused(http.StatusBadRequest, said)
	}
	return nil
}

// refused is a refusal in our words, and in the PBX's where it has some.
func refused(code int, said string) *pbx.Refused {
	return &pbx.Refused{Code: code, Words: explain(code), Advice: advise(code), Said: said}
}
