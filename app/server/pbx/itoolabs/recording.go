package itoolabs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"dozvon/app/itoolabs"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// recorder opens recordings, also those that lie elsewhere than the API.
type recorder struct {
	api   *client
	hosts hostRule
	files *http.Client
}

func newRecorder(api *client) *recorder {
	hosts := newHostRule(api.base, api.cfg.Hosts)
	return &recorder{api: api, hosts: hosts, files: &http.Client{
		Transport: api.http.Transport, CheckRedirect: hosts.checkRedirect,
	}}
}

// Recording opens the recording at an address that history told, first without the key and then, where
// it lies with the PBX itself, with it (section 8).
func (c *recorder) Recording(ctx context.Context, id string, offset int64) (pbx.Sound, error) {
	u, err := url.Parse(id)
	if err != nil {
		return pbx.Sound{}, fmt.Errorf("%w: its address is none", pbx.ErrNoRecording)
	}
	if !c.hosts.allows(u) {
		return pbx.Sound{}, otherHost(u.Hostname())
	}
	s, err := c.file(ctx, u, offset, false)
	if errors.Is(err, errClosed) && c.hosts.isOwn(u) {
		s, err = c.file(ctx, u, offset, true)
	}
	if errors.Is(err, errClosed) {
		return pbx.Sound{}, fmt.Errorf("%w: %w", err, refused(http.StatusForbidden, ""))
	}
	return s, err
}

// errClosed says that a recording is not given to everybody.
var errClosed = errors.New("the recording is not given to us")

// otherHost says in words that a recording lies where we do not go, and what to do.
func otherHost(host string) *pbx.Refused {
	return &pbx.Refused{Code: codeOtherHost, Words: otherHostWords(host), Advice: advise(codeOtherHost)}
}

func (c *recorder) file(ctx context.Context, u *url.URL, offset int64, withKey bool) (pbx.Sound, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return pbx.Sound{}, fmt.Errorf("building a recording's request: %w", outbound.WithoutURL(err))
	}
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	if withKey {
		req.Header.Set(itoolabs.HeaderKey, c.api.cfg.Key)
	}
	resp, err := c.files.Do(req)
	if errors.Is(err, errOtherHost) {
		return pbx.Sound{}, otherHost(hostOf(resp, u))
	}
	if err != nil {
		return pbx.Sound{}, pbx.NoAnswer(outbound.WithoutURL(err))
	}
	s, err := sound(resp)
	if err != nil {
		resp.Body.Close()
	}
	return s, err
}

// hostOf is where a redirect that was not followed leads.
func hostOf(resp *http.Response, asked *url.URL) string {
	if resp == nil {
		return asked.Hostname()
	}
	to, err := resp.Location()
	if err != nil {
		return asked.Hostname()
	}
	return to.Hostname()
}

// sound reads what was answered: a file, that there is none yet or any more, or a page in its place.
func sound(resp *http.Response) (pbx.Sound, error) {
	switch status := resp.StatusCode; status {
	case http.StatusOK, http.StatusPartialContent:
	case http.StatusUnauthorized, http.StatusForbidden:
		return pbx.Sound{}, errClosed
	case http.StatusNotFound, http.StatusGone:
		return pbx.Sound{}, fmt.Errorf("%w: HTTP %d", pbx.ErrNoRecording, status)
	case http.StatusAccepted, http.StatusNoContent, http.StatusTooEarly:
		return pbx.Sound{}, fmt.Errorf("%w: HTTP %d", pbx.ErrNotReady, status)
	default:
		return pbx.Sound{}, fmt.Errorf("%w: HTTP %d", pbx.ErrUnreachable, status)
	}
	kind := resp.Header.Get("Content-Type")
	if !outbound.IsAudio(resp) {
		if strings.Contains(kind, "json") {
			return pbx.Sound{}, fmt.Errorf("%w: %s instead of a recording", pbx.ErrUnclear, kind)
		}
		return pbx.Sound{}, errClosed // the page on which people sign in
	}
	s := pbx.Sound{Body: resp.Body}
	s.From, s.Size = outbound.Part(resp)
	return s, nil
}
