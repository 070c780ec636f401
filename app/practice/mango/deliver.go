package mango

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"dozvon/app/mango"
	"dozvon/app/practice/delivery"
)

// Post queues an event. It never waits: a slow server must not slow the calls down.
func (p *PBX) Post(path string, event any) {
	payload, err := json.Marshal(event)
	if err != nil {
		// Events are structs of scalars; only a mistake in this package gets here.
		p.config.Log.Error("event not encoded", "path", path, "err", err)
		return
	}
	if path == mango.PathSummary && p.luck.Strikes("summary", func(f Faults) float64 { return f.LoseSummary }) {
		return
	}
	if payload, err = mangle(payload, p.luck.Get()); err != nil {
		p.config.Log.Error("event not mangled", "path", path, "err", err)
		return
	}
	form := mango.NewForm(p.config.Key, p.config.Salt, string(payload))
	p.sender.Post(delivery.Webhook{Name: path, Build: func(ctx context.Context) (*http.Request, error) {
		return p.webhook(ctx, path, form)
	}})
}

// Drain waits until every webhook has been delivered or given up. Calls that
// still run make new ones: wait for their end first.
func (p *PBX) Drain(ctx context.Context) error { return p.sender.Drain(ctx) }

func (p *PBX) webhook(ctx context.Context, path string, form mango.Form) (*http.Request, error) {
	body, kind, err := encode(form, p.config.Multipart)
	if err != nil {
		return nil, fmt.Errorf("encoding a form: %w", err)
	}
	url := strings.TrimRight(p.config.Target, "/") + "/" + path
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", kind)
	return request, nil
}

// encode writes a form urlencoded, or as multipart/form-data.
func encode(form mango.Form, asMultipart bool) (body io.Reader, contentType string, err error) {
	if !asMultipart {
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
