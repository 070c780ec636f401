package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
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
// "hello" *Hello, "call" *Call, "feed" *FeedEntry, "client" *Client or *Deleted,
// "contract" *Contract or *Deleted, "presence" *Presence, "integration" *Integration or *Deleted,
// "command" *Command, "import" *Import, "undo" *Undo, "missed" *MissedCaller, "task" *Task, "school" *School,
// "reset" nil.
type StreamEvent struct {
	Sequence int64
	Type     string
	Data     any
}

// StreamState is what the connection does now. Since is when this began; Err is why it is not live.
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
	good bool // an event came in this attempt
	live bool
	lost bool // told that it is not live
}

func (s *subscription) attempt(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := &watchdog{limit: s.cfg.Silence, timer: time.AfterFunc(s.cfg.Silence, cancel)}
	defer watch.timer.Stop()

	c := sse.NewClient(s.api.base+"/api/v1/stream", sse.ClientMaxBufferSize(eventLimit))
	c.Connection = &http.Client{Transport: watch}
	c.ReconnectStrategy = &backoff.StopBackOff{}
	c.Headers["Authorization"] = "Bearer " + s.api.token
	if s.last > 0 {
		c.LastEventID.Store([]byte(strconv.FormatInt(s.last, 10)))
	}
	var refused error
	c.ResponseValidator = func(_ *sse.Client, resp *http.Response) error {
		switch resp.StatusCode {
		case http.StatusOK:
			return nil
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusNoContent:
			refused = ErrSignedOut
		default:
			refused = problemOf(resp)
		}
		resp.Body.Close()
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

// take hands an event over if it is whole and new.
func (s *subscription) take(msg *sse.Event) {
	kind := string(msg.Event)
	if kind == "" || len(msg.Data) == 0 {
		return
	}
	data, err := decodeEvent(kind, msg.Data)
	if err != nil {
		return // torn by a cut connection; the next attempt brings it whole
	}
	if hello, ok := data.(*Hello); ok {
		s.good = true
		s.goLive()
		s.cfg.Handle(StreamEvent{Sequence: hello.Sequence, Type: kind, Data: data})
		if s.last == 0 {
			s.last = hello.Sequence
		}
		return
	}
	id, err := strconv.ParseInt(string(msg.ID), 10, 64)
	if err != nil || (id <= s.last && kind != "reset") {
		return
	}
	s.last = id
	s.cfg.Handle(StreamEvent{Sequence: id, Type: kind, Data: data})
}

func (s *subscription) goLive() {
	s.live, s.lost = true, false
	s.cfg.State(StreamState{Live: true, Since: time.Now()})
}

func (s *subscription) tell(err error) {
	if s.lost {
		return
	}
	s.live, s.lost = false, true
	s.cfg.State(StreamState{Since: time.Now(), Err: err})
}

func decodeEvent(kind string, data []byte) (any, error) {
	var into any
	switch kind {
	case "hello":
		into = &Hello{}
	case "call":
		into = &Call{}
	case "feed":
		into = &FeedEntry{}
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
	case "client", "contract", "integration":
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
		default:
			into = &Integration{}
		}
	default: // reset, and what a newer server may say
		if !json.Valid(data) {
			return nil, errors.New("torn event")
		}
		return nil, nil
	}
	return into, json.Unmarshal(data, into)
}

// watchdog is a transport that cancels the attempt when the peer says nothing for too long.
type watchdog struct {
	limit time.Duration
	timer *time.Timer
}

func (w *watchdog) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
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
