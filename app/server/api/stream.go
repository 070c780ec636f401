package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/access"
	"dozvon/app/server/deadline"
	"dozvon/app/server/requestid"
	"dozvon/app/server/stream"
	"dozvon/app/server/tracing"
	"dozvon/client"
)

// writeLimit is how long one write to a stream may take. A client that does not read for so
// long is cut off; it comes back and gets what it missed from the journal.
const writeLimit = 10 * time.Second

func describeStream(o *huma.Operation) {
	o.Responses = map[string]*huma.Response{"200": {Description: "Events", Content: map[string]*huma.MediaType{"text/event-stream": {}}}}
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	me := who(ctx)
	last := r.Header.Get("Last-Event-ID")
	after, err := strconv.ParseInt(last, 10, 64)
	reader, whole, err := s.Hub.Open(ctx, me, after, last != "" && err == nil)
	if err != nil {
		refuseRequest(w, r, fmt.Errorf("opening a stream: %w", err))
		return
	}
	s.serveStream(ctx, w, &openStream{session: access.CallerOf(ctx).Session, employee: me, reader: reader}, whole)
}

func writeProblem(w http.ResponseWriter, p *client.Problem) {
	p.RequestID = w.Header().Get(requestid.Header)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		slog.Debug("refusal not sent", "err", err)
	}
}

func (s *Server) serveStream(ctx context.Context, w http.ResponseWriter, open *openStream, whole bool) {
	w = deadline.Bare(w) // a stream has a deadline of its own
	me := open.employee
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	open.end = cancel
	defer s.streams.add(open)()
	// Not a goroutine a stream: a thousand idle ones would be most of what streams cost.
	defer context.AfterFunc(s.closing, cancel)()
	defer s.Metrics.StreamOpened()()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	h.Set("Connection", "close") // after the end of a session its connection carries nothing more
	w.WriteHeader(http.StatusOK)

	out := &streamWriter{ctx: ctx, w: w, control: http.NewResponseController(w)}
	defer out.over()
	defer context.AfterFunc(ctx, out.hurry)()
	if !whole {
		s.Metrics.StreamReset()
	}
	if err := out.send(s.greeting(me, open.reader, whole)); err != nil {
		return
	}
	gone, err := s.Presence.Connected(ctx, me.ID)
	if err != nil {
		slog.ErrorContext(ctx, "presence not noted", "employee", me.ID, "err", err)
	}
	defer func() {
		if err := gone(context.WithoutCancel(ctx)); err != nil {
			slog.DebugContext(ctx, "presence not noted", "employee", me.ID, "err", err)
		}
	}()
	for {
		frames, err := open.reader.Next(ctx, s.PingEvery)
		if err != nil {
			return
		}
		if err := s.sendFrames(out, frames, open.reader.Handed()); err != nil {
			return
		}
	}
}

// sendFrames writes events, or where there are none that the connection lives.
func (s *Server) sendFrames(out *streamWriter, frames []byte, handed stream.Handed) error {
	if frames == nil {
		return out.send([]byte(": ping\n\n"))
	}
	if err := out.send(frames); err != nil {
		if out.ctx.Err() == nil {
			s.Metrics.StreamCut()
		}
		return err
	}
	s.Metrics.Sent(handed.Events, len(frames), handed.Call)
	for _, f := range handed.Followed {
		tracing.Handed(s.tracer, f.Span, f.Committed, f.Sequence)
	}
	return nil
}

func (s *Server) greeting(me client.Employee, reader *stream.Reader, whole bool) []byte {
	hello, _ := json.Marshal(client.Hello{Sequence: reader.At(), ServerVersion: s.Version, AppURL: s.AppURL, Employee: &me})
	text := fmt.Sprintf("retry: 2000\n\nevent: hello\ndata: %s\n\n", hello)
	if !whole {
		text += fmt.Sprintf("id: %d\nevent: reset\ndata: {}\n\n", reader.At())
	}
	return []byte(text)
}

type streamWriter struct {
	ctx     context.Context
	w       http.ResponseWriter
	control *http.ResponseController

	mu    sync.Mutex
	ended bool // the handler is about to return: HTTP/2's writer may not be touched any more
}

func (s *streamWriter) over() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

func (s *streamWriter) send(frames []byte) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	// Asked after the deadline was set: who ends the stream from here on shortens it.
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if _, err := s.w.Write(frames); err != nil {
		return err
	}
	return s.control.Flush()
}

// endLimit is how long a stream that was ended may still write.
const endLimit = time.Second

// hurry ends a write that waits for a client who does not read.
func (s *streamWriter) hurry() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	if err := s.control.SetWriteDeadline(time.Now().Add(endLimit)); err != nil {
		slog.Debug("the end of a stream was not hurried", "err", err)
	}
}
