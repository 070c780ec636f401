package backup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/disk"
	"dozvon/app/server/store"
)

// Source is a backup that is open.
type Source struct {
	Name string
	From io.ReadSeeker
}

// Restored tells what a restore did.
type Restored struct {
	Manifest Manifest
	// Aside are the folders that hold what was there before; none when nothing was.
	Aside []string
	// Finished says that this restore had been broken off, and only its rest was done now.
	Finished bool
}

// Restorer puts a backup in the place of an installation. Nothing else may use the folder meanwhile: whoever calls
// holds its lock.
type Restorer struct {
	To  Installation
	Now func() time.Time
	// step is told before every change to the disk; a test breaks off there.
	step func(what string)
}

// Restore puts a backup in the place of what is there. Until everything of it lies on the disk, whole and
// durable, nothing of what is there is touched; from then on Finish does the rest, however this ends. One that was
// broken off is finished first.
func (r *Restorer) Restore(ctx context.Context, from Source) (Restored, error) {
	before, err := r.finish()
	if err != nil {
		return Restored{}, err
	}
	contents, err := r.verify(ctx, from)
	if err != nil {
		return Restored{}, err
	}
	if before != nil && before.Backup == contents.id {
		return Restored{Manifest: contents.Manifest, Aside: before.asides(), Finished: true}, nil
	}
	p, err := r.plan(contents)
	if err != nil {
		return Restored{}, err
	}
	err = r.unpack(ctx, from, contents.Manifest, p)
	if err == nil {
		err = r.checkUnpacked(ctx, from, contents, p)
	}
	if err == nil {
		err = r.decide(p)
	}
	if err != nil && !there(r.decided()) {
		return Restored{}, errors.Join(err, r.sweep(p))
	}
	if err != nil {
		return Restored{}, err
	}
	if err := r.apply(p); err != nil {
		return Restored{}, err
	}
	return Restored{Manifest: contents.Manifest, Aside: p.asides()}, nil
}

// verify reads the whole backup and refuses one that this installation cannot take.
func (r *Restorer) verify(ctx context.Context, from Source) (Contents, error) {
	room, err := disk.Free(r.To.Data)
	if err != nil {
		return Contents{}, fmt.Errorf("asking for the room on the disk: %w", err)
	}
	if _, err := from.From.Seek(0, io.SeekStart); err != nil {
		return Contents{}, fmt.Errorf("reading the backup: %w", err)
	}
	c, err := Verify(ctx, from.Name, from.From, room)
	if err != nil {
		return c, err
	}
	_, isFile := r.To.sqliteFile()
	newest, err := store.NewestSchema()
	switch {
	case err != nil:
		return c, err
	case c.Manifest.Database == SQLite && !isFile:
		return c, &BadFile{File: from.Name, Why: "holds an SQLite database, and --database names PostgreSQL", Advice: "restore it without --database, then run migrate-to"}
	case c.Manifest.Database == Postgres && isFile:
		return c, &BadFile{File: from.Name, Why: "was made beside a PostgreSQL database and holds none", Advice: "give --database postgres://…, whose data pg_restore brings back"}
	case c.Manifest.Schema > newest:
		return c, newerSchema(from.Name, c.Manifest, newest)
	}
	return c, nil
}

func newerSchema(file string, m Manifest, newest int64) error {
	return &BadFile{File: file, Why: fmt.Sprintf("was made by a newer version of Dozvon (%.40q, schema %d, this program knows %d)", m.Program, m.Schema, newest), Advice: "install the newer program first"}
}

// plan says what goes where.
func (r *Restorer) plan(c Contents) (*plan, error) {
	data, err := filepath.Abs(r.To.Data)
	if err != nil {
		return nil, fmt.Errorf("finding the data folder: %w", err)
	}
	p := &plan{Backup: c.id}
	if c.Manifest.Database == SQLite {
		path, _ := r.To.sqliteFile()
		if path, err = resolved(path); err != nil {
			return nil, err
		}
		p.add(databaseName, path)
		for _, more := range []string{"-wal", "-shm", "-journal"} {
			p.add("", path+more)
		}
	}
	place, err := r.keyPlace(c)
	if err != nil {
		return nil, err
	}
	if place != "" {
		p.add(keyName, place)
	}
	p.add(importsName, filepath.Join(data, importsName))
	if c.Manifest.Has(recordingsName) {
		p.add(recordingsName, filepath.Join(data, recordingsName))
	}
	for _, m := range p.Moves {
		if err := movable(m.Place); err != nil {
			return nil, err
		}
	}
	p.date(r.Now().UTC().Format("20060102-150405"))
	return p, nil
}

// keyPlace is where the backup's key goes; empty: nowhere, because there is none or the same lies there already,
// maybe where only root writes.
func (r *Restorer) keyPlace(c Contents) (string, error) {
	if c.key == nil {
		return "", nil
	}
	have, err := disk.ReadFile(r.To.SealKey)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading the sealing key that is there: %w", err)
	}
	if err == nil && bytes.Equal(have, c.key) {
		return "", nil
	}
	path, err := filepath.Abs(r.To.SealKey)
	if err != nil {
		return "", fmt.Errorf("finding the sealing key: %w", err)
	}
	return path, nil
}

