// Package delivery brings the webhooks of a practice PBX to the server: in order or side by side,
// again when the server was away, and lost, doubled, delayed, reordered or cut off when the faults
// say so. It knows nothing of what a webhook says.
package delivery

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"

	"dozvon/app/practice/faults"
	"dozvon/app/practice/sim"
)

const (
	// Timeout bounds one attempt to deliver a webhook.
	Timeout = 5 * time.Second
	// usualAttempts bounds how often a webhook is sent. With doubling pauses from a quarter of a
	// second it spans about half a minute, a restart of the server.
	usualAttempts = 8
	usualRetry    = 250 * time.Millisecond
	// parallelLimit bounds the webhooks of a queue under way at once when Config.Parallel is set.
	parallelLimit = 64
	// answerLimit is how much of an answer is read, in bytes: a connection is reused only once read.
	answerLimit = 64 << 10
)

// Webhook is one message to the server.
type Webhook struct {
	// Name says in the log what it is.
	Name string
	// Queue names the receiver: webhooks of one queue go one after another, and no queue waits for
	// another one.
	Queue string
	// Build makes the request, anew for every attempt.
	Build func(ctx context.Context) (*http.Request, error)
}

// Faults are the ways in which webhooks go astray. Shares are from 0 (never) to 1 (always).
type Faults struct {
	Seed uint64
	// DelayMS delays every webhook, in milliseconds; their order stays.
	DelayMS int64
	// Duplicate is the share of webhooks that come twice, Reorder of those that come after their
	// successor, Drop of those that never come and are never retried.
	Duplicate, Reorder, Drop float64
	// Cut is the share of webhooks whose connection breaks once they are sent: whether they
	// were read stays unknown, and they are not retried.
	Cut float64
}

// Config says how webhooks are sent; the zero value is one after another, in the order they came.
type Config struct {
	// HTTP sends them; a client with Timeout if nil.
	HTTP *http.Client
	// RetryDelay is the first pause before an undelivered webhook is sent again; each next one is
	// twice as long. Attempts is how often it is sent at most; 1 retries none.
	RetryDelay time.Duration
	Attempts   int
	// Parallel sends webhooks side by side without waiting for answers.
	Parallel bool
	Faults   Faults
	Log      *slog.Logger
}

// Sender delivers webhooks while Run runs.
type Sender struct {
	config Config
	luck   *faults.Luck[Faults]
	outbox *outbox
}

// New returns a sender; somebody must call Run.
func New(c Config) *Sender {
	c.RetryDelay = cmp.Or(c.RetryDelay, usualRetry)
	c.Attempts = cmp.Or(c.Attempts, usualAttempts)
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: Timeout}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	luck := faults.NewLuck(c.Faults, func(f Faults) uint64 { return f.Seed })
	return &Sender{config: c, luck: luck, outbox: newOutbox()}
}

// SetFaults replaces the faults and begins their seed anew.
func (s *Sender) SetFaults(f Faults) { s.luck.Set(f) }

// Post queues a webhook. It never waits: a slow server must not slow the calls down.
func (s *Sender) Post(w Webhook) {
	if s.luck.Strikes("drop", func(f Faults) float64 { return f.Drop }) {
		return
	}
	q := queued{webhook: w}
	if delay := s.luck.Get().DelayMS; delay > 0 {
		q.due = time.Now().Add(time.Duration(delay) * time.Millisecond)
	}
	copies := 1
	if s.luck.Strikes("duplicate", func(f Faults) float64 { return f.Duplicate }) {
		copies = 2
	}
	late := s.luck.Strikes("reorder", func(f Faults) float64 { return f.Reorder })
	for i := range copies {
		if !s.outbox.put(q, late && i == 0) {
			s.config.Log.Error("event dropped: the server was away for too long", "event", w.Name)
			return
		}
	}
}

// Room waits until few enough webhooks wait for a simulated day to go on without losing one.
func (s *Sender) Room(ctx context.Context) { s.outbox.room(ctx) }

// Drain waits until every webhook has been delivered or given up. Calls that
// still run make new ones: wait for their end first.
func (s *Sender) Drain(ctx context.Context) error {
	if s.outbox.empty(ctx) {
		return nil
	}
	return fmt.Errorf("draining the webhooks: %w", ctx.Err())
}

// Run sends the queues until ctx ends. Of one queue one webhook is on its way, so the events of a call
// arrive in the order they happened; only Config.Parallel gives that up.
//
// Whether the real PBXs send an event again is not documented. The practice PBX does, for
// half a minute, so that restarting the server in a demonstration loses nothing.
func (s *Sender) Run(ctx context.Context) {
	var sending sync.WaitGroup
	defer sending.Wait()
	beside := 1
	if s.config.Parallel {
		beside = parallelLimit
	}
	for {
		q, ok := s.outbox.dequeue(ctx, beside)
		if !ok {
			return
		}
		sending.Go(func() {
			if sim.Pause(ctx, time.Until(q.due)) {
				s.deliver(ctx, q.webhook)
			}
		})
	}
}

func (s *Sender) deliver(ctx context.Context, w Webhook) {
	defer s.outbox.sent(w)
	if s.luck.Strikes("cut", func(f Faults) float64 { return f.Cut }) {
		s.sendAndCut(ctx, w)
		return
	}
	wait := s.config.RetryDelay
	for attempt := 1; ; attempt++ {
		again, err := s.send(ctx, w)
		if err == nil {
			return
		}
		if !again || attempt == s.config.Attempts || ctx.Err() != nil {
			s.config.Log.Warn("event not delivered", "event", w.Name, "attempts", attempt, "err", err)
			return
		}
		if !sim.Pause(ctx, wait) {
			return
		}
		wait *= 2
	}
}

// send makes one attempt; again says whether another one could help.
func (s *Sender) send(ctx context.Context, w Webhook) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	request, err := w.Build(ctx)
	if err != nil {
		return false, fmt.Errorf("posting %s: %w", w.Name, err)
	}
	response, err := s.config.HTTP.Do(request)
	if err != nil {
		return true, fmt.Errorf("posting %s: %w", w.Name, err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, answerLimit))
	if response.StatusCode/100 != 2 {
		return response.StatusCode >= 500, fmt.Errorf("posting %s: the server answered %s", w.Name, response.Status)
	}
	return false, nil
}

// sendAndCut breaks the connection as soon as the webhook has been written to it.
func (s *Sender) sendAndCut(ctx context.Context, w Webhook) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { cancel() }}
	request, err := w.Build(httptrace.WithClientTrace(ctx, trace))
	if err != nil {
		return
	}
	if response, err := s.config.HTTP.Do(request); err == nil {
		response.Body.Close()
	}
}
