package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/switchboard"
)

// hookRoutes are the addresses that kinds of PBX share among their accounts.
func (s *Server) hookRoutes() {
	for _, kind := range s.Switchboard.Kinds {
		if kind.Shared == nil {
			continue
		}
		s.mux.HandleFunc("POST "+kind.Shared.Path, s.webhook(kind))
		s.mux.HandleFunc("POST "+kind.Shared.Path+"/", s.webhook(kind))
		for _, glued := range kind.Shared.Glued {
			s.mux.HandleFunc("POST "+kind.Shared.Path+glued, s.webhook(kind))
		}
	}
}

// isHook tells the address of a webhook.
func (s *Server) isHook(path string) bool {
	return slices.ContainsFunc(s.Switchboard.Kinds, func(k pbx.Kind) bool {
		return k.Shared != nil && strings.HasPrefix(path, k.Shared.Path)
	})
}

// webhook takes what the PBX posts. It answers 200 only when all of it is durable.
func (s *Server) webhook(kind pbx.Kind) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.sharedWebhook(w, r, kind) }
}

func (s *Server) sharedWebhook(w http.ResponseWriter, r *http.Request, kind pbx.Kind) {
	began := time.Now()
	status := http.StatusForbidden
	if from, ok := s.Sources.allow(r); ok {
		status = s.takeWebhook(w, r, kind)
	} else {
		slog.Warn("webhook refused", "why", "its address is not in the allow-list", "from", from)
	}
	s.metrics.webhooks.WithLabelValues(strconv.Itoa(status)).Inc()
	s.metrics.latency.Observe(time.Since(began).Seconds())
	w.WriteHeader(status)
}

func (s *Server) takeWebhook(w http.ResponseWriter, r *http.Request, kind pbx.Kind) int {
	path, ok := hookPath(r, kind.Shared.Path)
	if !ok {
		slog.Warn("webhook refused", "why", "its path is no text")
		return http.StatusBadRequest
	}
	body, err := hookBody(w, r)
	if err == nil {
		err = s.deliver(r.Context(), kind.Name, pbx.Request{Method: r.Method, Path: path, Query: r.URL.Query(), Header: r.Header, Body: body})
	}
	status := webhookStatus(err)
	// The path may hold the secret word of the address.
	if status >= 500 {
		slog.Error("webhook not stored", "err", err)
	} else if status >= 400 {
		slog.Warn("webhook refused", "from", r.RemoteAddr, "type", r.Header.Get("Content-Type"), "why", err)
	}
	return status
}

// deliverLimit is how long a PBX waits for us at most: a database that hangs must not keep it from
// sending again. What was begun may still become durable, and its repeat is then known.
const deliverLimit = 10 * time.Second

var errDeliverSlow = errors.New("nothing was durable in time")

// deliver is Switchboard.Deliver with an end.
func (s *Server) deliver(ctx context.Context, kind string, req pbx.Request) error {
	ctx, cancel := context.WithTimeout(ctx, deliverLimit)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				slog.Error("webhook panicked", "panic", fmt.Sprint(r))
				done <- errors.New("internal error")
			}
		}()
		done <- s.Switchboard.Deliver(ctx, kind, req)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errDeliverSlow
	}
}

func webhookStatus(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, switchboard.ErrUnknownKey), errors.Is(err, pbx.ErrForged), errors.Is(err, switchboard.ErrHookSecret):
		return http.StatusUnauthorized
	case errors.Is(err, directory.ErrInactive):
		return http.StatusForbidden
	case errors.Is(err, errHookTooBig):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errHookForeign), errors.Is(err, pbx.ErrForeign):
		return http.StatusUnsupportedMediaType
	case errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout
	case errors.Is(err, errHookBroken), errors.Is(err, pbx.ErrUnreadable):
		return http.StatusBadRequest
	}
	return http.StatusServiceUnavailable
}
