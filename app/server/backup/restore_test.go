package backup_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/app/server/backup"
)

// entry is one file of a tar.
type entry struct {
	header tar.Header
	body   []byte
}

// unpacked reads a backup by the programs that everybody has.
func unpacked(t *testing.T, file string) []entry {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry{header: *h, body: body})
	}
}

// packed makes a file of entries.
func packed(t *testing.T, all []entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for _, e := range all {
		if e.header.Size == 0 {
			e.header.Size = int64(len(e.body))
		}
		if err := w.WriteHeader(&e.header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// told puts a manifest at the end that fits the entries, changed by change.
func told(t *testing.T, all []entry, change func(*backup.Manifest)) []entry {
	t.Helper()
	last := all[len(all)-1]
	var m backup.Manifest
	if err := json.Unmarshal(last.body, &m); err != nil {
		t.Fatal(err)
	}
	m.Files = nil
	rest := all[: len(all)-1 : len(all)-1]
	for _, e := range rest {
		sum := sha256.Sum256(e.body)
		m.Files = append(m.Files, backup.File{Name: e.header.Name, Size: int64(len(e.body)), SHA256: hex.EncodeToString(sum[:])})
	}
	change(&m)
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	last.body, last.header.Size = raw, 0
	return append(rest, last)
}

func asIs(*backup.Manifest) {}

func TestRestore_refusesWhatIsNoWholeBackup(t *testing.T) {
	t.Parallel()
	file, _ := backedUp(t, installation(t, "осень"), backup.Options{})
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := unpacked(t, file)
	evil := func(h tar.Header, body string) []entry {
		e := entry{header: h, body: []byte(body)}
		return told(t, append([]entry{e}, all...), asIs)
	}
	sum := func(i int, change func([]byte)) []entry {
		changed := append([]entry(nil), all...)
		changed[i].body = bytes.Clone(all[i].body)
		change(changed[i].body)
		return changed
	}
	var foreign bytes.Buffer
	z := zip.NewWriter(&foreign)
	if _, err := z.Create("dozvon.db"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		file []byte
		says string
	}{
		"nothing":                {nil, "is no backup of Dozvon"},
		"a short text":           {[]byte("hello"), "is no backup of Dozvon"},
		"a letter":               {[]byte("x"), "is no backup of Dozvon"},
		"a text":                 {[]byte("это не архив"), "is no backup of Dozvon"},
		"a zip":                  {foreign.Bytes(), "is no backup of Dozvon"},
		"its beginning":          {whole[:9], "ends before its end"},
		"a byte less":            {whole[:len(whole)-1], "ends before its end"},
		"something behind":       {append(bytes.Clone(whole), "more than a header of gzip takes"...), "is damaged"},
		"another tar":            {packed(t, []entry{{header: tar.Header{Name: "etc/passwd", Mode: 0o600}, body: []byte("x")}}), "which no backup of Dozvon holds"},
		"a tar of nothing":       {packed(t, nil), "has no manifest"},
		"a way up":               {packed(t, evil(tar.Header{Name: "../up", Mode: 0o600}, "x")), "which no backup of Dozvon holds"},
		"a way up in a folder":   {packed(t, evil(tar.Header{Name: "recordings/../../up", Mode: 0o600}, "x")), "which no backup of Dozvon holds"},
		"a backslash":            {packed(t, evil(tar.Header{Name: `recordings\..\..\up`, Mode: 0o600}, "x")), "which no backup of Dozvon holds"},
		"a path from the root":   {packed(t, evil(tar.Header{Name: "/recordings/x.mp3", Mode: 0o600}, "x")), "which no backup of Dozvon holds"},
		"a drive":                {packed(t, evil(tar.Header{Name: "recordings/C:x", Mode: 0o600}, "x")), "which no backup of Dozvon holds"},
		"settings":               {packed(t, evil(tar.Header{Name: "server.yaml", Mode: 0o600}, "proxies: 0.0.0.0/0")), "which no backup of Dozvon holds"},
		"a symbolic link":        {packed(t, evil(tar.Header{Name: "recordings/x.mp3", Typeflag: tar.TypeSymlink, Linkname: "/etc"}, "")), "is a link"},
		"a hard link":            {packed(t, evil(tar.Header{Name: "seal.key", Typeflag: tar.TypeLink, Linkname: "/etc/shadow"}, "")), "is a link"},
		"a folder":               {packed(t, evil(tar.Header{Name: "recordings/", Typeflag: tar.TypeDir}, "")), "is a link, a folder"},
		"a device":               {packed(t, evil(tar.Header{Name: "recordings/x", Typeflag: tar.TypeChar}, "")), "is a link, a folder or a device"},
		"a file twice":           {packed(t, told(t, append([]entry{all[0]}, all...), asIs)), "holds dozvon.db twice"},
		"a file too much":        {packed(t, append([]entry{{header: tar.Header{Name: "recordings/x.mp3", Mode: 0o600}, body: []byte("x")}}, all...)), "lacks"},
		"a file too few":         {packed(t, all[1:]), "lacks"},
		"a file behind":          {packed(t, append(append([]entry(nil), all...), all[1])), "twice"},
		"a changed database":     {packed(t, sum(0, func(b []byte) { b[5000]++ })), "is damaged"},
		"a changed recording":    {packed(t, sum(len(all)-3, func(b []byte) { b[0]++ })), "is damaged"},
		"a bad manifest":         {packed(t, sum(len(all)-1, func(b []byte) { b[0] = '[' })), "cannot be read"},
		"no database":            {packed(t, told(t, all[1:], asIs)), "does not fit"},
		"a newer format":         {packed(t, told(t, all, func(m *backup.Manifest) { m.Format = 9 })), "has the format 9"},
		"a newer schema":         {packed(t, told(t, all, func(m *backup.Manifest) { m.Schema = 999 })), "newer version of Dozvon"},
		"another schema":         {packed(t, told(t, all, func(m *backup.Manifest) { m.Schema-- })), "holds another database"},
		"PostgreSQL's":           {packed(t, told(t, all[1:], func(m *backup.Manifest) { m.Database, m.Schema = "postgres", 0 })), "made beside a PostgreSQL database"},
		"another key":            {packed(t, told(t, sum(1, func(b []byte) { b[0]++ }), asIs)), "holds another sealing key"},
		"no database in a shape": {packed(t, told(t, sum(0, func(b []byte) { copy(b, "SQLite format 9") }), asIs)), "cannot be read"},
	}
	to := installation(t, "зима")
	had := tree(t, to.Data)
	for name, tt := range tests {
		path := filepath.Join(t.TempDir(), "x.tar.gz")
		if err := os.WriteFile(path, tt.file, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := restore(t, to, path)
		var bad *backup.BadFile
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
	sameTree(t, "after the refusals", tree(t, to.Data), had)
}

// TestRestore_refusesEveryDamage: a byte that differs anywhere, or an end anywhere, is seen before anything is touched.
func TestRestore_refusesEveryDamage(t *testing.T) {
	t.Parallel()
	file, _ := backedUp(t, installation(t, "осень"), backup.Options{})
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	to := installation(t, "зима")
	had := tree(t, to.Data)
	refused := func(what string, content []byte) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "x.tar.gz")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := restore(t, to, path); err == nil {
			t.Fatalf("%s was restored", what)
		}
	}
	for i := range 40 {
		refused(fmt.Sprintf("the first %d of 40", i), whole[:len(whole)*i/40])
		at := 10 + (len(whole)-10)*i/40 // the header of gzip has bytes that mean nothing
		changed := bytes.Clone(whole)
		changed[at] ^= 0x20
		refused(fmt.Sprintf("a file with another byte %d", at), changed)
	}
	sameTree(t, "after the refusals", tree(t, to.Data), had)
}

// TestVerify_refusesMoreThanTheDiskHolds before it reads it.
func TestVerify_refusesMoreThanTheDiskHolds(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	w := tar.NewWriter(z)
	if err := w.WriteHeader(&tar.Header{Name: "recordings/a.mp3", Mode: 0o600, Size: 1 << 50}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Flush(), z.Close()); err == nil {
		t.Fatal("the tar is whole")
	}
	_, err := backup.Verify(t.Context(), "x", bytes.NewReader(bomb.Bytes()), 1<<40)
	if err == nil || !strings.Contains(err.Error(), "would unpack to 1.1 PB or more, and the disk has 1.1 TB left: nothing was changed; make room on the disk") {
		t.Errorf("one that claims to be large: %v", err)
	}

	var many []entry
	for i := range 100 {
		many = append(many, entry{header: tar.Header{Name: fmt.Sprintf("recordings/%d.mp3", i), Mode: 0o600}, body: make([]byte, 1<<16)})
	}
	_, err = backup.Verify(t.Context(), "x", bytes.NewReader(packed(t, many)), 1<<20)
	if err == nil || !strings.Contains(err.Error(), "would unpack to") {
		t.Errorf("many: %v", err)
	}
	manifest := entry{header: tar.Header{Name: "manifest.json", Mode: 0o600}, body: bytes.Repeat([]byte(" "), 1<<20)}
	_, err = backup.Verify(t.Context(), "x", bytes.NewReader(packed(t, []entry{manifest})), 1<<40)
	if err == nil || !strings.Contains(err.Error(), "has a manifest of 1.0 MB for 0 files") {
		t.Errorf("a manifest without an end: %v", err)
	}
}

// TestRestore_putsWhatWasThereAside, the key and what a database keeps beside its file included, and each time in a
// folder of its own.
func TestRestore_putsWhatWasThereAside(t *testing.T) {
	t.Parallel()
	first, _ := backedUp(t, installation(t, "осень"), backup.Options{})
	second, _ := backedUp(t, installation(t, "весна"), backup.Options{})
	to := installation(t, "зима")
	write(t, to.Data, "dozvon.db-wal", "not written yet")
	had := tree(t, to.Data)
	for i, step := range []struct{ file, word, aside string }{
		{first, "осень", "before-restore-20261128-120000"},
		{second, "весна", "before-restore-20261128-120000-2"},
	} {
		done, err := restore(t, to, step.file)
		if err != nil || len(done.Aside) != 1 || done.Aside[0] != filepath.Join(to.Data, step.aside) {
			t.Fatalf("%+v, %v", done, err)
		}
		all := tree(t, to.Data)
		if i == 0 {
			sameTree(t, "aside", under(all, step.aside), without(had, "./", "server.yaml"))
			if _, left := all["dozvon.db-wal"]; left {
				t.Error("the former database's log lies beside the restored one")
			}
		}
		if all["server.yaml"] != had["server.yaml"] {
			t.Error("the settings have changed")
		}
		if words := wordsOf(t, to); len(words) != 1 || words[0] != `"`+step.word+`"` {
			t.Errorf("the journal holds %v", words)
		}
	}
}

// TestRestore_putsThingsWhereTheSettingsSay: the database and the key need not lie in the data folder.
func TestRestore_putsThingsWhereTheSettingsSay(t *testing.T) {
	t.Parallel()
	file, _ := backedUp(t, installation(t, "осень"), backup.Options{})
	base := t.TempDir()
	to := backup.Installation{
		Data: filepath.Join(base, "data"), Database: "sqlite://" + filepath.Join(base, "db", "school.db"), SealKey: filepath.Join(base, "etc", "our.key"),
	}
	write(t, base, "db/school.db", "damaged")
	write(t, base, "db/school.db-wal", "damaged, too")
	write(t, base, "etc/our.key", "another")
	write(t, base, "data/server.yaml", "")
	had := tree(t, base)
	done, err := restore(t, to, file)
	if err != nil || len(done.Aside) != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	all := tree(t, base)
	for name, aside := range map[string]string{"db/school.db": "db/", "db/school.db-wal": "db/", "etc/our.key": "etc/"} {
		if got := all[aside+"before-restore-20261128-120000/"+filepath.Base(name)]; got != had[name] {
			t.Errorf("%s lies aside: %t", name, got != "")
		}
	}
	if words := wordsOf(t, to); len(words) != 1 || words[0] != `"осень"` {
		t.Errorf("the journal holds %v", words)
	}
}
