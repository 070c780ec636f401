package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxWebhook bounds a webhook's body in bytes, also after it was unpacked; live events are under 2 KiB.
const maxWebhook = 1 << 20

var (
	// errHookTooBig says that a webhook's body is larger than maxWebhook.
	errHookTooBig = errors.New("the body is too large")
	// errHookBroken says that a body ended before its end, or is not packed as it says.
	errHookBroken = errors.New("the body cannot be read")
	// errHookForeign says that a body is packed in a way that we cannot read.
	errHookForeign = errors.New("the body is packed in a way that cannot be read")
)

// hookBody reads the body, unpacks it where it was packed, and cuts the mark that some programs
// begin every text with.
func hookBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var body io.Reader = http.MaxBytesReader(w, r.Body, maxWebhook)
	switch packed := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); packed {
	case "", "identity":
	case "gzip", "x-gzip":
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			return nil, bodyError(err)
		}
		body = unpacked
	default:
		return nil, fmt.Errorf("%w: Content-Encoding %q", errHookForeign, packed)
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxWebhook+1))
	if err != nil {
		return nil, bodyError(err)
	}
	if len(raw) > maxWebhook {
		return nil, errHookTooBig
	}
	return bytes.TrimPrefix(raw, []byte("\ufeff")), nil
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errHookTooBig
	}
	return fmt.Errorf("%w: %w", errHookBroken, err)
}

// hookPath is what follows the prefix. It stands in the raw log, so it must be text.
func hookPath(r *http.Request, prefix string) (string, bool) {
	// A PBX may join the address of the cabinet and the path of its event as they are, so an address
	// without a slash at its end has none after the prefix.
	path := strings.TrimPrefix(r.URL.Path, prefix)
	return path, len(path) <= maxHookPath && utf8.ValidString(path) && !strings.ContainsRune(path, 0)
}

// maxHookPath bounds the path in bytes; the longest documented one has 30 and a secret word's 28 before it.
const maxHookPath = 512

// hookSlashes takes doubled slashes out of the path of a webhook: an address with a slash at its end
// and the path of an event with one before it give two, and the router would answer with a redirect,
// which a PBX does not follow.
func (s *Server) hookSlashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		for strings.Contains(path, "//") {
			path = strings.ReplaceAll(path, "//", "/")
		}
		if path != r.URL.Path && s.isHook(path) {
			r = r.Clone(r.Context())
			r.URL.Path, r.URL.RawPath = path, ""
		}
		next.ServeHTTP(w, r)
	})
}