// resolved follows a link to the database, which SQLite follows as well.
func resolved(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return filepath.Abs(path)
	}
	if err != nil {
		return "", fmt.Errorf("finding the database: %w", err)
	}
	return filepath.Abs(real)
}

// movable refuses what cannot be put aside by a renaming.
func movable(place string) error {
	if _, err := os.Lstat(place); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	same, err := disk.SameVolume(place, filepath.Dir(place))
	if err != nil {
		return fmt.Errorf("looking at %s: %w", place, err)
	}
	if !same {
		return fmt.Errorf("%s lies on a volume of its own, and cannot be put aside by a renaming: nothing was changed; unmount it, restore, and move what was restored there afterwards", place)
	}
	return nil
}

// unpack writes the backup beside what is there.
func (r *Restorer) unpack(ctx context.Context, from Source, m Manifest, p *plan) error {
	if err := r.sweep(p); err != nil {
		return err
	}
	for _, mv := range p.Moves {
		if mv.New == "" {
			continue
		}
		if err := r.makeFolder(filepath.Dir(mv.New)); err != nil {
			return err
		}
		if part := filepath.Base(mv.New); part == recordingsName || part == importsName {
			if err := r.makeFolder(mv.New); err != nil {
				return err
			}
		}
	}
	if _, err := from.From.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading the backup: %w", err)
	}
	t, err := openReader(ctx, from.Name, from.From)
	if err != nil {
		return err
	}
	for _, want := range m.Files {
		h, err := t.next()
		if err != nil || h.Name != want.Name || h.Size != want.Size {
			return errors.Join(t.refuse("changed while it was read"), err)
		}
		to := p.staged(h.Name)
		if to == "" {
			continue
		}
		sum, err := r.unpackFile(t, to, h.ModTime)
		if err != nil {
			return err
		}
		if sum != want.SHA256 {
			return t.refuse("changed while it was read")
		}
	}
	return r.syncFolders(p)
}

func (r *Restorer) makeFolder(dir string) error {
	r.steps("make " + dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("unpacking the backup: %w", err)
	}
	return nil
}

func (r *Restorer) unpackFile(t *reader, to string, at time.Time) (sum string, err error) {
	r.steps("unpack " + to)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return "", fmt.Errorf("unpacking the backup: %w", err)
	}
	f, err := disk.Create(to)
	if err != nil {
		return "", fmt.Errorf("unpacking the backup: %w", err)
	}
	defer f.Close()
	if sum, err = t.sum(f); err != nil {
		return "", err
	}
	if err := errors.Join(f.Sync(), f.Close(), os.Chtimes(to, at, at)); err != nil {
		return "", fmt.Errorf("unpacking the backup: %w", err)
	}
	return sum, nil
}

// syncFolders makes the names of what was unpacked durable.
func (r *Restorer) syncFolders(p *plan) error {
	for _, mv := range p.Moves {
		if mv.New == "" {
			continue
		}
		err := filepath.WalkDir(filepath.Dir(mv.New), func(at string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			return disk.SyncFolder(at)
		})
		if err != nil {
			return fmt.Errorf("unpacking the backup: %w", err)
		}
	}
	return nil
}

// checkUnpacked looks whether what was unpacked is a database that this program can use, and whether the key that
// will lie beside it opens it.
func (r *Restorer) checkUnpacked(ctx context.Context, from Source, c Contents, p *plan) error {
	path := p.staged(databaseName)
	if path == "" {
		return nil
	}
	db, err := store.OpenCopy(path)
	if err != nil {
		return &BadFile{File: from.Name, Why: "holds a database that cannot be read", Err: err}
	}
	defer db.Close()
	damage, err := db.Damage(ctx, true)
	if err != nil {
		return err
	}
	if len(damage) > 0 {
		return &BadFile{File: from.Name, Why: "holds a database that was damaged before: " + damage[0]}
	}
	schema, err := db.Schema(ctx)
	if err != nil {
		return &BadFile{File: from.Name, Why: "holds a database that cannot be used", Err: err}
	}
	if schema != c.Manifest.Schema || schema == 0 {
		return &BadFile{File: from.Name, Why: "holds another database than its manifest tells"}
	}
	known, err := db.SealFingerprint(ctx)
	if err != nil {
		return fmt.Errorf("looking at the database that was unpacked: %w", err)
	}
	return r.checkKey(from, known, c.key != nil, p)
}

func (r *Restorer) checkKey(from Source, known string, brought bool, p *plan) error {
	path := cmp.Or(p.staged(keyName), r.To.SealKey)
	sealer, err := access.ReadSealer(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && known == "":
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return &BadFile{File: from.Name, Why: "was made without the sealing key, and there is none at " + r.To.SealKey + ": put the key of that installation there first"}
	case err != nil:
		return err
	case known != "" && sealer.Fingerprint() != known && brought:
		return &BadFile{File: from.Name, Why: "holds another sealing key than its database's"}
	case known != "" && sealer.Fingerprint() != known:
		return &BadFile{File: from.Name, Why: "was made without the sealing key, and the one at " + r.To.SealKey + " is not its: put the key of that installation there first"}
	}
	return nil
}

// steps tells a test what comes next.
func (r *Restorer) steps(what string) {
	if r.step != nil {
		r.step(what)
	}
}
