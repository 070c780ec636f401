package practice

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"dozvon/app/mango"
)

const (
	// attempts bounds how often an event is sent. With doubling pauses from a
	// quarter of a second it spans about half a minute, a restart of the server.
	attempts = 8
	// queueLimit bounds the events that wait while the server is away.
	queueLimit = 10_000
)

// delivery is one webhook on its way.
type delivery struct {
	path string
	form mango.Form
}

// post queues an event. It never waits: a slow server must not slow the calls down.
func (p *PBX) post(path string, event any) {
	payload, err := json.Marshal(event)
	if err != nil {
		// Events are structs of scalars; only a mistake in this package gets here.
		p.config.Log.Error("event not encoded", "path", path, "err", err)
		return
	}
	select {
	case p.queue <- delivery{path, mango.NewForm(p.config.Key, p.config.Salt, string(payload))}:
	default:
		p.config.Log.Error("event dropped: the server was away for too long", "path", path)
	}
}

// deliver sends the queue in order until the PBX is closed. One goroutine does
// it, so the events of a call arrive in the order they happened.
//
// Whether Mango sends an event again is not documented. The stand-in does, for
// half a minute, so that restarting the server in a demonstration loses nothing.
func (p *PBX) deliver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case d := <-p.queue:
			p.deliverOne(ctx, d)
		}
	}
}

func (p *PBX) deliverOne(ctx context.Context, d delivery) {
	pause := p.config.RetryDelay
	for attempt := 1; ; attempt++ {
		again, err := p.send(ctx, d)
		if err == nil {
			return
		}
		if !again || attempt == attempts || ctx.Err() != nil {
			p.config.Log.Warn("event not delivered", "path", d.path, "attempts", attempt, "err", err)
			return
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		pause *= 2
	}
}

// send makes one attempt; again says whether another one could help.
func (p *PBX) send(ctx context.Context, d delivery) (again bool, err error) {
	url := strings.TrimRight(p.config.Target, "/") + "/" + d.path
	ctx, cancel := context.WithTimeout(ctx, DeliveryTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(d.form.Values().Encode()))
	if err != nil {
		return false, fmt.Errorf("posting %s: %w", d.path, err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := p.config.HTTP.Do(request)
	if err != nil {
		return true, fmt.Errorf("posting %s: %w", d.path, err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // the connection is reused only once read
	if response.StatusCode/100 != 2 {
		return response.StatusCode >= 500, fmt.Errorf("posting %s: the server answered %s", d.path, response.Status)
	}
	return false, nil
}
