package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxWebhook bounds a webhook's body in bytes, also after it was unpacked; live events are under 2 KiB.
const maxWebhook = 1 << 20

var (
	// errHookTooBig says that a webhook's body is larger than maxWebhook.
	errHookTooBig = errors.New("the body is too large")
	// errHookForeign says that a body is in a form that we cannot read.
	errHookForeign = errors.New("the body is no form")
	// errHookTwice says that a form has a field twice: which of them was signed nobody can tell.
	errHookTwice = errors.New("the form has a field twice")
)

// hookFields are the fields of the PBX's forms; a body without any of them is none.
var hookFields = []string{"vpbx_api_key", "sign", "json"}

// hookForm reads a webhook's form, however it was sent: Content-Type is believed only where it
// names a multipart form. Programs between the PBX and us have been seen to drop or change it, and
// the router's own reader would then find an empty form, that is, nothing to complain about.
func hookForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	raw, err := hookBody(w, r)
	if err != nil {
		return nil, err
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form := url.Values{}
	if strings.HasPrefix(kind, "multipart/") {
		form, err = multipartForm(raw, params["boundary"])
	} else if len(raw) > 0 {
		form, err = url.ParseQuery(strings.TrimSpace(string(raw)))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errHookForeign, kind, err)
	}
	known := 0
	for _, name := range hookFields {
		known += min(len(form[name]), 1)
		if len(form[name]) > 1 {
			return nil, fmt.Errorf("%w: %s", errHookTwice, name)
		}
	}
	if len(raw) > 0 && known == 0 {
		return nil, fmt.Errorf("%w: Content-Type %q", errHookForeign, kind)
	}
	return form, nil
}

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
	return fmt.Errorf("reading the body: %w", err)
}

// multipartForm reads every part as a field, also those that were sent as files.
func multipartForm(raw []byte, boundary string) (url.Values, error) {
	form := url.Values{}
	if boundary == "" {
		return nil, errors.New("no boundary")
	}
	parts := multipart.NewReader(bytes.NewReader(raw), boundary)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		form.Add(part.FormName(), string(value))
	}
}

// hookPath is what follows /mango. It stands in the raw log, so it must be text.
func hookPath(r *http.Request) (string, bool) {
	// Mango joins the address of the cabinet and the path of its event as they are, so an address
	// without a slash at its end gives /mangoevents/call.
	path := strings.TrimPrefix(r.URL.Path, "/mango")
	return path, len(path) <= maxHookPath && utf8.ValidString(path) && !strings.ContainsRune(path, 0)
}

// maxHookPath bounds the path in bytes; the longest documented one has 30 and a secret word's 28 before it.
const maxHookPath = 512

// hookSlashes takes doubled slashes out of the path of a webhook: an address with a slash at its end
// and the path of an event with one before it give two, and the router would answer with a redirect,
// which a PBX does not follow.
func hookSlashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/mango") && strings.Contains(r.URL.Path, "//") {
			r = r.Clone(r.Context())
			for strings.Contains(r.URL.Path, "//") {
				r.URL.Path = strings.ReplaceAll(r.URL.Path, "//", "/")
			}
			r.URL.RawPath = ""
		}
		next.ServeHTTP(w, r)
	})
}
