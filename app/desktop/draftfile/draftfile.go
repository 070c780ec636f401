// Package draftfile keeps what one person has typed and not saved, or how they left something, in a file of theirs. It
// knows nothing of what is in it.
package draftfile

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"dozvon/app/desktop/xdg"
)

// File is written by several goroutines; the newest text is what stays.
type File struct {
	path string

	last []byte // given to Follow or Keep last, on one goroutine

	mu   sync.Mutex
	next int // of the texts, as they were made
	done int // the newest written
}

// Of is the file of an owner's drafts, whose name it does not tell, in a folder.
func Of(dir, owner string) *File { return Named(dir, "drafts", owner) }

// Named is the file of something else that is an owner's.
func Named(dir, what, owner string) *File {
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(owner)))
	return &File{path: filepath.Join(dir, "desktop-"+what+"-"+sum[:16]+".json")}
}

// Read is the file's text; nil when there is none.
func (f *File) Read() ([]byte, error) {
	raw, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.path, err)
	}
	return raw, nil
}

// Next numbers a text that is to be written.
func (f *File) Next() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	return f.next
}

// Follow writes a text, if it is another than the last one, while the program goes on.
func (f *File) Follow(text []byte) {
	if !bytes.Equal(text, f.last) {
		f.last = text
		go f.Write(f.Next(), text)
	}
}

// Keep writes it before the program goes on.
func (f *File) Keep(text []byte) {
	if !bytes.Equal(text, f.last) {
		f.last = text
		f.Write(f.Next(), text)
	}
}

// Write writes a text by its number, unless a newer one was; nil deletes the file.
func (f *File) Write(number int, text []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if number <= f.done {
		return
	}
	f.done = number
	err := error(nil)
	if text == nil {
		if err = os.Remove(f.path); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		err = xdg.Write(f.path, string(text), 0o600)
	}
	if err != nil {
		slog.Warn("not kept", "error", err)
	}
}
