//go:build unix

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
)

// nobody is the user whom a server runs as beside root in tests.
const nobody = 65534

// giveAway gives the data folder to another user, as the packages' is.
func (s *site) giveAway() {
	s.t.Helper()
	err := filepath.WalkDir(s.data, func(at string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(at, nobody, nobody))
	})
	if err := errors.Join(err, os.Chmod(s.dir, 0o755)); err != nil {
		s.t.Fatal(err)
	}
}

// wantOthers looks whether everything in the data folder belongs to its owner.
func (s *site) wantOthers(after string) {
	s.t.Helper()
	err := filepath.WalkDir(s.data, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if owner := info.Sys().(*syscall.Stat_t).Uid; owner != nobody {
			s.t.Errorf("after %s %s belongs to %d", after, at, owner)
		}
		return nil
	})
	if err != nil {
		s.t.Error(err)
	}
}

// TestCommands_byRootLeaveTheFolderToTheServer: what root makes there the server and its next command could not open.
func TestCommands_byRootLeaveTheFolderToTheServer(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root works for another user")
	}
	private := func(s *site) string {
		s.t.Helper()
		table := filepath.Join(s.dir, "private", "contracts.csv")
		err := errors.Join(os.Mkdir(filepath.Dir(table), 0o700), os.WriteFile(table, []byte("№ договора;ФИО;Телефон\n12;Ким Анна;89145550148\n;Без номера;89145550149\n"), 0o600))
		if err != nil {
			s.t.Fatal(err)
		}
		return table
	}
	for name, lines := range map[string][]string{
		"import":         {"dozvon-server import contracts {dir}/private/contracts.csv --data {data}"},
		"export-person":  {"dozvon-server import contracts {dir}/private/contracts.csv --data {data}", "dozvon-server export-person 89145550148 --out {dir}/private/ann.zip --data {data}"},
		"erase":          {"dozvon-server erase 89145550148 --data {data}"},
		"backup":         {"dozvon-server backup {dir}/private/a.tar.gz --data {data}", "dozvon-server restore {dir}/private/a.tar.gz --data {data}"},
		"forget-secrets": {"dozvon-server forget-secrets --data {data}"},
		"account":        {"dozvon-server account list --data {data}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.school()
			table := private(s)
			if err := os.RemoveAll(filepath.Join(s.data, "commands.lock")); err != nil {
				t.Fatal(err)
			}
			s.giveAway()
			for _, line := range lines {
				s.tell(line)
				s.wantOthers(strings.Fields(line)[1])
			}
			if info, err := os.Stat(table + ".report.csv"); name == "import" && (err != nil || info.Sys().(*syscall.Stat_t).Uid != 0) {
				t.Errorf("the report beside the table: %v, %v", info, err)
			}
		})
	}
}

// TestBackup_refusesBesideARestore: half of it would be of before.
func TestBackup_refusesBesideARestore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.school()
	restoring := flock.New(filepath.Join(s.data, "commands.lock"))
	if held, err := restoring.TryLock(); err != nil || !held {
		t.Fatal(held, err)
	}
	code, stderr := s.start("dozvon-server backup {dir}/a.tar.gz --data {data}")
	if err := restoring.Close(); err != nil {
		t.Fatal(err)
	}
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	wantSaid(t, stderr, "a restore goes on")
	if _, err := os.Stat(filepath.Join(s.dir, "a.tar.gz")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a backup: %v", err)
	}
	s.tell("dozvon-server backup {dir}/a.tar.gz --data {data}")
}

// TestRestore_refusesAPipe: its other end would be waited for.
func TestRestore_refusesAPipe(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := syscall.Mkfifo(filepath.Join(s.dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stderr := s.start("dozvon-server restore {dir}/pipe --data {data}")
	if code != 1 || !strings.Contains(stderr, "is not a file: nothing was changed") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
