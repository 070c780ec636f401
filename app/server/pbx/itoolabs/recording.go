package itoolabs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dozvon/app/itoolabs"
	"dozvon/app/server/pbx"
)

// Recording opens the recording at an address that history told, first without the key and then, where
// it lies with the PBX itself, with it (section 8).
func (p *Provider) Recording(ctx context.Context, id string, offset int64) (pbx.Sound, error) {
	u, err := url.Parse(id)
	if err != nil {
		return pbx.Sound{}, fmt.Errorf("%w: its address is none", pbx.ErrNoRecording)
	}
	if !p.hosts.allows(u) {
		return pbx.Sound{}, otherHost(u.Hostname())
	}
	s, err := p.file(ctx, u, offset, false)
	if errors.Is(err, errClosed) && p.hosts.isOwn(u) {
		s, err = p.file(ctx, u, offset, true)
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

func (p *Provider) file(ctx context.Context, u *url.URL, offset int64, withKey bool) (pbx.Sound, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return pbx.Sound{}, fmt.Errorf("building a recording's request: %w", withoutURL(err))
	}
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	if withKey {
		req.Header.Set(itoolabs.HeaderKey, p.cfg.Key)
	}
	resp, err := p.files.Do(req)
	if errors.Is(err, errOtherHost) {
		return pbx.Sound{}, otherHost(hostOf(resp, u))
	}
	if err != nil {
		return pbx.Sound{}, fmt.Errorf("%w: %w", pbx.ErrUnreachable, withoutURL(err))
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
	s := pbx.Sound{Body: resp.Body, Size: resp.ContentLength}
	if resp.StatusCode == http.StatusPartialContent {
		s.From, s.Size = contentRange(resp.Header.Get("Content-Range"))
		return s, nil
	}
	kind := resp.Header.Get("Content-Type")
	head := bufio.NewReaderSize(resp.Body, peeked)
	begin, _ := head.Peek(peeked)
	begin = bytes.TrimLeft(begin, "\ufeff \t\r\n")
	switch {
	case bytes.HasPrefix(begin, []byte("<")), strings.Contains(kind, "html"):
		return pbx.Sound{}, errClosed // the page on which people sign in
	case bytes.HasPrefix(begin, []byte("{")), strings.Contains(kind, "json"):
		return pbx.Sound{}, fmt.Errorf("%w: %s instead of a recording", pbx.ErrUnclear, kind)
	}
	s.Body = begunBody{head, resp.Body}
	return s, nil
}

// peeked is how many bytes are looked at before a body is believed to be sound.
const peeked = 64

// begunBody is a body of which the beginning was read already.
type begunBody struct {
	io.Reader
	io.Closer
}

// contentRange reads "bytes 100-199/200"; a size that is not told is -1.
func contentRange(header string) (from, size int64) {
	span, total, _ := strings.Cut(strings.TrimPrefix(header, "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	from, _ = strconv.ParseInt(first, 10, 64)
	size, err := strconv.ParseInt(total, 10, 64)
	if err != nil {
		size = -1
	}
	return from, size
}
