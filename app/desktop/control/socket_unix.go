//go:build !windows

package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// socketName is the socket's file in the folder.
const socketName = "control"

// listen makes the socket. The lock is ours, so one that lies there belongs to a process that died.
func listen(dir string) (net.Listener, error) {
	socket := filepath.Join(dir, socketName)
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("removing the old socket %s: %w", socket, err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", socket, err)
	}
	// Whatever the umask was, nobody else connects.
	if err := os.Chmod(socket, 0o600); err != nil {
		listener.Close()
		return nil, fmt.Errorf("closing %s to others: %w", socket, err)
	}
	return listener, nil
}

func dial(ctx context.Context, dir string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(dir, socketName))
}

// yieldForeground: window managers ask nobody's leave to bring a window to the front.
func yieldForeground(net.Conn) {}
