package mango

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// linkLife is how long the GET form's address is good for; it is used at once.
const linkLife = 5 * time.Minute

// recorder opens recordings.
type recorder struct {
	api        *client
	unattended sync.Mutex // held by the one recording that is asked for and nobody waits for
}

// Recording opens a recording by the POST form, and where the account does not have that, by the
// GET form, which its cabinet must allow. Either is answered with a redirect to a one-time link,
// which is followed at once and which nobody keeps. Only the request after the redirect carries
// the Range: the first is the API's and knows none.
func (c *recorder) Recording(ctx context.Context, id string, offset int64) (pbx.Sound, error) {
	ctx = rangeOf(ctx, offset)
	s, err := c.sound(ctx, func() (*http.Response, error) {
		return c.api.post(ctx, mango.PathRecordingPost, mango.RecordingRequest{RecordingID: mango.Text(id), Action: "download"})
	})
	var refused *pbx.Refused
	if errors.As(err, &refused) && refused.Code/1000 == 4 && refused.Code != codeRateLimited && !errors.Is(err, pbx.ErrNoRecording) {
		return c.sound(ctx, func() (*http.Response, error) { return c.getLink(ctx, id) })
	}
	return s, err
}

// getLink asks by the GET form. Its address holds the account's key, so it never leaves the server.
func (c *recorder) getLink(ctx context.Context, id string) (*http.Response, error) {
	until := strconv.FormatInt(c.api.now().Add(linkLife).Unix(), 10)
	path := strings.Join([]string{
		mango.PathRecordingLink, url.PathEscape(id), "download", c.api.cfg.Key, until, mango.LinkSign(c.api.cfg.Key, until, id, c.api.cfg.Salt),
	}, "/")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.api.cfg.URL+path, nil)
	if err != nil {
		return nil, fmt.Errorf("building a recording's link: %w", outbound.WithoutURL(err))
	}
	return c.api.send(req)
}

func (c *recorder) sound(ctx context.Context, ask func() (*http.Response, error)) (pbx.Sound, error) {
	unattended := pbx.IsUnattended(ctx)
	if unattended {
		// One after the other: the first refusal holds the others back.
		c.unattended.Lock()
		defer c.unattended.Unlock()
	}
	if err := c.api.health.allows(unattended); err != nil {
		return pbx.Sound{}, err
	}
	turn, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	if err := c.api.wait(turn, request{background: unattended}); err != nil {
		return pbx.Sound{}, c.api.refused(codeRateLimited)
	}
	if err := c.api.health.allows(unattended); err != nil {
		return pbx.Sound{}, err // the one before us was refused while we waited for our turn
	}
	resp, err := ask()
	if err != nil {
		return pbx.Sound{}, err
	}
	if outbound.IsAudio(resp) {
		return sound(resp), nil
	}
	defer resp.Body.Close()
	err = c.api.outcome(resp, nil, "")
	var refused *pbx.Refused
	switch {
	case err == nil:
		return pbx.Sound{}, fmt.Errorf("%w: %s instead of a recording", pbx.ErrUnclear, resp.Header.Get("Content-Type"))
	case errors.As(err, &refused) && (refused.Code/100 == 33 || refused.Code == 4002):
		return pbx.Sound{}, errors.Join(pbx.ErrNoRecording, err)
	case resp.StatusCode == http.StatusNotFound:
		return pbx.Sound{}, errors.Join(pbx.ErrNoRecording, err)
	}
	return pbx.Sound{}, err
}

func sound(resp *http.Response) pbx.Sound {
	from, size := outbound.Part(resp)
	return pbx.Sound{Body: resp.Body, From: from, Size: size}
}

type rangeKey struct{}

func rangeOf(ctx context.Context, offset int64) context.Context {
	return context.WithValue(ctx, rangeKey{}, offset)
}

// ranged adds the Range to the request that follows the redirect, which is known by what led to it.
type ranged struct{ next http.RoundTripper }

func (t ranged) RoundTrip(req *http.Request) (*http.Response, error) {
	offset, _ := req.Context().Value(rangeKey{}).(int64)
	if offset > 0 && req.Response != nil {
		req = req.Clone(req.Context())
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	return t.next.RoundTrip(req)
}
