package outbound

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// errStill says that the other side stopped sending in the middle of an answer.
var errStill = errors.New("the answer stands still")

// Lively makes requests by next, and ends an answer that stands still for idle in the middle of its
// body: nothing else would, because a recording may well take minutes.
func Lively(next http.RoundTripper, idle time.Duration) http.RoundTripper { return lively{next, idle} }

type lively struct {
	next http.RoundTripper
	idle time.Duration
}

func (l lively) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	resp, err := l.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel(nil)
		return nil, err
	}
	resp.Body = &livelyBody{ReadCloser: resp.Body, ctx: ctx, cancel: cancel, idle: l.idle}
	return resp, nil
}

// CloseIdleConnections lets http.Client's reach the connections.
func (l lively) CloseIdleConnections() { closeIdle(l.next) }

// livelyBody is read by one goroutine.
type livelyBody struct {
	io.ReadCloser
	ctx    context.Context // the request's, which a body outlives
	cancel context.CancelCauseFunc
	idle   time.Duration
}

func (b *livelyBody) Read(p []byte) (int, error) {
	still := time.AfterFunc(b.idle, func() { b.cancel(errStill) })
	defer still.Stop()
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && errors.Is(context.Cause(b.ctx), errStill) {
		err = errStill
	}
	return n, err
}

func (b *livelyBody) Close() error {
	defer b.cancel(nil)
	return b.ReadCloser.Close()
}
