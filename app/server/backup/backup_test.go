package backup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"dozvon/app/server/backup"
	"dozvon/app/server/store"
)

func TestMake_isPutBackWhole(t *testing.T) {
	t.Parallel()
	in := installation(t, "осень")
	file, report := backedUp(t, in, backup.Options{})
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 || info.Size() != report.Size {
		t.Errorf("the file: %v, %v, told %d", info, err, report.Size)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("beside the backup lie %v, %v", left, err)
	}
	to := place(t.TempDir())
	done, err := restore(t, to, file)
	if err != nil || len(done.Aside) != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	got, want := tree(t, to.Data), tree(t, in.Data)
	for _, part := range []string{"recordings", "imports"} {
		sameTree(t, part, under(got, part), without(under(want, part), "dd44"))
	}
	if got["seal.key"] != want["seal.key"] {
		t.Error("another sealing key")
	}
	for name := range got {
		if strings.HasPrefix(name, "restore") || strings.HasPrefix(name, "before") {
			t.Errorf("%s is left", name)
		}
	}
	if words := wordsOf(t, to); !slices.Equal(words, []string{`"осень"`}) {
		t.Errorf("the journal holds %v", words)
	}
	old, err := os.Stat(filepath.Join(in.Data, "recordings", "aa11.mp3"))
	if err != nil {
		t.Fatal(err)
	}
	now, err := os.Stat(filepath.Join(to.Data, "recordings", "aa11.mp3"))
	if err != nil || now.ModTime().Unix() != old.ModTime().Unix() {
		t.Errorf("a recording is of %v, %v, and was of %v: by its age it is kept", now.ModTime(), err, old.ModTime())
	}
}

// TestMake_isOneStateWhileOthersWrite: every transaction writes two rows; a copy of another moment would hold one.
func TestMake_isOneStateWhileOthersWrite(t *testing.T) {
	t.Parallel()
	in := installation(t, "осень")
	st, err := store.Open(t.Context(), in.Database, now)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	acknowledged, ended := make(chan int, 1), make(chan int)
	begun := make(chan struct{})
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			if n == 20 {
				close(begun)
			}
			// Pages enough that the copy takes several steps.
			journal(t, st, strings.Repeat("a", 20_000), "b")
			select {
			case <-acknowledged:
			default:
			}
			acknowledged <- n + 1
		}
		ended <- n
	}()
	<-begun
	before := <-acknowledged
	file, _ := backedUp(t, in, backup.Options{})
	stop()
	total := <-ended
	to := place(t.TempDir())
	if _, err := restore(t, to, file); err != nil {
		t.Fatal(err)
	}
	rows := len(wordsOf(t, to)) - 1
	if rows%2 != 0 || rows/2 < before || rows/2 > total {
		t.Errorf("the backup holds %d rows; %d pairs were there before it, %d in the end", rows, before, total)
	}
}

func TestMake_leavesOutWhatIsAsked(t *testing.T) {
	t.Parallel()
	in := installation(t, "осень")
	file, report := backedUp(t, in, backup.Options{WithoutKey: true, WithoutRecordings: true})
	if m := report.Manifest; m.Has("seal.key") || m.Has("recordings") || !m.Has("imports") || !m.Has("dozvon.db") || !slices.Equal(m.LeftOut, []string{"seal.key", "recordings"}) {
		t.Errorf("the manifest tells %+v", m)
	}
	empty := place(t.TempDir())
	if _, err := restore(t, empty, file); err == nil || !strings.Contains(err.Error(), "put the key of that installation there first") {
		t.Errorf("without any key: %v", err)
	}
	if left := tree(t, empty.Data); len(left) != 1 {
		t.Errorf("a refused restore left %v", left)
	}
	other := installation(t, "зима")
	if _, err := restore(t, other, file); err == nil || !strings.Contains(err.Error(), "is not its") {
		t.Errorf("beside another key: %v", err)
	}
	had := tree(t, in.Data)
	if _, err := restore(t, in, file); err != nil {
		t.Fatal(err)
	}
	got := tree(t, in.Data)
	sameTree(t, "recordings", under(got, "recordings"), under(had, "recordings"))
	if got["seal.key"] != had["seal.key"] {
		t.Error("the key has changed")
	}
}

