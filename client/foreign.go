package client

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxProblem bounds what is read of a refusal.
const maxProblem = 64 << 10

// ForeignAnswer is an answer that our server did not give: a proxy that wants a password, the
// sign-in page of a network, a gateway whose server is away, or quite another program at the
// address. It says nothing about the session or the record that was asked for.
type ForeignAnswer struct {
	Status int
	// Moved is the https address on the same machine that the answer leads to, "" for none.
	Moved string
}

func (f *ForeignAnswer) Error() string {
	return fmt.Sprintf("the answer with status %d is not the server's", f.Status)
}

// Away tells that a gateway before the server could not reach it.
func (f *ForeignAnswer) Away() bool {
	return f.Status == http.StatusBadGateway || f.Status == http.StatusServiceUnavailable || f.Status == http.StatusGatewayTimeout
}

// problemOf reads an error answer: a *Problem when it is our server's, else a *ForeignAnswer.
// Ours are told by their media type and their code, as only they have both (RFC 9457).
func problemOf(resp *http.Response) error {
	p := &Problem{}
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, maxProblem))
	if mediaType(resp) != "application/problem+json" || json.Unmarshal(raw, p) != nil || p.Code == "" {
		return foreign(resp)
	}
	p.Status = resp.StatusCode
	return p
}

func foreign(resp *http.Response) *ForeignAnswer {
	f := &ForeignAnswer{Status: resp.StatusCode}
	if to, err := resp.Location(); err == nil && resp.Request != nil && upgraded(to, resp.Request.URL) {
		f.Moved = to.Scheme + "://" + to.Host
	}
	return f
}

func mediaType(resp *http.Response) string {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return kind
}

// isJSON tells whether an answer says that it is JSON; the page of a network's portal does not.
func isJSON(resp *http.Response) bool {
	kind := mediaType(resp)
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// redirectsMost is how many redirects of one server are followed.
const redirectsMost = 5

// sameServer follows redirects within one server, and from http to https on it, as long as the
// request stays what it was. Anywhere else the token, or the password of a sign-in, would go with
// it; the redirect itself is the answer then.
func sameServer(req *http.Request, via []*http.Request) error {
	first := via[0]
	same := req.URL.Scheme == first.URL.Scheme && req.URL.Host == first.URL.Host
	if len(via) > redirectsMost || req.Method != first.Method || !same && !upgraded(req.URL, first.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// upgraded tells that an address is https on the machine that an http one names.
func upgraded(to, from *url.URL) bool {
	return from.Scheme == "http" && to.Scheme == "https" && to.Hostname() == from.Hostname()
}
