//go:build unix

package backup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"dozvon/app/server/backup"
)

// What makes the test binary a restore that kills itself before a step.
const (
	killStep = "DOZVON_TEST_KILL_STEP"
	killData = "DOZVON_TEST_KILL_DATA"
	killFile = "DOZVON_TEST_KILL_FILE"
)

func TestMain(m *testing.M) {
	if step := os.Getenv(killStep); step != "" {
		os.Exit(restoreUntil(step))
	}
	os.Exit(m.Run())
}

// restoreUntil restores and ends by SIGKILL before the step of a number.
func restoreUntil(step string) int {
	left, err := strconv.Atoi(step)
	if err != nil {
		return 2
	}
	f, err := os.Open(os.Getenv(killFile))
	if err != nil {
		return 2
	}
	r := &backup.Restorer{To: place(os.Getenv(killData)), Now: now}
	r.BreakOff(func(string) {
		if left--; left == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	if _, err := r.Restore(context.Background(), backup.Source{Name: f.Name(), From: f}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// killed runs a restore that is killed before a step; false: it came to its end.
func killed(t *testing.T, step int, to backup.Installation, file string) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killStep+"="+strconv.Itoa(step), killData+"="+to.Data, killFile+"="+file)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err == nil {
		return false
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !errors.As(err, &exit) || !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("step %d: %v: %s", step, err, out)
	}
	return true
}

// TestRestore_killedAtAnyStepIsOneOrTheOther: after each kill the next start finds what was there before, untouched, or
// finishes what was restored; never some of both. The next restore always comes to its end, killed once more or not.
func TestRestore_killedAtAnyStepIsOneOrTheOther(t *testing.T) {
	t.Parallel()
	from := installation(t, "осень")
	file, _ := backedUp(t, from, backup.Options{})
	old := installation(t, "зима")
	write(t, old.Data, "dozvon.db-wal", "")
	had := tree(t, old.Data)
	want := place(t.TempDir())
	if _, err := restore(t, want, file); err != nil {
		t.Fatal(err)
	}
	fresh := tree(t, want.Data)
	// A restored folder keeps the settings, and holds what was before.
	fresh["server.yaml"] = had["server.yaml"]
	const ours = "before-restore-"
	olds, news := 0, 0
	step := 1
	for ; ; step++ {
		to := place(filepath.Join(t.TempDir(), "data"))
		if err := os.CopyFS(to.Data, os.DirFS(old.Data)); err != nil {
			t.Fatal(err)
		}
		if !killed(t, step, to, file) {
			break
		}
		pending, err := backup.Pending(to.Data)
		if err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprintf("killed before step %d", step)
		if !pending {
			all := tree(t, to.Data)
			if strings.Contains(fmt.Sprint(all), "dozvon.db-wal") && all["dozvon.db"] == had["dozvon.db"] {
				olds++
				sameTree(t, what, without(all, "restore", ours), had)
			} else {
				news++
				sameTree(t, what, without(all, ours), fresh)
			}
		} else {
			news++
			killed(t, step%4+1, to, file)
			if done, err := backup.Finish(to.Data); err != nil {
				t.Fatalf("%s: %t, %v", what, done, err)
			}
			sameTree(t, what, without(tree(t, to.Data), ours), fresh)
		}
		if _, err := restore(t, to, file); err != nil {
			t.Fatalf("%s, and restored again: %v", what, err)
		}
		all := tree(t, to.Data)
		sameTree(t, what+", and restored again", without(all, ours), fresh)
		if got := under(all, ours+"20261128-120000"); got["dozvon.db"] != had["dozvon.db"] || got["seal.key"] != had["seal.key"] || got["recordings/bb22.mp3"] != had["recordings/bb22.mp3"] {
			if got = under(all, ours+"20261128-120000-2"); got["dozvon.db"] != had["dozvon.db"] {
				t.Errorf("%s: what was there before is not aside", what)
			}
		}
	}
	t.Logf("%d kills: %d times what was there before, %d times what was restored", step-1, olds, news)
	if olds < 10 || news < 10 {
		t.Errorf("only %d and %d", olds, news)
	}
}
