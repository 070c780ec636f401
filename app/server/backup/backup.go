// Package backup writes what an installation is made of into one file, and puts such a file back. It knows files,
// names and checksums; what stands in the database is the store's.
//
// # The file
//
// A backup is a tar in gzip, which any unpacker opens: dozvon.db (a copy that SQLite itself made of one state),
// seal.key, the folders recordings and imports, and last manifest.json, which tells the size and the SHA-256 of
// each. It appears under its name when it is whole and durable, and never in the place of another file.
//
// # Putting it back
//
// Restore reads the file to its end and compares every checksum before it writes a byte; then it unpacks beside what
// is there, compares again, and makes it durable. Only then it notes in restore.json what goes where. From that note
// on the restored installation is the one that counts: whatever breaks off, Finish goes on with the renaming, and
// until it has, nothing opens the folder. Before the note nothing of the old data was touched. What was there is put
// aside, never deleted.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/disk"
	"dozvon/app/server/store"
)

// Installation says where everything of a server lies.
type Installation struct {
	Data     string // its folder
	Database string // URL
	SealKey  string // the key's file
}

// sqliteFile is the database's file, if it is one.
func (in Installation) sqliteFile() (path string, ok bool) {
	return strings.CutPrefix(in.Database, "sqlite://")
}

// Options say what a backup is to hold.
type Options struct {
	Program string // this program's version, for the manifest
	Now     func() time.Time
	// WithoutKey and WithoutRecordings leave those out.
	WithoutKey, WithoutRecordings bool
}

// Report tells what a backup holds.
type Report struct {
	Manifest Manifest
	Size     int64 // of the file
}

// ErrExists says that the name of a backup is taken.
var ErrExists = errors.New("there is a file of that name already, and a backup never replaces one: take another name, or move it away")

// Make writes a backup of in to file, while a server may run and write.
func Make(ctx context.Context, in Installation, file string, o Options) (Report, error) {
	if _, err := os.Lstat(file); err == nil {
		return Report{}, fmt.Errorf("%s: %w", file, ErrExists)
	}
	if err := in.keeps(file); err != nil {
		return Report{}, err
	}
	work, err := disk.OpenWork(filepath.Dir(file), workPrefix)
	if err != nil {
		return Report{}, fmt.Errorf("preparing the backup: %w", err)
	}
	defer work.Close()
	m := Manifest{Format: format, Program: o.Program, MadeAt: o.Now().UTC().Truncate(time.Second), LeftOut: []string{}, Files: []File{}}
	if m.Database, m.Schema, m.SealFingerprint, err = copyDatabase(ctx, in, work); err != nil {
		return Report{}, err
	}
	key, err := readKey(in, m, o)
	if err != nil {
		return Report{}, err
	}
	whole := filepath.Join(work.Dir, "whole")
	if err := writeFile(ctx, whole, in, work, &m, key, o); err != nil {
		return Report{}, fmt.Errorf("writing the backup: %w", err)
	}
	info, err := os.Stat(whole)
	if err != nil {
		return Report{}, fmt.Errorf("writing the backup: %w", err)
	}
	if err := disk.Link(whole, file); errors.Is(err, fs.ErrExist) {
		return Report{}, fmt.Errorf("%s: %w", file, ErrExists)
	} else if err != nil {
		return Report{}, fmt.Errorf("naming the backup: %w", err)
	}
	if err := disk.SyncFolder(filepath.Dir(file)); err != nil {
		return Report{}, fmt.Errorf("naming the backup: %w", err)
	}
	return Report{Manifest: m, Size: info.Size()}, nil
}

// keeps refuses a place where a backup would not stay, and would be in the next one.
func (in Installation) keeps(file string) error {
	if file == "" {
		return errors.New("a backup needs a name, such as /mnt/backup/dozvon.tar.gz")
	}
	to, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return nil // what is not there is told when the file is made
	}
	here, err := os.Stat(to)
	if err != nil {
		return nil
	}
	for _, name := range []string{recordingsName, importsName} {
		if folder, err := os.Stat(filepath.Join(in.Data, name)); err == nil && os.SameFile(here, folder) {
			return fmt.Errorf("%s lies among the %s, where the server deletes what it does not need, and the next backup would hold it: take another folder, best on another disk", file, name)
		}
	}
	return nil
}

// workPrefix begins the folders of backups that are half done.
const workPrefix = ".dozvon-backup-"

func copyIn(work *disk.Work) string { return filepath.Join(work.Dir, "copy.db") }

