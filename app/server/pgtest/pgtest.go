//go:build !windows

// Package pgtest gives tests a real PostgreSQL: a cluster of their own in a temporary
// folder, on a Unix socket, with one fresh database a test. It is for tests only.
package pgtest

import (
	"bytes"
	"fmt"
	"io"
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

// Kept runs a cluster whose data stay in dir, for what takes long to fill, and returns the address
// of its one database. It stops at the test's end.
func Kept(t testing.TB, dir string) string {
	t.Helper()
	socket, err := os.MkdirTemp("", "dozvon-pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(socket) })
	for _, d := range []string{dir, socket} {
		if err := own(d); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(dir, "data")
	_, err = os.Stat(data)
	fresh := os.IsNotExist(err)
	if fresh {
		err = initialise(data)
	}
	if err == nil {
		err = serve(data, socket, "-c shared_buffers=1GB -c maintenance_work_mem=512MB -c max_wal_size=8GB -c max_parallel_maintenance_workers=0")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop") })
	if fresh {
		if err := run("createdb", "-h", socket, "-U", "postgres", "kept"); err != nil {
			t.Fatal(err)
		}
	}
	return "postgres:///kept?" + url.Values{"host": {socket}, "user": {"postgres"}}.Encode()
}

// own gives a folder to whom PostgreSQL runs as.
func own(dir string) error {
	who, ok := owner()
	if !ok {
		return nil
	}
	return os.Chown(dir, int(who.Uid), int(who.Gid))
}

func initialise(data string) error {
	return run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
}

// serve starts PostgreSQL. No durability here: the tests that need it kill the server, not PostgreSQL.
func serve(data, socket, options string) error {
	return run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", filepath.Join(filepath.Dir(data), "log"),
		"-o", "-k "+socket+" -c listen_addresses='' -c fsync=off "+options, "start")
}

func start() error {
	dir, err := os.MkdirTemp("", "dozvon-pg")
	if err != nil {
		return err
	}
	cluster.dir = dir
	if err := own(dir); err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	if err := initialise(data); err != nil {
		return err
	}
	if err := stopWithUs(dir, "data"); err != nil {
		return err
	}
	return serve(data, dir, "-c max_connections=300")
}

// held are the pipes whose end stops clusters.
var (
	holding sync.Mutex // guards held
	held    []io.Closer
)

// stopWithUs stops clusters in folders of dir and removes it when this process is gone, also by a panic or
// a kill, when Main does not come to it: a shell waits for the end of a pipe that only we hold.
func stopWithUs(dir string, data ...string) error {
	script := `cat >/dev/null; dir="$1"; shift
for data; do
	pid=$(head -1 "$dir/$data/postmaster.pid" 2>/dev/null) || continue
	kill -CONT $pid $(ps -A -o pid=,ppid= | awk -v p=$pid '$2 == p {print $1}') # a test may have frozen it
	"$0" -D "$dir/$data" -m immediate stop
done
rm -rf "$dir"`
	cmd := exec.Command("sh", append([]string{"-c", script, binary("pg_ctl"), dir}, data...)...)
	cmd.Dir = os.TempDir()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl+C is for the tests
	if who, ok := owner(); ok {
		cmd.SysProcAttr.Credential = who
	}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("watching over PostgreSQL: %w", err)
	}
	holding.Lock()
	held = append(held, pipe)
	holding.Unlock()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("watching over PostgreSQL: %w", err)
	}
	return nil
}

func run(name string, args ...string) error {
	cmd := exec.Command(binary(name), args...)
	cmd.Dir = os.TempDir() // one that PostgreSQL's user may enter
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
