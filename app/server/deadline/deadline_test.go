package deadline_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"dozvon/app/server/deadline"
)

// TestHandler_cutsABodyThatStandsStill, and reads one to its end that comes in pieces, each in time.
func TestHandler_cutsABodyThatStandsStill(t *testing.T) {
	t.Parallel()
	read := make(chan error, 1)
	server := httptest.NewServer(deadline.Handler(300*time.Millisecond, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
	})))
	t.Cleanup(server.Close)
	begin := func(length string) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err == nil {
			_, err = io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "+length+"\r\n\r\nab")
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	begin("10")
	if err := <-read; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a body that stands still ends with %v", err)
	}
	whole := begin("4")
	if _, err := io.WriteString(whole, "cd"); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err != nil {
		t.Errorf("a body that comes whole ends with %v", err)
	}
}
