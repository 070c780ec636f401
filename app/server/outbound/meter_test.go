package outbound_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/outbound"
)

// metered notes what a meter is told.
type metered struct{ told []string }

func (m *metered) Request(kind, outcome string, _ time.Duration) {
	m.told = append(m.told, kind+" "+outcome)
}

func TestMeter_isToldHowEachRequestEnded(t *testing.T) {
	t.Parallel()
	let := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status, err := strconv.Atoi(strings.Trim(r.URL.Path, "/")); err == nil {
			w.WriteHeader(status)
			return
		}
		select {
		case <-let:
		case <-r.Context().Done():
		}
	}))
	defer srv.Close()
	defer close(let)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	short, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	for _, tt := range []struct {
		policy outbound.Policy
		ctx    context.Context
		url    string
		want   string
	}{
		{alone, t.Context(), srv.URL + "/200", outbound.Answered},
		{alone, t.Context(), srv.URL + "/302", outbound.Answered},
		{alone, t.Context(), srv.URL + "/401", outbound.Refused},
		{alone, t.Context(), srv.URL + "/429", outbound.Throttled},
		{alone, t.Context(), srv.URL + "/503", outbound.Failed},
		{alone, short, srv.URL + "/silent", outbound.TimedOut},
		{alone, given, srv.URL + "/200", outbound.Cancelled},
		{alone, t.Context(), gone.URL, outbound.Unreachable},
		{public, t.Context(), srv.URL + "/200", outbound.Forbidden},
	} {
		var m metered
		tt.policy.Meter = &m
		req, err := http.NewRequestWithContext(tt.ctx, http.MethodGet, tt.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := tt.policy.For("toy").RoundTripper().RoundTrip(req)
		if err == nil {
			resp.Body.Close()
		}
		if len(m.told) != 1 || m.told[0] != "toy "+tt.want {
			t.Errorf("%s: told %q, want %s (%v)", tt.url, m.told, tt.want, err)
		}
	}
}