func TestMake_refusals(t *testing.T) {
	t.Parallel()
	in := installation(t, "осень")
	o := backup.Options{Program: "test", Now: now}
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	write(t, dir, "taken", "mine")
	if _, err := backup.Make(t.Context(), in, taken, o); !errors.Is(err, backup.ErrExists) {
		t.Errorf("over another file: %v", err)
	}
	if raw, err := os.ReadFile(taken); string(raw) != "mine" || err != nil {
		t.Errorf("the other file holds %q, %v", raw, err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Make(t.Context(), in, filepath.Join(dir, "link"), o); !errors.Is(err, backup.ErrExists) {
		t.Errorf("over a link: %v", err)
	}
	if _, err := backup.Make(t.Context(), in, filepath.Join(dir, "none", "x"), o); err == nil || !strings.Contains(err.Error(), "make the folder") {
		t.Errorf("into no folder: %v", err)
	}
	if _, err := backup.Make(t.Context(), place(t.TempDir()), filepath.Join(dir, "x"), o); !errors.Is(err, store.ErrNone) {
		t.Errorf("of nothing: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := backup.Make(ctx, in, filepath.Join(dir, "x"), o); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	lost := in
	lost.SealKey = filepath.Join(dir, "no.key")
	if _, err := backup.Make(t.Context(), lost, filepath.Join(dir, "x"), o); err == nil || !strings.Contains(err.Error(), "--without-key") {
		t.Errorf("without its key: %v", err)
	}
	lost.SealKey = installation(t, "зима").SealKey
	if _, err := backup.Make(t.Context(), lost, filepath.Join(dir, "x"), o); err == nil || !strings.Contains(err.Error(), "is not the one of this database") {
		t.Errorf("with another key: %v", err)
	}
	// Where the server makes room a backup would be deleted, and be in the next one.
	if err := os.Symlink(filepath.Join(in.Data, "recordings"), filepath.Join(dir, "sounds")); err != nil {
		t.Fatal(err)
	}
	for _, among := range []string{filepath.Join(in.Data, "recordings"), filepath.Join(in.Data, "imports"), filepath.Join(dir, "sounds")} {
		if _, err := backup.Make(t.Context(), in, filepath.Join(among, "a.tar.gz"), o); err == nil || !strings.Contains(err.Error(), "take another folder") {
			t.Errorf("into %s: %v", among, err)
		}
	}
	if _, err := backup.Make(t.Context(), in, "", o); err == nil || !strings.Contains(err.Error(), "needs a name") {
		t.Errorf("without a name: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 3 {
		t.Errorf("the refused backups left %v, %v", left, err)
	}
}

// TestMake_refusesADamagedDatabase: a backup of it would push a good one out.
func TestMake_refusesADamagedDatabase(t *testing.T) {
	t.Parallel()
	in := installation(t, "осень")
	path := strings.TrimPrefix(in.Database, "sqlite://")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 8 * 4096; at < 20*4096; at += 4096 {
		copy(raw[at:], "overwritten by something else")
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x")
	_, err = backup.Make(t.Context(), in, file, backup.Options{Now: now})
	if err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("there is a backup")
	}
}

// TestMake_takesAwayWhatAKilledOneLeft, and nothing of one that goes on.
func TestMake_takesAwayWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	in, dir := installation(t, "осень"), t.TempDir()
	write(t, dir, ".dozvon-backup-1/lock", "")
	write(t, dir, ".dozvon-backup-1/copy.db", "half")
	write(t, dir, ".dozvon-backup-2/copy.db", "half")
	lock := flock.New(filepath.Join(dir, ".dozvon-backup-2", "lock"))
	if held, err := lock.TryLock(); err != nil || !held {
		t.Fatal(held, err)
	}
	defer lock.Close()
	if _, err := backup.Make(t.Context(), in, filepath.Join(dir, "school.tar.gz"), backup.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	sameTree(t, "beside the backup", without(tree(t, dir), "./", "school", ".dozvon-backup-2/lock"), map[string]string{".dozvon-backup-2/": "", ".dozvon-backup-2/copy.db": tree(t, dir)[".dozvon-backup-2/copy.db"]})
}

func TestMake_severalAtOnceComeToTheirEnd(t *testing.T) {
	t.Parallel()
	in, dir := installation(t, "осень"), t.TempDir()
	results := make(chan error)
	for i := range 6 {
		go func() {
			name := "same.tar.gz"
			if i > 2 {
				name = fmt.Sprintf("%d.tar.gz", i)
			}
			_, err := backup.Make(t.Context(), in, filepath.Join(dir, name), backup.Options{Now: now})
			results <- err
		}()
	}
	made := 0
	for range 6 {
		switch err := <-results; {
		case err == nil:
			made++
		case !errors.Is(err, backup.ErrExists):
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); made != 4 || len(left) != 4 || err != nil {
		t.Errorf("%d were made, there are %v, %v", made, left, err)
	}
}
