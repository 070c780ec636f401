package api

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/switchboard"
)

// maxWebhook bounds a webhook's body; live events are under 2 KiB.
const maxWebhook = 1 << 20

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
	r.Body = http.MaxBytesReader(w, r.Body, maxWebhook)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(maxWebhook)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		slog.Warn("webhook refused", "why", "not a form", "err", err)
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return http.StatusRequestEntityTooLarge
		}
		return http.StatusBadRequest
	}
	if !r.PostForm.Has("json") {
		return http.StatusOK // the cabinet's «Проверить подключение»
	}
	// Mango joins the address of the cabinet and the path of its event as they are, so an address
	// without a slash at its end gives /mangoevents/call.
	path := strings.TrimPrefix(r.URL.Path, "/mango")
	err = s.Switchboard.Deliver(r.Context(), r.PostForm.Get("vpbx_api_key"), path, r.PostForm)
	status := webhookStatus(err)
	// The path may hold the secret word of the address.
	if status >= 500 {
		slog.Error("webhook not stored", "err", err)
	} else if status >= 400 {
		slog.Warn("webhook refused", "from", r.RemoteAddr, "why", err)
	}
	return status
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
