// Package pgtest gives tests a real PostgreSQL: a cluster of their own in a temporary
// folder, on a Unix socket, with one fresh database a test. It is for tests only.
package pgtest

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

var cluster struct {
	once sync.Once
	dir  string
	err  error
	next atomic.Int64
}

// Main runs a package's tests and stops the cluster, if one was started.
func Main(m *testing.M) int {
	code := m.Run()
	if cluster.dir != "" {
		run("pg_ctl", "-D", filepath.Join(cluster.dir, "data"), "-m", "immediate", "stop")
		os.RemoveAll(cluster.dir)
	}
	return code
}

// URL returns the address of a new, empty database.
func URL(t testing.TB) string {
	t.Helper()
	cluster.once.Do(func() { cluster.err = start() })
	if cluster.err != nil {
		t.Fatalf("starting PostgreSQL (make test installs it): %v", cluster.err)
	}
	name := fmt.Sprintf("test%d", cluster.next.Add(1))
	if err := run("createdb", "-h", cluster.dir, "-U", "postgres", name); err != nil {
		t.Fatal(err)
	}
	return "postgres:///" + name + "?" + url.Values{"host": {cluster.dir}, "user": {"postgres"}}.Encode()
}

func start() error {
	dir, err := os.MkdirTemp("", "dozvon-pg")
	if err != nil {
		return err
	}
	cluster.dir = dir
	if who, ok := owner(); ok {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(dir, "data")
	if err := run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return err
	}
	// No durability here: the tests that need it kill the server, not PostgreSQL.
	return run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", filepath.Join(dir, "log"),
		"-o", "-k "+dir+" -c listen_addresses='' -c fsync=off -c max_connections=300", "start")
}

func run(name string, args ...string) error {
	cmd := exec.Command(binary(name), args...)
	cmd.Dir = cluster.dir
	if who, ok := owner(); ok {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	}
	// pg_ctl's server inherits the output, so a pipe would never close: a file does.
	out, err := os.CreateTemp("", "pgtest")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(text))
	}
	return nil
}

// binary finds PostgreSQL's programs, which Debian keeps off the PATH.
func binary(name string) string {
	if path, err := exec.LookPath(name); err == nil && !strings.Contains(path, "pg_wrapper") {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return found[len(found)-1]
	}
	return name
}

// owner is who must run PostgreSQL: it refuses root.
func owner() (*syscall.Credential, bool) {
	if os.Geteuid() != 0 {
		return nil, false
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, false
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, true
}
