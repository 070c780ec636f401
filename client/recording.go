package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Recording tells whether there is one and whether it can be heard yet.
type Recording struct {
	Ready   bool `json:"ready"`
	Seconds int  `json:"seconds,omitempty" doc:"Length in seconds, when known"`
}

// RecordingPart is one of a call's recordings; a transfer may begin another.
type RecordingPart struct {
	// Part counts from 1, in the order in which they began.
	Part      int     `json:"part"`
	Ready     bool    `json:"ready"`
	Gone      bool    `json:"gone,omitempty" doc:"The PBX has deleted it"`
	Seconds   int     `json:"seconds,omitempty"`
	Extension string  `json:"extension,omitempty" doc:"Whose talk it is"`
	Employee  *Person `json:"employee,omitempty"`
}

const (
	// recordingBegins is how long the first byte of a recording may take: the server may have to
	// fetch the whole of it from the PBX first.
	recordingBegins = time.Minute
	// recordingSilence is how long it may stand still on its way.
	recordingSilence = 20 * time.Second
)

// ErrSilent says that a recording stood still on its way for too long.
var ErrSilent = errors.New("nothing more of the recording has come")

// Recording asks for a call's first recording from byte offset on; see RecordingPart.
func (a *API) Recording(ctx context.Context, callID string, offset int64) (*http.Response, error) {
	return a.RecordingPart(ctx, callID, 1, offset)
}

// RecordingPart asks for one of a call's recordings, counted from 1, from byte offset on. The
// caller closes the body and reads Content-Range and Content-Length from the answer. A recording
// that does not come, or stands still on its way, ends with ErrSilent.
func (a *API) RecordingPart(ctx context.Context, callID string, part int, offset int64) (*http.Response, error) {
	path := "/calls/" + url.PathEscape(callID) + "/recording"
	if part > 1 {
		path += "?part=" + strconv.Itoa(part)
	}
	return a.openRecording(ctx, path, offset, recordingBegins, recordingSilence)
}

func (a *API) openRecording(ctx context.Context, path string, offset int64, begins, silence time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	watch := &recordingBody{ctx: ctx, cancel: cancel, silence: silence, timer: time.AfterFunc(begins, func() { cancel(ErrSilent) })}
	req, err := a.request(ctx, http.MethodGet, path, nil)
	if err != nil {
		watch.end()
		return nil, err
	}
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	resp, err := a.http.Do(req)
	if err != nil {
		watch.end()
		return nil, fmt.Errorf("asking for a recording: %w", watch.why(err))
	}
	watch.ReadCloser = resp.Body
	if resp.StatusCode >= 300 {
		defer watch.Close()
		return nil, problemOf(resp)
	}
	watch.timer.Reset(silence)
	resp.Body = watch
	return resp, nil
}

// recordingBody ends a recording that stands still.
type recordingBody struct {
	io.ReadCloser
	ctx     context.Context // of the request, for why it ended
	cancel  context.CancelCauseFunc
	silence time.Duration
	timer   *time.Timer
}

func (b *recordingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.timer.Reset(b.silence)
	}
	if err != nil && err != io.EOF {
		err = b.why(err)
	}
	return n, err
}

// Close ends the request.
func (b *recordingBody) Close() error {
	b.end()
	return b.ReadCloser.Close()
}

func (b *recordingBody) end() {
	b.timer.Stop()
	b.cancel(nil)
}

// why is ErrSilent when that is what ended the request.
func (b *recordingBody) why(err error) error {
	if errors.Is(context.Cause(b.ctx), ErrSilent) {
		return ErrSilent
	}
	return err
}

// RetryRecording lets the PBX be asked once more for the recordings of a call. Where it has to be asked at its own time,
// the call is told without; the recording comes by itself.
func (a *API) RetryRecording(ctx context.Context, callID string) (Call, error) {
	return send[Call](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(callID)+"/recording", nil)
}
