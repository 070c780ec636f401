package backup_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/backup"
	"dozvon/app/server/store"
)

var madeAt = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func now() time.Time { return madeAt }

// place says where an installation in a folder has its things.
func place(dir string) backup.Installation {
	return backup.Installation{Data: dir, Database: "sqlite://" + filepath.Join(dir, "dozvon.db"), SealKey: filepath.Join(dir, "seal.key")}
}

// installation makes one whose database notes word, with recordings that are told by it.
func installation(t *testing.T, word string) backup.Installation {
	t.Helper()
	in := place(t.TempDir())
	st, err := store.Open(t.Context(), in.Database, now)
	if err != nil {
		t.Fatal(err)
	}
	key, err := access.NewSealer(in.SealKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.KeepSealFingerprint(t.Context(), key.Fingerprint()); err != nil {
		t.Fatal(err)
	}
	journal(t, st, word)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, uint64(len(word))))
	sound := make([]byte, 5000)
	for i := range sound {
		sound[i] = byte(r.Uint32())
	}
	write(t, in.Data, "recordings/aa11.mp3", word+string(sound))
	write(t, in.Data, "recordings/bb22.mp3", word)
	write(t, in.Data, "recordings/cc33.mp3.evicted", "")
	write(t, in.Data, "recordings/dd44.mp3.part", "half of "+word)
	write(t, in.Data, "imports/0190/upload", "ФИО;Телефон\n"+word)
	write(t, in.Data, "server.yaml", "raw-days: 5\n")
	return in
}

// journal writes rows with words, all in one transaction.
func journal(t *testing.T, st *store.Store, words ...string) {
	t.Helper()
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		for _, w := range words {
			if err := tx.Journal("test", "all", w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// wordsOf are what the journal of an installation holds.
func wordsOf(t *testing.T, in backup.Installation) []string {
	t.Helper()
	st, err := store.Open(t.Context(), in.Database, now)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rows, err := st.JournalAfter(t.Context(), 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rows {
		all = append(all, string(r.Data))
	}
	return all
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tree is every file of a folder with its checksum, and every folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, at)
		if err != nil || d.IsDir() {
			all[filepath.ToSlash(name)+"/"] = ""
			return err
		}
		raw, err := os.ReadFile(at)
		sum := sha256.Sum256(raw)
		all[filepath.ToSlash(name)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// under is the part of a tree below a folder.
func under(all map[string]string, folder string) map[string]string {
	part := map[string]string{}
	for name, sum := range all {
		if rest, ok := strings.CutPrefix(name, folder+"/"); ok && rest != "" {
			part[rest] = sum
		}
	}
	return part
}

// without leaves out of a tree what lies in folders, or is called so.
func without(all map[string]string, names ...string) map[string]string {
	rest := maps.Clone(all)
	maps.DeleteFunc(rest, func(name, _ string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(name, n) })
	})
	return rest
}

func sameTree(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for name, sum := range want {
		if have, ok := got[name]; !ok || have != sum {
			t.Errorf("%s: %s is there: %t, and the same: %t", what, name, ok, have == sum)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: there is also %s", what, name)
		}
	}
}

// backedUp makes a backup of an installation.
func backedUp(t *testing.T, in backup.Installation, o backup.Options) (file string, report backup.Report) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "school.tar.gz")
	o.Now, o.Program = now, "test"
	report, err := backup.Make(t.Context(), in, file, o)
	if err != nil {
		t.Fatal(err)
	}
	return file, report
}

func restore(t *testing.T, in backup.Installation, file string) (backup.Restored, error) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return (&backup.Restorer{To: in, Now: now}).Restore(t.Context(), backup.Source{Name: file, From: f})
}
