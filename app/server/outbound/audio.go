package outbound

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// IsAudio tells a recording from an error: a body that is JSON or a page is one, whatever its status
// and its type say. It looks at the beginning of the body, which stays readable.
func IsAudio(resp *http.Response) bool {
	kind := resp.Header.Get("Content-Type")
	ok := resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusPartialContent
	if !ok || strings.Contains(kind, "json") || strings.Contains(kind, "html") {
		return false
	}
	if resp.StatusCode == http.StatusPartialContent {
		return true // from the middle of the file any byte may come first
	}
	body := bufio.NewReaderSize(resp.Body, peeked)
	head, _ := body.Peek(peeked)
	resp.Body = buffered{body, resp.Body}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	return !bytes.HasPrefix(head, []byte("{")) && !bytes.HasPrefix(head, []byte("<"))
}

// peeked is how many bytes are looked at before a body is believed to be sound.
const peeked = 64

// buffered is a body of which the beginning was read already.
type buffered struct {
	io.Reader
	io.Closer
}

// Part tells at which byte of the whole an answer's body begins, and how long the whole is; -1: unknown.
func Part(resp *http.Response) (from, size int64) {
	if resp.StatusCode != http.StatusPartialContent {
		return 0, resp.ContentLength
	}
	// Content-Range: bytes 100-199/200
	span, total, _ := strings.Cut(strings.TrimPrefix(resp.Header.Get("Content-Range"), "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	from, _ = strconv.ParseInt(first, 10, 64)
	if n, err := strconv.ParseInt(total, 10, 64); err == nil {
		return from, n
	}
	return from, -1
}

// WithoutURL drops the address from an error of http.Client: it may hold a key or a one-time link.
func WithoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
