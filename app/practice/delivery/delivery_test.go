package delivery_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/practice/delivery"
)

// target keeps what came; it refuses the first requests.
type target struct {
	*httptest.Server
	mu     sync.Mutex // guards what follows
	bodies []string
	refuse int
	status int
}

func start(t *testing.T, c delivery.Config) (*delivery.Sender, *target) {
	t.Helper()
	s := &target{status: http.StatusServiceUnavailable}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.refuse > 0 {
			s.refuse--
			w.WriteHeader(s.status)
			return
		}
		s.bodies = append(s.bodies, strings.TrimPrefix(r.URL.Path, "/"))
	}))
	t.Cleanup(s.Close)
	c.RetryDelay = time.Millisecond
	sender := delivery.New(c)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { sender.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return sender, s
}

func (s *target) webhook(name string) delivery.Webhook {
	return delivery.Webhook{Name: name, Build: func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/"+name, nil)
	}}
}

func (s *target) came() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

func TestSender_whatBecomesOfWebhooks(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		config delivery.Config
		refuse int
		status int
		want   []string
	}{
		"in order":        {delivery.Config{}, 0, 0, []string{"a", "b", "c"}},
		"server was away": {delivery.Config{}, 3, 503, []string{"a", "b", "c"}},
		"refused":         {delivery.Config{}, 1, 400, []string{"b", "c"}},
		"not again":       {delivery.Config{Attempts: 1}, 1, 503, []string{"b", "c"}},
		"lost":            {delivery.Config{Faults: delivery.Faults{Drop: 1}}, 0, 0, nil},
		"twice":           {delivery.Config{Faults: delivery.Faults{Duplicate: 1}}, 0, 0, []string{"a", "a", "b", "b", "c", "c"}},
		"out of order":    {delivery.Config{Faults: delivery.Faults{Reorder: 1}}, 0, 0, []string{"b", "a", "c"}},
		"late":            {delivery.Config{Faults: delivery.Faults{DelayMS: 5}}, 0, 0, []string{"a", "b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sender, server := start(t, tt.config)
			server.mu.Lock()
			server.refuse, server.status = tt.refuse, tt.status
			server.mu.Unlock()
			for _, name := range []string{"a", "b", "c"} {
				sender.Post(server.webhook(name))
			}
			if err := sender.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := server.came(); !slices.Equal(got, tt.want) {
				t.Errorf("came %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSender_aCutWebhookIsNotRetried(t *testing.T) {
	t.Parallel()
	sender, server := start(t, delivery.Config{})
	sender.SetFaults(delivery.Faults{Cut: 1})
	for range 20 {
		sender.Post(server.webhook("a"))
	}
	if err := sender.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := server.came(); len(got) > 20 {
		t.Errorf("%d came of 20", len(got))
	}
}

// TestSender_noQueueWaitsForAnother: a receiver that does not answer keeps only its own webhooks waiting.
func TestSender_noQueueWaitsForAnother(t *testing.T) {
	t.Parallel()
	sender, server := start(t, delivery.Config{Faults: delivery.Faults{DelayMS: 1}})
	release := make(chan struct{})
	stuck := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(stuck.Close)
	var want []string
	for i := range 20 {
		name := fmt.Sprintf("%03d", i)
		want = append(want, name)
		sender.Post(delivery.Webhook{Name: name, Queue: "stuck", Build: func(ctx context.Context) (*http.Request, error) {
			return http.NewRequestWithContext(ctx, http.MethodPost, stuck.URL, nil)
		}})
		w := server.webhook(name)
		w.Queue = "quick"
		sender.Post(w)
	}
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for !slices.Equal(server.came(), want) {
		select {
		case <-deadline.C:
			t.Fatalf("came %v", server.came())
		case <-time.After(time.Millisecond):
		}
	}
	close(release)
	if err := sender.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSender_parallelLosesNothing(t *testing.T) {
	t.Parallel()
	sender, server := start(t, delivery.Config{Parallel: true})
	var want []string
	for i := range 200 {
		name := fmt.Sprintf("%03d", i)
		want = append(want, name)
		sender.Post(server.webhook(name))
		sender.Room(t.Context())
	}
	if err := sender.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := server.came()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%d came of %d", len(got), len(want))
	}
}

func TestDrain_endsWithItsContext(t *testing.T) {
	t.Parallel()
	sender := delivery.New(delivery.Config{})
	sender.Post(delivery.Webhook{Name: "a"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if sender.Drain(ctx) == nil {
		t.Error("drained though nobody sends")
	}
}
