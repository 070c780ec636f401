//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// tell runs a program to its end and returns what it says to standard output.
func (s *site) tell(line string) string {
	s.t.Helper()
	dir, err := programs()
	if err != nil {
		s.t.Fatal(err)
	}
	args := strings.Fields(strings.NewReplacer("{data}", s.data, "{dir}", s.dir).Replace(line))
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(dir, args[0]), args[1:]...)
	cmd.Dir, cmd.Stdin = s.dir, strings.NewReader("верная лошадь скрепка\n")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("%s: %v: %s", line, err, errs.String())
	}
	return string(out)
}

func wantSaid(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(said, p) {
			t.Errorf("it does not say %q:\n%s", p, said)
		}
	}
}

// TestBackup_besideARunningServerAndBack follows the runbook: a backup while the server runs, the refusal to restore
// beside it, and the school on another machine, whose key opens what it sealed.
func TestBackup_besideARunningServerAndBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.school()
	s.tell("dozvon-server account add --login gromov --name Громов --role admin --password-stdin --data {data}")
	s.write("recordings/aa.mp3", "sound")
	t.Run("beside the server", func(t *testing.T) {
		beside := &site{t: t, dir: s.dir, data: s.data}
		beside.serving()
		said := beside.tell("dozvon-server backup {dir}/school.tar.gz --data {data}")
		wantSaid(t, said, "school.tar.gz", "only its owner can read it", "sealing key: included; it opens", "recordings: 1 files, 5 bytes", "schema 1", "not in it: server.yaml")
		code, stderr := beside.start("dozvon-server restore {dir}/school.tar.gz --data {data}")
		if code != 1 {
			t.Errorf("exit code %d", code)
		}
		wantSaid(t, stderr, "a server runs on the data folder", "stop it first", "nothing was changed")
	})
	said := s.tell("dozvon-server restore {dir}/school.tar.gz --data {dir}/new")
	wantSaid(t, said, "restored what was backed up at", "start the server: dozvon-server serve --data")
	if strings.Contains(said, "before") {
		t.Errorf("an empty folder held something before: %s", said)
	}
	there := &site{t: t, dir: s.dir, data: filepath.Join(s.dir, "new")}
	var people []client.Employee
	if err := json.Unmarshal([]byte(there.tell("dozvon-server account list --json --data {data}")), &people); err != nil || len(people) != 1 || people[0].Login != "gromov" {
		t.Errorf("the people are %+v, %v", people, err)
	}
	p, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: there.data, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	secrets, err := p.Store.Sealed(t.Context())
	if err != nil || len(secrets) == 0 {
		t.Fatal(secrets, err)
	}
	for _, secret := range secrets {
		if open, err := p.Sealer.Unseal(secret); open == "" || err != nil {
			t.Errorf("a secret opens to %d bytes, %v", len(open), err)
		}
	}
}

// TestBackup_belongsToWhoMakesItAndTheDataToTheServer: root backs a server up that runs as another user.
func TestBackup_belongsToWhoMakesItAndTheDataToTheServer(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root works for another user")
	}
	s := newSite(t)
	s.school()
	s.giveAway()
	private := filepath.Join(s.dir, "private")
	if err := os.Mkdir(private, 0o700); err != nil {
		t.Fatal(err)
	}
	s.tell("dozvon-server backup {dir}/private/school.tar.gz --data {data}")
	s.tell("dozvon-server restore {dir}/private/school.tar.gz --data {data}")
	s.wantOthers("restore")
	if info, err := os.Stat(filepath.Join(private, "school.tar.gz")); err != nil || info.Sys().(*syscall.Stat_t).Uid != 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v", info, err)
	}
}

