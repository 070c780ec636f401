//go:build !windows

package pgtest

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Server is a PostgreSQL of one test's own, which may be stopped, frozen and failed over. It listens on a Unix socket in
// a folder of its own.
type Server struct {
	t       testing.TB
	dir     string // of this server and its standby
	name    string // its folder in dir, and what it is called as a standby
	options string
}

// Start starts a server with one empty database, "school", in a folder below dir; empty: the system's temporary one. Its
// settings are PostgreSQL's own ("fsync=on"): without that one nothing is flushed to the disk, for speed.
func Start(t testing.TB, dir string, settings ...string) *Server {
	t.Helper()
	dir, err := os.MkdirTemp(dir, "dozvon-pg")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, dir: dir, name: "primary"}
	for _, setting := range settings {
		s.options += " -c " + setting
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s.must(own(dir))
	s.must(stopWithUs(dir, "primary", "standby"))
	s.must(initialise(s.data()))
	s.serve()
	s.must(run("createdb", "-h", s.socket(), "-U", "postgres", "school"))
	return s
}

func (s *Server) data() string { return filepath.Join(s.dir, s.name) }

func (s *Server) socket() string { return filepath.Join(s.dir, "at-"+s.name) }

func (s *Server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("PostgreSQL (%s; make test installs it): %v", s.name, err)
	}
}

func (s *Server) serve() {
	s.t.Helper()
	s.must(os.MkdirAll(s.socket(), 0o755))
	s.must(own(s.socket()))
	s.must(serve(s.data(), s.socket(), s.options))
	s.t.Cleanup(s.Kill)
}

// URL is the address of the database; with others, of that one among them which takes writes.
func (s *Server) URL(others ...*Server) string {
	hosts := []string{s.socket()}
	for _, o := range others {
		hosts = append(hosts, o.socket())
	}
	return "postgres:///school?" + url.Values{"host": {strings.Join(hosts, ",")}, "user": {"postgres"}}.Encode()
}

// Restart stops the server as an administrator does, who ends all sessions, and starts it again.
func (s *Server) Restart() {
	s.t.Helper()
	s.must(run("pg_ctl", "-D", s.data(), "-m", "fast", "-w", "stop"))
	s.must(serve(s.data(), s.socket(), s.options))
}

// Kill ends the server as a crash does; one that is gone already stays so.
func (s *Server) Kill() {
	s.signal(syscall.SIGCONT, "")
	if err := run("pg_ctl", "-D", s.data(), "-m", "immediate", "-w", "stop"); err != nil {
		s.signal(syscall.SIGKILL, "")
	}
}

// Freeze stops all of its processes where they stand: connections stay open, and nothing answers.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP, "") }

// FreezeSessions stops those that serve a connection to the database at present; new ones are served, and wait for what
// the frozen ones hold.
func (s *Server) FreezeSessions() { s.signal(syscall.SIGSTOP, ": postgres school ") }

// Thaw lets it go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT, "") }

// signal sends to the server and to all that it has started, or to those of them alone whose title has a text.
func (s *Server) signal(what syscall.Signal, title string) {
	raw, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return // it does not run
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	master, err := strconv.Atoi(first)
	if err != nil {
		return
	}
	if title == "" {
		syscall.Kill(master, what) // first: it starts no more
	}
	list, err := exec.Command("ps", "-A", "-o", "pid=,ppid=,args=").Output()
	if err != nil {
		s.t.Errorf("listing processes: %v", err)
		return
	}
	for line := range strings.Lines(string(list)) {
		var pid, parent int
		if n, err := fmt.Sscan(line, &pid, &parent); n == 2 && err == nil && parent == master && strings.Contains(line, title) {
			syscall.Kill(pid, what)
		}
	}
}

// Standby makes a hot standby from a copy of the server that follows it by streaming. From then on the server
// acknowledges nothing that the standby does not have on its disk.
func (s *Server) Standby() *Server {
	s.t.Helper()
	b := &Server{t: s.t, dir: s.dir, name: "standby", options: s.options}
	s.must(run("pg_basebackup", "-D", b.data(), "-R", "-c", "fast", "-X", "stream", "-d", "host="+s.socket()+" user=postgres application_name="+b.name))
	b.serve()
	s.ask("ALTER SYSTEM SET synchronous_standby_names = '" + b.name + "'")
	s.ask("SELECT pg_reload_conf()")
	tick, end := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for s.ask("SELECT sync_state FROM pg_stat_replication") != "sync" {
		select {
		case <-tick.C:
		case <-end:
			s.t.Fatal("the standby does not follow")
		}
	}
	return b
}

// Promote makes the primary of a standby.
func (s *Server) Promote() {
	s.t.Helper()
	s.must(run("pg_ctl", "-D", s.data(), "-w", "promote"))
}

// ask runs a statement and returns what it answers.
func (s *Server) ask(statement string) string {
	s.t.Helper()
	out, err := exec.Command(binary("psql"), "-h", s.socket(), "-U", "postgres", "-XAtq", "-c", statement, "school").CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v: %s", statement, err, out)
	}
	return strings.TrimSpace(string(out))
}
