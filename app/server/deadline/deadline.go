// Package deadline cuts HTTP connections that stand still while a body is read or an answer written. What is
// asked and answered it does not know.
package deadline

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	// Idle is how long a body or an answer may stand still, unless told otherwise.
	Idle = 15 * time.Second
	// slowest is the rate, in bytes a second, below which a body is not waited for: a thousand bytes
	// sent one at a time, each just in time, would hold a connection for hours.
	slowest = 512
)

// Handler cuts connections that stand still while a body is read or an answer written. Both move
// on with every piece that comes through, so that long uploads, recordings and streams go on.
func Handler(idle time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		// The one of the request before on this connection goes on running otherwise.
		if err := control.SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
			slog.Debug("write deadline not taken off", "err", err)
		}
		if r.Body != nil && r.Body != http.NoBody {
			body := &timedBody{ReadCloser: r.Body, control: control, idle: idle, began: time.Now(), header: w.Header()}
			if r.ProtoMajor > 1 {
				body.header = http.Header{} // there a stream ends, not the connection
			}
			// From the start: the server itself reads what a handler leaves unread.
			body.wait()
			r.Body = body
		}
		next.ServeHTTP(&timedWriter{ResponseWriter: w, control: control, idle: idle}, r)
	})
}

// timedBody is a body whose sender must go on sending. One goroutine reads it.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
	idle    time.Duration
	began   time.Time
	header  http.Header // of the answer
	came    int64
	done    bool
}

func (b *timedBody) wait() {
	until := time.Now().Add(b.idle)
	// One idle time for the connection to warm up, and then the slowest rate.
	if limit := b.began.Add(2*b.idle + time.Duration(b.came)*time.Second/slowest); limit.Before(until) {
		until = limit
	}
	b.set(until)
}

func (b *timedBody) set(until time.Time) {
	if err := b.control.SetReadDeadline(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
		slog.Debug("read deadline not set", "err", err)
	}
}

func (b *timedBody) Read(p []byte) (int, error) {
	if !b.done {
		b.wait()
	}
	n, err := b.ReadCloser.Read(p)
	b.came += int64(n)
	if errors.Is(err, io.EOF) && !b.done {
		// The connection is only watched from now on, for its end: that may last.
		b.done = true
		b.set(time.Time{})
	}
	if err != nil && !errors.Is(err, io.EOF) {
		// Half a body: what comes next on this connection would be taken for its rest.
		b.header.Set("Connection", "close")
	}
	return n, err
}

// timedWriter is an answer whose reader must go on reading.
type timedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	idle    time.Duration
}

// Unwrap lets http.ResponseController find what this does not have itself.
func (w *timedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what waits.
func (w *timedWriter) Flush() {
	if err := w.control.Flush(); err != nil {
		slog.Debug("answer not flushed", "err", err)
	}
}

func (w *timedWriter) Write(p []byte) (int, error) {
	if err := w.control.SetWriteDeadline(time.Now().Add(w.idle)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return w.ResponseWriter.Write(p)
}

// Bare is the writer of an answer that has deadlines of its own, such as a stream's.
func Bare(w http.ResponseWriter) http.ResponseWriter {
	if timed, ok := w.(*timedWriter); ok {
		return timed.ResponseWriter
	}
	return w
}
