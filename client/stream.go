package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/r3labs/sse/v2"
	"gopkg.in/cenkalti/backoff.v1"
)

const (
	// silenceLimit is how long a stream may say nothing, pings included, before it counts as
	// dead. The server pings every 15 s; two may get lost in a busy network.
	silenceLimit = 40 * time.Second
	// eventLimit bounds one event; r3labs/sse refuses over 64 KiB unless told otherwise.
	eventLimit = 8 << 20
	// firstPause and longestPause bound the wait between attempts.
	firstPause   = 250 * time.Millisecond
	longestPause = 15 * time.Second
)

// ErrSignedOut says that the server no longer knows the token: sign in again.
var ErrSignedOut = errors.New("the session has ended, sign in again")

// errEnded says that the server closed the stream; the loop connects again.
var errEnded = errors.New("the server closed the stream")

// StreamEvent is one complete event of the stream, decoded by Type:
// "hello" *Hello, "call" *Call, "feed" *FeedEntry or *Deleted, "client" *Client or *Deleted,
// "contract" *Contract or *Deleted, "presence" *Presence, "integration" *Integration or *Deleted,
// "command" *Command, "import" *Import, "undo" *Undo, "missed" *MissedCaller, "task" *Task, "school" *School,
// "reset" nil. One that is whole and of a known type, but cannot be read, has an *Unreadable.
type StreamEvent struct {
	Sequence int64
	Type     string
	Data     any
	// Resumed says of a hello that what was missed follows; "reset" comes instead if it is lost.
	Resumed bool
}

// Unreadable stands in for the data of an event that does not decode. The event is not told again,
// so what it told of must be read anew.
type Unreadable struct{ Err error }

// StreamState is what the connection does now. Since is when this began: of a connection that was lost, when
// something came last. Err is why it is not live:
// it is told again after each attempt.
type StreamState struct {
	Live  bool
	Since time.Time
	Err   error
}

// StreamConfig tells Stream where to begin and whom to tell. Handle is called in order
// from one goroutine and must not block for long; State may be nil.
type StreamConfig struct {
	LastID  int64
	Handle  func(StreamEvent)
	State   func(StreamState)
	Silence time.Duration // zero: silenceLimit
}

// Stream follows the server's events until ctx ends (its error) or the token is refused
// (ErrSignedOut). It connects again by itself for ever, and hands every event over exactly
// once and in order: an event counts only when complete, and the next attempt asks for what
// followed the last one handed over.
//
// Each attempt is one r3labs/sse subscription with its own reconnecting switched off, because
// by itself it gives up on a clean close, retries a 401 for ever, hands over torn events
// and never notices a silent peer.
func (a *API) Stream(ctx context.Context, cfg StreamConfig) error {
	s := &subscription{api: a, cfg: cfg, last: cfg.LastID}
	if s.cfg.Silence == 0 {
		s.cfg.Silence = silenceLimit
	}
	if s.cfg.State == nil {
		s.cfg.State = func(StreamState) {}
	}
	pause := firstPause
	for {
		s.good = false
		err := s.attempt(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, ErrSignedOut) {
			s.tell(err)
			return err
		}
		if s.good {
			pause = firstPause
		}
		s.tell(err)
		if !sleep(ctx, jittered(pause)) {
			return ctx.Err()
		}
		pause = min(pause*2, longestPause)
	}
}

type subscription struct {
	api  *API
	cfg  StreamConfig
	last int64
	good bool      // an event came in this attempt
	lost time.Time // since when it is not live; zero while it is
	// heard is when something of the stream came last, in nanoseconds of the wall clock: the monotonic one may
	// stand still while a computer sleeps.
	heard atomic.Int64
	// suspect did not decode and may have been cut; another event behind it shows that it was whole.
	suspect *StreamEvent
}

func (s *subscription) attempt(ctx context.Context) error {
	s.suspect = nil
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := &watchdog{next: s.api.http.Transport, heard: &s.heard, limit: s.cfg.Silence, timer: time.AfterFunc(s.cfg.Silence, cancel)}
	defer watch.timer.Stop()

	c := sse.NewClient(s.api.base+"/api/v1/stream", sse.ClientMaxBufferSize(eventLimit))
	c.Connection = &http.Client{Transport: watch, CheckRedirect: sameServer}
	c.ReconnectStrategy = &backoff.StopBackOff{}
	c.Headers["Authorization"] = "Bearer " + s.api.token
	if lang := s.api.language(); lang != "" {
		c.Headers["Accept-Language"] = lang
	}
	if s.last > 0 {
		c.LastEventID.Store([]byte(strconv.FormatInt(s.last, 10)))
	}
	var refused error
	c.ResponseValidator = func(_ *sse.Client, resp *http.Response) error {
		if refused = refusal(resp); refused != nil {
			resp.Body.Close()
		}
		return refused
	}
	err := c.SubscribeRawWithContext(ctx, s.take)
	switch {
	case refused != nil:
		return refused
	case err == nil:
		return errEnded
	case ctx.Err() != nil:
		return fmt.Errorf("nothing heard from the server for %s", s.cfg.Silence)
	}
	return fmt.Errorf("following the stream: %w", err)
}