// copyDatabase copies an SQLite database and makes sure that the copy is whole.
func copyDatabase(ctx context.Context, in Installation, work *disk.Work) (kind string, schema int64, fingerprint string, err error) {
	if _, isFile := in.sqliteFile(); !isFile {
		return Postgres, 0, "", nil
	}
	db, err := store.OpenAsIs(in.Database)
	if errors.Is(err, store.ErrNone) {
		return "", 0, "", fmt.Errorf("%w: there is nothing to back up; is --data the server's folder?", err)
	}
	if err != nil {
		return "", 0, "", err
	}
	defer db.Close()
	if err := db.Copy(ctx, copyIn(work)); err != nil {
		return "", 0, "", err
	}
	made, err := store.OpenCopy(copyIn(work))
	if err != nil {
		return "", 0, "", err
	}
	defer made.Close()
	damage, err := made.Damage(ctx, true)
	if err != nil {
		return "", 0, "", err
	}
	if len(damage) > 0 {
		return "", 0, "", fmt.Errorf("the database is damaged, and no backup was made of it (%s): keep the former backups, and restore the newest of them", damage[0])
	}
	if schema, err = made.Schema(ctx); err != nil {
		return "", 0, "", err
	}
	fingerprint, err = made.SealFingerprint(ctx)
	return SQLite, schema, fingerprint, err
}

// readKey reads the sealing key for a backup, and refuses one that does not open what is in it.
func readKey(in Installation, m Manifest, o Options) ([]byte, error) {
	if o.WithoutKey {
		return nil, nil
	}
	sealer, err := access.ReadSealer(in.SealKey)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the sealing key %s is not there: name its place by --seal-key, or leave it out by --without-key", in.SealKey)
	}
	if err != nil {
		return nil, err
	}
	if m.SealFingerprint != "" && sealer.Fingerprint() != m.SealFingerprint {
		return nil, fmt.Errorf("the sealing key %s is not the one of this database, and a backup with it would open nothing: name the right one by --seal-key, or leave it out by --without-key", in.SealKey)
	}
	return disk.ReadFile(in.SealKey)
}

// writeFile writes the whole backup and returns when it is durable.
func writeFile(ctx context.Context, to string, in Installation, work *disk.Work, m *Manifest, key []byte, o Options) error {
	f, err := disk.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	w := &writer{ctx: ctx, out: f, manifest: m}
	if err := w.begin(gzip.BestSpeed); err != nil {
		return err
	}
	if m.Database == SQLite {
		if err := w.file(databaseName, copyIn(work)); err != nil {
			return err
		}
		// The room is needed for what follows.
		if err := os.Remove(copyIn(work)); err != nil {
			return err
		}
	}
	if key != nil {
		if err := w.bytes(keyName, key, m.MadeAt); err != nil {
			return err
		}
	} else {
		m.LeftOut = append(m.LeftOut, keyName)
	}
	if err := w.folder(importsName, filepath.Join(in.Data, importsName)); err != nil {
		return err
	}
	if o.WithoutRecordings {
		m.LeftOut = append(m.LeftOut, recordingsName)
	} else if err := w.recordings(filepath.Join(in.Data, recordingsName)); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// writer writes a tar in gzip and notes what went into it.
type writer struct {
	ctx      context.Context
	out      io.Writer
	zip      *gzip.Writer
	tar      *tar.Writer
	manifest *Manifest
}

// begin opens the tar, pressed so hard.
func (w *writer) begin(level int) error {
	zip, err := gzip.NewWriterLevel(w.out, level)
	if err != nil {
		return err
	}
	w.zip, w.tar = zip, tar.NewWriter(zip)
	return nil
}

// file adds a file of ours; fs.ErrNotExist when it is gone.
func (w *writer) file(name, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	return w.add(name, f, info.Size(), info.ModTime())
}

func (w *writer) bytes(name string, content []byte, at time.Time) error {
	return w.add(name, strings.NewReader(string(content)), int64(len(content)), at)
}

func (w *writer) add(name string, from io.Reader, size int64, at time.Time) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if err := w.tar.WriteHeader(headerOf(name, size, at)); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w.tar, sum), io.LimitReader(from, size))
	if err != nil {
		return err
	}
	if n < size {
		return fmt.Errorf("%s became shorter while it was read: try again", name)
	}
	w.manifest.Files = append(w.manifest.Files, File{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func headerOf(name string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at, Format: tar.FormatPAX}
}

// folder adds a folder's files; what goes meanwhile is left out, as it would be a moment later.
func (w *writer) folder(name, dir string) error {
	dir, err := filepath.EvalSymlinks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		inside, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		as := path.Join(name, filepath.ToSlash(inside))
		if !allowed(as) {
			return nil // half a recording, or a file that is not ours
		}
		if err := w.file(as, at); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// recordings adds the recordings: sound is pressed already, and to do it again costs time alone.
func (w *writer) recordings(dir string) error {
	if err := errors.Join(w.tar.Flush(), w.zip.Close()); err != nil {
		return err
	}
	plain, err := gzip.NewWriterLevel(w.out, gzip.NoCompression)
	if err != nil {
		return err
	}
	// The tar goes on in a second member of the same file, as gzip allows.
	w.zip = plain
	w.tar = tar.NewWriter(plain)
	return w.folder(recordingsName, dir)
}

// end adds the manifest and closes everything but the file.
func (w *writer) end() error {
	raw, err := json.MarshalIndent(w.manifest, "", " ")
	if err != nil {
		return err
	}
	if err := w.tar.WriteHeader(headerOf(manifestName, int64(len(raw)), w.manifest.MadeAt)); err != nil {
		return err
	}
	if _, err := w.tar.Write(raw); err != nil {
		return err
	}
	return errors.Join(w.tar.Close(), w.zip.Close())
}
