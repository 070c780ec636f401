package deadline_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"dozvon/app/server/deadline"
)

// TestHandler_cutsABodyThatStandsStill, and reads one to its end that comes in pieces.
func TestHandler_cutsABodyThatStandsStill(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		idle time.Duration
		rest string
		want error
	}{
		"stands still": {300 * time.Millisecond, "", os.ErrDeadlineExceeded},
		"comes whole":  {time.Minute, "cd", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := readSlowly(t, c.idle, c.rest); !errors.Is(err, c.want) {
				t.Errorf("its reader ends with %v, want %v", err, c.want)
			}
		})
	}
}

// readSlowly is what a handler reads of a body of four bytes that comes in two pieces, the second perhaps never.
func readSlowly(t *testing.T, idle time.Duration, rest string) error {
	t.Helper()
	read := make(chan error, 1)
	server := httptest.NewServer(deadline.Handler(idle, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
	})))
	t.Cleanup(server.Close)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	for _, piece := range []string{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab", rest} {
		if _, err := io.WriteString(c, piece); err != nil {
			t.Fatal(err)
		}
	}
	return <-read
}

// timed notes until when a body may stand still.
type timed struct {
	http.ResponseWriter
	until []time.Time
}

func (w *timed) SetReadDeadline(until time.Time) error {
	w.until = append(w.until, until)
	return nil
}

func (w *timed) SetWriteDeadline(time.Time) error { return nil }

// TestHandler_waitsAnewForEachPiece of a body, and no more once it has come.
func TestHandler_waitsAnewForEachPiece(t *testing.T) {
	t.Parallel()
	const idle = time.Minute
	w := &timed{ResponseWriter: httptest.NewRecorder()}
	pieces := iotest.OneByteReader(strings.NewReader("abcd"))
	began := time.Now()
	deadline.Handler(idle, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
	})).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", pieces))
	last := len(w.until) - 1
	if last < 4 || !w.until[last].IsZero() {
		t.Fatalf("for four pieces and the end it waits until %v", w.until)
	}
	before := began.Add(idle)
	for n, until := range w.until[:last] {
		if until.Before(before) {
			t.Errorf("piece %d may come until %s, the one before until %s", n, until, before)
		}
		before = until
	}
}
