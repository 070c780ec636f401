package control

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// answering is somebody at the place of the running program who does answer with a connection.
func answering(t *testing.T, answer func(net.Conn)) Client {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "dozvon")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, lockName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				answer(conn)
			}()
		}
	}()
	return NewClient(dir)
}

// The running program may be of another version, hang, or not be ours at all: whoever asks is told what to
// do, in bounded time and memory.
func TestClient_copesWithWhoeverAnswers(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	line := func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }
	for name, tt := range map[string]struct {
		answer func(net.Conn)
		says   string
	}{
		"a version before typed commands": {func(c net.Conn) {
			line(c)
			_, _ = io.WriteString(c, "error\nthe running dozvon does not know \"POST /status HTTP/1.1\"; it may be an older version")
		}, "another version"},
		"nothing and gone": {func(c net.Conn) { line(c) }, "another version"},
		"silence":          {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, "does not answer"},
		"half an answer":   {func(c net.Conn) { line(c); _, _ = io.WriteString(c, ok+"Content-Length: 100\r\n\r\n{\"conn") }, "reading the running dozvon's answer"},
		"no JSON":          {func(c net.Conn) { line(c); _, _ = io.WriteString(c, ok+"Content-Length: 5\r\n\r\nhello") }, "reading the running dozvon's answer"},
		"a body without end": {func(c net.Conn) {
			line(c)
			_, err := io.WriteString(c, ok+"\r\n\"")
			for err == nil {
				_, err = io.WriteString(c, strings.Repeat("x", 1<<16))
			}
		}, "reading the running dozvon's answer"},
		"headers without end": {func(c net.Conn) {
			line(c)
			_, err := io.WriteString(c, ok)
			for n := 0; err == nil; n++ {
				_, err = fmt.Fprintf(c, "X-%d: %s\r\n", n, strings.Repeat("x", 1<<12))
			}
		}, "another version"},
		"a page": {func(c net.Conn) {
			line(c)
			_, _ = io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n<html>")
		}, "older version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := answering(t, tt.answer)
			limit := endsHangs
			if name == "silence" {
				limit = time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			if _, err := c.Status(ctx); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("it says %v, want something with %q", err, tt.says)
			}
		})
	}
}
