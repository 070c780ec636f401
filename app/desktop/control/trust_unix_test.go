//go:build !windows

package control

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestControl_trustsNoFolderOfOthers: in a shared temporary folder anybody could make ours first,
// listen there, and be handed the password of a sign-in.
func TestControl_trustsNoFolderOfOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		make func(t *testing.T, dir string)
		why  string
	}{
		{"others may enter", func(t *testing.T, dir string) { must(t, os.Mkdir(dir, 0o700)); must(t, os.Chmod(dir, 0o755)) }, "0755"},
		{"the group may look", func(t *testing.T, dir string) { must(t, os.Mkdir(dir, 0o700)); must(t, os.Chmod(dir, 0o740)) }, "0740"},
		{"a link to a good one", func(t *testing.T, dir string) {
			must(t, os.Mkdir(dir+"-real", 0o700))
			must(t, os.Symlink(dir+"-real", dir))
		}, "not a folder"},
		{"a file", func(t *testing.T, dir string) { must(t, os.WriteFile(dir, nil, 0o600)) }, "not a folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "dozvon")
			tt.make(t, dir)
			if i, err := Acquire(dir); !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("listening there: %v, want a refusal that says %q", err, tt.why)
				if i != nil {
					i.Close()
				}
			}
			if err := NewClient(dir).SignIn(t.Context(), SignIn{"server", "login", "password"}); !errors.Is(err, ErrUnsafe) {
				t.Errorf("asking there: %v, want a refusal", err)
			}
		})
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	if err := belongs(dir, os.Getuid()+1); !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), "another user") {
		t.Errorf("another user's folder: %v", err)
	}
	if err := belongs(dir, os.Getuid()); err != nil {
		t.Errorf("our own folder: %v", err)
	}
}

// TestControl_knowsWhoIsAtTheOtherEnd asks the kernel, at both ends of a real socket.
func TestControl_knowsWhoIsAtTheOtherEnd(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dozvon")
	i, err := Acquire(dir)
	must(t, err)
	t.Cleanup(func() { i.Close() })
	info, err := os.Stat(filepath.Join(dir, socketName))
	must(t, err)
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the socket has mode %#o, want 0600", mode)
	}
	near, err := net.Dial("unix", filepath.Join(dir, socketName))
	must(t, err)
	defer near.Close()
	far, err := i.listener.Accept()
	must(t, err)
	defer far.Close()
	for name, conn := range map[string]net.Conn{"who asks": near, "who listens": far} {
		if err := peerIs(conn, os.Getuid()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := peerIs(conn, os.Getuid()+1); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s takes this user for another: %v", name, err)
		}
	}
}

// The environment is the process's, so this test is not parallel.
func TestDir_isTheSystemsOnlyWhereItIsOurs(t *testing.T) {
	good, open := t.TempDir(), t.TempDir()
	must(t, os.Chmod(good, 0o700))
	must(t, os.Chmod(open, 0o777))
	t.Setenv("TMPDIR", t.TempDir())
	for dir, want := range map[string]string{
		good: filepath.Join(good, "dozvon"), open: fallbackDir(), filepath.Join(good, "missing"): fallbackDir(), "": fallbackDir(),
	} {
		t.Setenv("XDG_RUNTIME_DIR", dir)
		if got := Dir(); got != want {
			t.Errorf("with %q it is %s, want %s", dir, got, want)
		}
	}
	i, err := Acquire(fallbackDir())
	must(t, err)
	must(t, i.Close())
	if info, err := os.Stat(fallbackDir()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder in the temporary one: %v, %v", info, err)
	}
}

// TestAcquire_atTheSameInstant: two starts at once leave one that serves.
func TestAcquire_atTheSameInstant(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dozvon")
	type start struct {
		i   *Instance
		err error
	}
	starts := make(chan start)
	for range 16 {
		go func() {
			i, err := Acquire(dir)
			if i != nil {
				go i.Serve(&program{})
			}
			starts <- start{i, err}
		}()
	}
	won := 0
	for range 16 {
		s := <-starts
		switch {
		case s.err == nil:
			won++
			defer s.i.Close()
		case !errors.Is(s.err, ErrRunning):
			t.Errorf("a start that lost: %v", s.err)
		}
	}
	if status, err := NewClient(dir).Status(t.Context()); won != 1 || status.Connection != "live" || err != nil {
		t.Errorf("%d won; asking gave %+v, %v", won, status, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
