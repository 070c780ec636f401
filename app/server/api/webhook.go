package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/switchboard"
)

// webhook takes what the PBX posts. It answers 200 only when all of it is durable.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	status := http.StatusForbidden
	if from, ok := s.Sources.allow(r); ok {
		status = s.takeWebhook(w, r)
	} else {
		slog.Warn("webhook refused", "why", "its address is not in the allow-list", "from", from)
	}
	s.metrics.webhooks.WithLabelValues(strconv.Itoa(status)).Inc()
	s.metrics.latency.Observe(time.Since(began).Seconds())
	w.WriteHeader(status)
}

func (s *Server) takeWebhook(w http.ResponseWriter, r *http.Request) int {
	path, ok := hookPath(r)
	if !ok {
		slog.Warn("webhook refused", "why", "its path is no text")
		return http.StatusBadRequest
	}
	form, err := hookForm(w, r)
	if errors.Is(err, errHookForeign) && isPing(path) {
		return http.StatusOK
	}
	if err != nil {
		slog.Warn("webhook refused", "from", r.RemoteAddr, "type", r.Header.Get("Content-Type"), "why", err)
		return bodyStatus(err)
	}
	// A probe carries no signature. What does was cut short, or put where nobody may read it.
	if !form.Has("json") && !isPing(path) && (form.Has("sign") || r.URL.Query().Has("sign")) {
		slog.Warn("webhook refused", "from", r.RemoteAddr, "why", "it is signed and its body has no json")
		return http.StatusBadRequest
	}
	if !form.Has("json") {
		slog.Debug("webhook without json: the cabinet asks whether we are here")
		return http.StatusOK // «Проверить подключение»
	}
	err = s.deliver(r.Context(), form.Get("vpbx_api_key"), path, form)
	status := webhookStatus(err)
	// The path may hold the secret word of the address.
	if status >= 500 {
		slog.Error("webhook not stored", "err", err)
	} else if status >= 400 {
		slog.Warn("webhook refused", "from", r.RemoteAddr, "why", err)
	}
	return status
}

// deliverLimit is how long a PBX waits for us at most: a database that hangs must not keep it from
// sending again. What was begun may still become durable, and its repeat is then known.
const deliverLimit = 10 * time.Second

var errDeliverSlow = errors.New("nothing was durable in time")

// deliver is Switchboard.Deliver with an end.
func (s *Server) deliver(ctx context.Context, key, path string, form url.Values) error {
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
		done <- s.Switchboard.Deliver(ctx, key, path, form)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errDeliverSlow
	}
}

// isPing tells the cabinet's connection check, which is answered whatever it carries.
func isPing(path string) bool {
	_, path = switchboard.SplitHook(path)
	path = strings.Trim(path, "/")
	return path == "" || path == "ping" || path == "events/ping"
}

// bodyStatus is the answer to a body that could not be read.
func bodyStatus(err error) int {
	switch {
	case errors.Is(err, errHookTooBig):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errHookForeign):
		return http.StatusUnsupportedMediaType
	case errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}

func webhookStatus(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, switchboard.ErrUnknownKey), errors.Is(err, pbx.ErrForged), errors.Is(err, switchboard.ErrHookSecret):
		return http.StatusUnauthorized
	case errors.Is(err, switchboard.ErrInactive):
		return http.StatusForbidden
	case errors.Is(err, pbx.ErrUnreadable):
		return http.StatusBadRequest
	}
	return http.StatusServiceUnavailable
}
