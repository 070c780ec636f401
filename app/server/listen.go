package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"dozvon/app/server/metrics"
)

// listen opens the address, or tells why it cannot be had and what to do.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	advice := "give --listen another address"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		advice = "another program has it (another server?): stop that one, or give --listen another port"
	case errors.Is(err, fs.ErrPermission):
		advice = "ports below 1024 need a right: give --listen another port, or the program the right (setcap cap_net_bind_service)"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		advice = "this machine has no such address: give --listen one that it has, or 0.0.0.0"
	}
	return nil, fmt.Errorf("listening: %w: %s", err, advice)
}

// serveMetrics serves /metrics on an address of its own: what it tells is nobody's business but
// the administrator's. Whether the server is ready is told there, too, until its very end, and more if there is some.
func serveMetrics(address string, m *metrics.Metrics, ready http.Handler, more func(*http.ServeMux)) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	l, err := listen(address)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.Handle("GET /readyz", ready)
	if more != nil {
		more(mux)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("metrics are not served any more", "err", err)
		}
	}()
	slog.Info("metrics served", "listen", l.Addr().String())
	return func() {
		srv.Shutdown(context.Background())
		<-done
	}, nil
}

const exposedWarning = "passwords and calls go over the network unencrypted: give --tls-cert and --tls-key, --acme-domain, or a proxy with TLS and its --public-url https://…"

// exposed tells whether what people type crosses a network in the clear: no TLS of ours, none of a
// proxy before us, and an address that others reach.
func (c Config) exposed() bool {
	if c.encrypted() || strings.HasPrefix(c.PublicURL, "https://") {
		return false
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil || host == "localhost" {
		return false
	}
	ip := net.ParseIP(host)
	return ip == nil || !ip.IsLoopback()
}
