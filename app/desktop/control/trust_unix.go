//go:build !windows

package control

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

func fallbackDir() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("dozvon-%d", os.Getuid()))
}

// ours tells whether dir is a folder that belongs to this user and that nobody else may enter.
func ours(dir string) error { return belongs(dir, os.Getuid()) }

func belongs(dir string, user int) error {
	info, err := os.Lstat(dir) // a link could lead anywhere
	if err != nil {
		return fmt.Errorf("looking at %s: %w", dir, err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return untrusted(dir, "is not a folder")
	case !ok || int(owner.Uid) != user:
		return untrusted(dir, "belongs to another user")
	case info.Mode()&(fs.ModePerm&^0o700) != 0:
		return untrusted(dir, fmt.Sprintf("can be entered by others (mode %#o)", info.Mode().Perm()))
	}
	return nil
}

// samePerson tells whether the process at the other end is this user's.
func samePerson(conn net.Conn) error { return peerIs(conn, os.Getuid()) }

func peerIs(conn net.Conn, user int) error {
	unix, ok := conn.(*net.UnixConn)
	if !ok {
		return fmt.Errorf("%w: it is no local socket", ErrUnsafe)
	}
	raw, err := unix.SyscallConn()
	if err != nil {
		return fmt.Errorf("asking who is at the other end of the control channel: %w", err)
	}
	var peer int
	var peerErr error
	if err := raw.Control(func(fd uintptr) { peer, peerErr = peerUser(int(fd)) }); err != nil {
		return fmt.Errorf("asking who is at the other end of the control channel: %w", err)
	}
	switch {
	case peerErr != nil:
		return fmt.Errorf("asking who is at the other end of the control channel: %w", peerErr)
	case peer != user:
		return fmt.Errorf("%w: another user's program is at its other end", ErrUnsafe)
	}
	return nil
}
