package mango

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"dozvon/app/mango"
)

const (
	// attempts bounds how often an event is sent. With doubling pauses from a
	// quarter of a second it spans about half a minute, a restart of the server.
	attempts = 8
	// parallelLimit bounds the webhooks under way at once when Config.Parallel is set.
	parallelLimit = 64
)

// post queues an event. It never waits: a slow server must not slow the calls down.
func (p *PBX) post(path string, event any) {
	payload, err := json.Marshal(event)
	if err != nil {
		// Events are structs of scalars; only a mistake in this package gets here.
		p.config.Log.Error("event not encoded", "path", path, "err", err)
		return
	}
	faults := p.luck.get()
	if p.luck.strikes("drop", func(f Faults) float64 { return f.Drop }) {
		return
	}
	if path == mango.PathSummary && p.luck.strikes("summary", func(f Faults) float64 { return f.LoseSummary }) {
		return
	}
	if payload, err = mangle(payload, faults); err != nil {
		p.config.Log.Error("event not mangled", "path", path, "err", err)
		return
	}
	d := delivery{path: path, form: mango.NewForm(p.config.Key, p.config.Salt, string(payload))}
	if faults.DelayMS > 0 {
		d.due = time.Now().Add(time.Duration(faults.DelayMS) * time.Millisecond)
	}
	copies := 1
	if p.luck.strikes("duplicate", func(f Faults) float64 { return f.Duplicate }) {
		copies = 2
	}
	late := p.luck.strikes("reorder", func(f Faults) float64 { return f.Reorder })
	for i := range copies {
		if !p.outbox.put(d, late && i == 0) {
			p.config.Log.Error("event dropped: the server was away for too long", "path", path)
			return
		}
	}
}

// Drain waits until every webhook has been delivered or given up. Calls that
// still run make new ones: wait for their end first.
func (p *PBX) Drain(ctx context.Context) error {
	if p.outbox.empty(ctx) {
		return nil
	}
	return fmt.Errorf("draining the webhooks: %w", ctx.Err())
}

// deliver sends the queue until the PBX is closed. One goroutine does it, so
// the events of a call arrive in the order they happened; only Config.Parallel
// gives that up, as the real PBX does (section 3.1.2).
//
// Whether Mango sends an event again is not documented. The stand-in does, for
// half a minute, so that restarting the server in a demonstration loses nothing.
func (p *PBX) deliver(ctx context.Context) {
	var parallel sync.WaitGroup
	defer parallel.Wait()
	places := make(chan struct{}, parallelLimit)
	for {
		d, ok := p.outbox.take(ctx)
		if !ok || !pause(ctx, time.Until(d.due)) {
			return
		}
		if !p.config.Parallel {
			p.deliverOne(ctx, d)
			continue
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		parallel.Go(func() {
			p.deliverOne(ctx, d)
			<-places
		})
	}
}

// pause lets d pass; it reports false if ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *PBX) deliverOne(ctx context.Context, d delivery) {
	defer p.outbox.sent()
	if p.luck.strikes("cut", func(f Faults) float64 { return f.Cut }) {
		p.sendAndCut(ctx, d)
		return
	}
	wait := p.config.RetryDelay
	for attempt := 1; ; attempt++ {
		again, err := p.send(ctx, d)
		if err == nil {
			return
		}
		if !again || attempt == attempts || ctx.Err() != nil {
			p.config.Log.Warn("event not delivered", "path", d.path, "attempts", attempt, "err", err)
			return
		}
		if !pause(ctx, wait) {
			return
		}
		wait *= 2
	}
}

// send makes one attempt; again says whether another one could help.
func (p *PBX) send(ctx context.Context, d delivery) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, DeliveryTimeout)
	defer cancel()
	request, err := p.webhook(ctx, d)
	if err != nil {
		return false, err
	}
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

// sendAndCut breaks the connection as soon as the webhook has been written to it.
func (p *PBX) sendAndCut(ctx context.Context, d delivery) {
	ctx, cancel := context.WithTimeout(ctx, DeliveryTimeout)
	defer cancel()
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { cancel() }}
	request, err := p.webhook(httptrace.WithClientTrace(ctx, trace), d)
	if err != nil {
		return
	}
	if response, err := p.config.HTTP.Do(request); err == nil {
		response.Body.Close()
	}
}

func (p *PBX) webhook(ctx context.Context, d delivery) (*http.Request, error) {
	body, kind, err := p.encode(d.form)
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", d.path, err)
	}
	url := strings.TrimRight(p.config.Target, "/") + "/" + d.path
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return nil, fmt.Errorf("posting %s: %w", d.path, err)
	}
	request.Header.Set("Content-Type", kind)
	return request, nil
}

// encode writes a form the way Config.Multipart says.
func (p *PBX) encode(form mango.Form) (body io.Reader, contentType string, err error) {
	if !p.config.Multipart {
		return strings.NewReader(form.Values().Encode()), "application/x-www-form-urlencoded", nil
	}
	var buffer bytes.Buffer
	w := multipart.NewWriter(&buffer)
	for _, field := range [][2]string{{mango.FieldKey, form.Key}, {mango.FieldSign, form.Sign}, {mango.FieldJSON, form.JSON}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return &buffer, w.FormDataContentType(), nil
}
