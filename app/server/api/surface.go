package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/texts"
)

// guarded adds to every answer what browsers must know of it, and refuses texts that no database
// can keep before anything reads them.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		// What is told here is about people: it stays in no cache, is guessed to be nothing else, is
		// drawn in nobody's frame, and its addresses are told to nobody.
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		if r.TLS != nil || s.Encrypted {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		// Webhooks are let through: what a PBX sends must not be lost, and is cleaned when it is kept.
		if readable(r) || r.Method == http.MethodPost && s.isHook(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		writeProblem(w, problem("bad_text", texts.Match(r.Header.Get("Accept-Language"))))
	})
}

// readable tells whether an address holds only text: PostgreSQL keeps neither NUL nor what is no
// UTF-8, and no record has such an id.
func readable(r *http.Request) bool {
	if !storable(r.URL.Path) {
		return false
	}
	for name, values := range r.URL.Query() {
		if !storable(name) {
			return false
		}
		for _, v := range values {
			if !storable(v) {
				return false
			}
		}
	}
	return true
}

var errNoText = errors.New("the text holds a character that cannot be kept: NUL, or bytes that are no UTF-8")

// formats read JSON as the library does, but for text that no database can keep: the standard
// library would replace what is no UTF-8 in silence.
func formats() map[string]huma.Format {
	all := maps.Clone(huma.DefaultFormats)
	for name, f := range all {
		f.Unmarshal = func(data []byte, v any) error {
			if !utf8.Valid(data) || hasNUL(data) {
				return errNoText
			}
			return json.Unmarshal(data, v)
		}
		all[name] = f
	}
	return all
}

// hasNUL finds \u0000 in JSON, unless its backslash is itself escaped.
func hasNUL(data []byte) bool {
	for {
		at := bytes.Index(data, []byte(`\u0000`))
		if at < 0 {
			return false
		}
		before := len(data[:at]) - len(bytes.TrimRight(data[:at], `\`))
		if before%2 == 0 {
			return true
		}
		data = data[at+1:]
	}
}
