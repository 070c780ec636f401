package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dozvon/app/server/stream"
	"dozvon/client"
)

// writeLimit is how long one write to a stream may take. A client that does not read for so
// long is cut off; it comes back and gets what it missed from the journal.
const writeLimit = 10 * time.Second

func (s *Server) streamRoute() {
	o := op("stream", http.MethodGet, "/stream", "Live events (text/event-stream); Last-Event-ID replays")
	o.Responses = map[string]*huma.Response{"200": {Description: "Events", Content: map[string]*huma.MediaType{"text/event-stream": {}}}}
	huma.Register(s.api, o, func(ctx context.Context, in *struct {
		LastEventID string `header:"Last-Event-ID"`
	},
	) (*huma.StreamResponse, error) {
		me := who(ctx)
		after, err := strconv.ParseInt(in.LastEventID, 10, 64)
		resume := in.LastEventID != "" && err == nil
		reader, ok, err := s.Hub.Open(ctx, me, after, resume)
		if err != nil {
			return nil, fail(ctx, err)
		}
		return &huma.StreamResponse{Body: func(hctx huma.Context) {
			r, w := humago.Unwrap(hctx)
			s.serveStream(r.Context(), w, me, reader, ok)
		}}, nil
	})
}

func (s *Server) serveStream(ctx context.Context, w http.ResponseWriter, me client.Employee, reader *stream.Reader, whole bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Not a goroutine a stream: a thousand idle ones would be most of what streams cost.
	defer context.AfterFunc(s.closing, cancel)()
	s.metrics.streams.Inc()
	defer s.metrics.streams.Dec()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)

	out := &streamWriter{w: w, control: http.NewResponseController(w)}
	if err := out.send(s.greeting(reader, whole)); err != nil {
		return
	}
	gone, err := s.Switchboard.Connected(ctx, me.ID)
	if err != nil {
		slog.Error("presence not noted", "employee", me.ID, "err", err)
	} else {
		defer func() {
			if err := gone(context.WithoutCancel(ctx)); err != nil {
				slog.Debug("presence not noted", "employee", me.ID, "err", err)
			}
		}()
	}
	for {
		frames, err := reader.Next(ctx, s.PingEvery)
		if err != nil {
			return
		}
		if frames == nil {
			frames = []byte(": ping\n\n")
		}
		if err := out.send(frames); err != nil {
			return
		}
	}
}

func (s *Server) greeting(reader *stream.Reader, whole bool) []byte {
	hello, _ := json.Marshal(client.Hello{Sequence: reader.At(), ServerVersion: s.Version})
	text := fmt.Sprintf("retry: 2000\n\nevent: hello\ndata: %s\n\n", hello)
	if !whole {
		text += fmt.Sprintf("id: %d\nevent: reset\ndata: {}\n\n", reader.At())
	}
	return []byte(text)
}

type streamWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s *streamWriter) send(frames []byte) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	if _, err := s.w.Write(frames); err != nil {
		return err
	}
	return s.control.Flush()
}
