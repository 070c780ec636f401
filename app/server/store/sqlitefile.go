package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dozvon/app/server/disk"
)

// sqliteHeader begins every SQLite file (sqlite.org/fileformat.html, section 1.3).
const sqliteHeader = "SQLite format 3\x00"

// prepareFile makes the database's file, or closes one to others; SQLite gives the files beside it
// (-wal, -shm) the same mode. What cannot become a database is refused in words, where SQLite
// says "unable to open database file".
func prepareFile(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, err := disk.Create(path)
		if err != nil {
			return inWords(path, err)
		}
		return f.Close()
	}
	if err != nil {
		return inWords(path, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file: --database names a file, sqlite:///abs/path.db", path)
	}
	disk.Close(path, path+"-wal", path+"-shm", path+"-journal")
	return checkHeader(path, os.O_RDWR)
}

// checkFile refuses what is not an SQLite database, and leaves the file as it is.
func checkFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return inWords(path, err)
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return fmt.Errorf("%s is no SQLite database", path)
	}
	return checkHeader(path, os.O_RDONLY)
}

func checkHeader(path string, mode int) error {
	f, err := os.OpenFile(path, mode, 0)
	if err != nil {
		return inWords(path, err)
	}
	defer f.Close()
	head := make([]byte, len(sqliteHeader))
	n, err := io.ReadFull(f, head)
	if n > 0 && !bytes.Equal(head, []byte(sqliteHeader)) {
		return fmt.Errorf("%s is no SQLite database: restore it from a backup, or give another --database", path)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return inWords(path, err)
	}
	return nil
}

// eraseDeleted makes SQLite overwrite what a migration takes out, which else would stay in the file's free
// room: a former version may have kept a secret in clear. Switched off, it
// also empties the log of writes.
func (s *Store) eraseDeleted(ctx context.Context, on bool) error {
	if s.dialect.postgres {
		return nil
	}
	pragmas := []string{"PRAGMA secure_delete = ON"}
	if !on {
		pragmas = []string{"PRAGMA secure_delete = FAST", "PRAGMA wal_checkpoint(TRUNCATE)"}
	}
	for _, p := range pragmas {
		if _, err := s.writeDB.ExecContext(ctx, p); err != nil {
			return fmt.Errorf("preparing a migration: %s: %w", p, err)
		}
	}
	return nil
}

// inWords tells what to do about a file that cannot be made or written.
func inWords(path string, err error) error {
	switch {
	case disk.IsReadOnly(err):
		return fmt.Errorf("%w: give --data or --database a place that can be written", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: the server must be able to write the file and its folder; correct their owner and mode", err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: make the folder %s first", err, filepath.Dir(path))
	}
	return err
}
