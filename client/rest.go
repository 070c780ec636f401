package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// requestTimeout bounds every call but the stream and recordings.
const requestTimeout = 15 * time.Second

// maxAnswer bounds what is read of one JSON answer.
const maxAnswer = 16 << 20

// API speaks to one server with one token. It is safe for concurrent use.
type API struct {
	base  string
	token string
	http  *http.Client
	lang  atomic.Pointer[string]
	// ifMatch is sent with changes, see IfMatch.
	ifMatch string
}

// New returns an API for the server at base, e.g. "http://127.0.0.1:8420". A token may be
// empty for SignIn.
func New(base, token string) *API {
	return &API{base: strings.TrimRight(base, "/"), token: token, http: &http.Client{Transport: http.DefaultTransport, CheckRedirect: sameServer}}
}

// Base is the server's address without a trailing slash.
func (a *API) Base() string { return a.base }

// IfMatch is the same API whose changes hold only while the record still stands as etag tells; else they
// are refused with the code conflict, which names who changed it.
func (a *API) IfMatch(etag string) *API {
	out := &API{base: a.base, token: a.token, http: a.http, ifMatch: etag}
	out.lang.Store(a.lang.Load())
	return out
}

// Over is the same API over another transport and without a token: whoever reaches its other end has come in.
func (a *API) Over(transport http.RoundTripper) *API {
	out := &API{base: "http://practice", http: &http.Client{Transport: transport, CheckRedirect: sameServer}}
	out.lang.Store(a.lang.Load())
	return out
}

// Request is a request of this API; why it was refused, ProblemOf tells.
func (a *API) Request(ctx context.Context, method, path string) (*http.Request, error) {
	return a.request(ctx, method, path, nil)
}

// ProblemOf is why a request was refused.
func ProblemOf(resp *http.Response) error { return problemOf(resp) }

// SetLanguage asks for errors in a language, "ru" or "en". Without it the server speaks Russian.
func (a *API) SetLanguage(lang string) { a.lang.Store(&lang) }

func (a *API) language() string {
	if lang := a.lang.Load(); lang != nil {
		return *lang
	}
	return ""
}

// Page is one page of a list; NextCursor is empty at the end, and only there: a search may look through
// a part of a long list and find nothing in it.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty"`
}

func (a *API) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, a.base+"/api/v1"+path, body)
	if err != nil {
		return nil, fmt.Errorf("building %s %s: %w", method, path, err)
	}
	if lang := a.language(); lang != "" {
		req.Header.Set("Accept-Language", lang)
	}
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	if a.ifMatch != "" && method != http.MethodGet {
		req.Header.Set("If-Match", a.ifMatch)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// Get reads what stands at a path, for packages that carry a part of the API of their own.
func Get[T any](ctx context.Context, a *API, path string) (T, error) {
	return send[T](ctx, a, http.MethodGet, path, nil)
}

func send[T any](ctx context.Context, a *API, method, path string, in any) (T, error) {
	out, _, err := exchange[T](ctx, a, method, path, in)
	return out, err
}

// exchange is send that also gives the answer's header.
func exchange[T any](ctx context.Context, a *API, method, path string, in any) (T, http.Header, error) {
	var out T
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return out, nil, fmt.Errorf("encoding the body of %s %s: %w", method, path, err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := a.request(ctx, method, path, body)
	if err != nil {
		return out, nil, err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return out, nil, fmt.Errorf("calling %s %s: %w", method, path, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return out, resp.Header, problemOf(resp)
	}
	if resp.StatusCode == http.StatusNoContent {
		return out, resp.Header, nil
	}
	err = json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&out)
	if err == nil || err == io.EOF {
		return out, resp.Header, nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && !isJSON(resp) {
		return out, nil, foreign(resp)
	}
	return out, nil, fmt.Errorf("reading the answer of %s %s: %w", method, path, err)
}