// refusal is why an answer is no stream, nil when it is one. Only our own server's word ends the
// session: a proxy's 401 or 403 says nothing about the token.
func refusal(resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		if mediaType(resp) != "text/event-stream" {
			return foreign(resp)
		}
		return nil
	}
	err := problemOf(resp)
	var problem *Problem
	if errors.As(err, &problem) && problem.Status == http.StatusUnauthorized {
		return fmt.Errorf("%w: %w", ErrSignedOut, problem)
	}
	return err
}

// take hands an event over if it is whole and new.
func (s *subscription) take(msg *sse.Event) {
	kind := string(msg.Event)
	if kind == "" || len(msg.Data) == 0 {
		return
	}
	s.clearSuspect()
	data, err := decodeEvent(kind, msg.Data)
	if hello, ok := data.(*Hello); ok && err == nil {
		s.greeted(hello)
		return
	}
	id, idErr := strconv.ParseInt(string(msg.ID), 10, 64)
	if idErr != nil || (id <= s.last && kind != "reset") {
		return
	}
	event := StreamEvent{Sequence: id, Type: kind, Data: data}
	if err != nil {
		event.Data = &Unreadable{Err: err}
		if !json.Valid(msg.Data) {
			s.suspect = &event
			return // torn by a cut connection, as it seems; the next attempt brings it whole then
		}
	}
	s.hand(event)
}

func (s *subscription) greeted(hello *Hello) {
	resumed := s.last > 0
	s.good, s.lost = true, time.Time{}
	s.cfg.State(StreamState{Live: true, Since: time.Now()})
	s.cfg.Handle(StreamEvent{Sequence: hello.Sequence, Type: "hello", Data: hello, Resumed: resumed})
	if !resumed {
		s.last = hello.Sequence
	}
}

// clearSuspect hands over what did not decode and was not cut, since more has come behind it.
func (s *subscription) clearSuspect() {
	if event := s.suspect; event != nil {
		s.suspect = nil
		s.hand(*event)
	}
}

func (s *subscription) hand(event StreamEvent) {
	s.last = event.Sequence
	if bad, ok := event.Data.(*Unreadable); ok {
		slog.Warn("event not read", "type", event.Type, "sequence", event.Sequence, "error", bad.Err)
	}
	s.cfg.Handle(event)
}

func (s *subscription) tell(err error) {
	if s.lost.IsZero() {
		s.lost = time.Now()
		if s.good { // what came last came long before this is noticed, when the network or the computer slept
			s.lost = time.Unix(0, s.heard.Load())
		}
	}
	s.cfg.State(StreamState{Since: s.lost, Err: err})
}

func decodeEvent(kind string, data []byte) (any, error) {
	var into any
	switch kind {
	case "hello":
		into = &Hello{}
	case "call":
		into = &Call{}
	case "presence":
		into = &Presence{}
	case "command":
		into = &Command{}
	case "import":
		into = &Import{}
	case "undo":
		into = &Undo{}
	case "missed":
		into = &MissedCaller{}
	case "task":
		into = &Task{}
	case "school":
		into = &School{}
	case "client", "contract", "integration", "feed":
		gone := &Deleted{}
		if err := json.Unmarshal(data, gone); err != nil {
			return nil, err
		}
		if gone.Deleted {
			return gone, nil
		}
		switch kind {
		case "client":
			into = &Client{}
		case "contract":
			into = &Contract{}
		case "feed":
			into = &FeedEntry{}
		default:
			into = &Integration{}
		}
	default: // reset, and what a newer server may say
		if !json.Valid(data) {
			return nil, errors.New("it is no JSON")
		}
		return nil, nil
	}
	return into, json.Unmarshal(data, into)
}

// watchdog is a transport that cancels the attempt when the peer says nothing for too long.
type watchdog struct {
	next  http.RoundTripper
	heard *atomic.Int64
	limit time.Duration
	timer *time.Timer
}

func (w *watchdog) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = &heardBody{ReadCloser: resp.Body, watch: w}
	return resp, nil
}

type heardBody struct {
	io.ReadCloser
	watch *watchdog
}

func (b *heardBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.watch.heard.Store(time.Now().UnixNano())
		b.watch.timer.Reset(b.watch.limit)
	}
	return n, err
}

func jittered(d time.Duration) time.Duration {
	return d/2 + rand.N(d)
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
