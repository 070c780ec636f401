// Package hookbody reads the bodies of PBXs' requests, whichever way they are packed, and bounds them.
package hookbody

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Most bounds a webhook's body in bytes, also after it was unpacked; live events are under 2 KiB.
const Most = 1 << 20

var (
	// ErrTooBig says that a webhook's body is larger than Most.
	ErrTooBig = errors.New("the body is too large")
	// ErrBroken says that a body ended before its end, or is not packed as it says.
	ErrBroken = errors.New("the body cannot be read")
	// ErrForeign says that a body is packed in a way that we cannot read.
	ErrForeign = errors.New("the body is packed in a way that cannot be read")
)

// Read reads the body, unpacks it where it was packed, and cuts the mark that some programs
// begin every text with.
func Read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var body io.Reader = http.MaxBytesReader(w, r.Body, Most)
	switch packed := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); packed {
	case "", "identity":
	case "gzip", "x-gzip":
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			return nil, bodyError(err)
		}
		body = unpacked
	default:
		return nil, fmt.Errorf("%w: Content-Encoding %q", ErrForeign, packed)
	}
	raw, err := io.ReadAll(io.LimitReader(body, Most+1))
	if err != nil {
		return nil, bodyError(err)
	}
	if len(raw) > Most {
		return nil, ErrTooBig
	}
	return bytes.TrimPrefix(raw, []byte("\ufeff")), nil
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return ErrTooBig
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}