// TestBackup_ofPostgreSQL: the command that is printed copies the rest, and what is printed at the restore brings it back.
func TestBackup_ofPostgreSQL(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	url, fresh := pgtest.URL(t), pgtest.URL(t)
	s.tell("dozvon-server account add --login gromov --name Громов --role admin --password-stdin --data {data} --database " + url)
	said := s.tell("dozvon-server backup {dir}/school.tar.gz --data {data} --database " + url)
	wantSaid(t, said, "sealing key: included", "PostgreSQL's own to copy")
	dump := said[strings.Index(said, "pg_dump"):]
	if out, err := exec.Command("sh", "-c", dump).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", dump, err, out)
	}
	if strings.Contains(said, "database: ") {
		t.Errorf("it claims to hold the database: %s", said)
	}
	code, stderr := s.start("dozvon-server restore {dir}/school.tar.gz --data {dir}/new")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	wantSaid(t, stderr, "made beside a PostgreSQL database and holds none", "pg_restore")
	said = s.tell("dozvon-server restore {dir}/school.tar.gz --data {dir}/new --database " + fresh)
	wantSaid(t, said, "pg_restore --no-owner")
	back := exec.Command("pg_restore", "--no-owner", "--dbname="+fresh, filepath.Join(s.dir, "school.tar.gz.dump"))
	if out, err := back.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if said := s.tell("dozvon-server account list --data {dir}/new --database " + fresh); !strings.Contains(said, "gromov") {
		t.Errorf("the people are %s", said)
	}
}

func TestDumpCommand_showsNoPassword(t *testing.T) {
	t.Parallel()
	got := dumpCommand("postgres://dozvon:secret@db/it's?sslmode=require&password=secret", "/b/a.tar.gz")
	if strings.Contains(got, "secret") || got != `pg_dump --format=custom --no-owner --file='/b/a.tar.gz.dump' 'postgres://dozvon@db/it'\''s?sslmode=require'` {
		t.Error(got)
	}
}

// TestRestore_brokenOffIsFinishedByTheNextStart: what works beside a server refuses until then.
func TestRestore_brokenOffIsFinishedByTheNextStart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.school()
	s.write("recordings/old.mp3", "old")
	s.write("restore-unfinished/recordings/new.mp3", "new")
	s.write("before-restore-1/x", "")
	note := map[string]any{"backup": "b", "moves": []map[string]string{{
		"name": "recordings", "new": filepath.Join(s.data, "restore-unfinished", "recordings"),
		"place": filepath.Join(s.data, "recordings"), "aside": filepath.Join(s.data, "before-restore-1", "recordings"),
	}}}
	raw, err := json.Marshal(note)
	if err != nil {
		t.Fatal(err)
	}
	s.write("restore.json", string(raw))
	for _, line := range []string{"account list --data {data}", "backup {dir}/x --data {data}"} {
		code, stderr := s.start("dozvon-server " + line)
		if code != 1 || !strings.Contains(stderr, "a restore was broken off") || !strings.Contains(stderr, "start the server") {
			t.Errorf("%s: exit code %d, %s", line, code, stderr)
		}
	}
	t.Run("start", func(t *testing.T) { (&site{t: t, dir: s.dir, data: s.data}).serving() })
	for name, want := range map[string]string{"recordings/new.mp3": "new", "before-restore-1/recordings/old.mp3": "old"} {
		if got, err := os.ReadFile(filepath.Join(s.data, name)); string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	left, err := os.ReadDir(s.data)
	if err != nil || slices.ContainsFunc(left, func(d os.DirEntry) bool { return strings.HasPrefix(d.Name(), "restore") }) {
		t.Errorf("left are %v, %v", left, err)
	}
	if said := s.tell("dozvon-server account list --data {data}"); !strings.Contains(said, "LOGIN") {
		t.Error(said)
	}
}

// TestRestore_refusesBesideACommand: it would take the database from under it.
func TestRestore_refusesBesideACommand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.school()
	s.tell("dozvon-server backup {dir}/a.tar.gz --data {data}")
	p, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: s.data, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	code, stderr := s.start("dozvon-server restore {dir}/a.tar.gz --data {data}")
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if code != 1 || !strings.Contains(stderr, "another command works on the data folder") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	said := s.tell("dozvon-server restore {dir}/a.tar.gz --data {data}")
	wantSaid(t, said, fmt.Sprintf("what was there before lies in %s/before-restore-", s.data))
}
