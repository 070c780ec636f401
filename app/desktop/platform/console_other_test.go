//go:build !windows

package platform

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

func TestAlert_isForWhatNobodyReads(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	pipe, other, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	defer other.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	// The desktop gives its programs a socket of the system's log.
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.Dial("unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	socket, err := conn.(*net.UnixConn).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	closed, err := os.Create(filepath.Join(t.TempDir(), "closed"))
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for name, tt := range map[string]struct {
		file *os.File
		want bool
	}{"a file": {file, true}, "a pipe": {other, true}, "nothing": {null, false}, "the system's log": {socket, false}, "closed": {closed, false}} {
		if got := isRead(tt.file); got != tt.want {
			t.Errorf("%s is read: %t", name, got)
		}
	}
}
