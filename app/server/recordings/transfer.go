package recordings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// audibleFrom is how many bytes of a recording must have come until it is passed on: a second of sound, and
// enough to see that it is sound.
const audibleFrom = 16 << 10

// transfer is a recording on its way from the PBX into its file. It can be heard meanwhile. Safe for
// concurrent use.
type transfer struct {
	path string // its final name

	// place is held for writing while the file gets its final name: Windows renames no file that is open.
	place sync.RWMutex
	kept  bool // it has its final name

	mu      sync.Mutex    // guards what follows
	have    int64         // bytes that have come
	size    int64         // of the whole; -1: the PBX has not said
	changed chan struct{} // closed at the next change
	audible chan struct{} // closed when it can be heard

	done chan struct{} // closed when no more will come
	err  error         // why not all came; to be read after done
}

func newTransfer(path string) *transfer {
	return &transfer{path: path, size: -1, changed: make(chan struct{}), audible: make(chan struct{}), done: make(chan struct{})}
}

// came notes how many bytes have come, of how many.
func (t *transfer) came(part *os.File, have, size int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.have, t.size = have, size
	close(t.changed)
	t.changed = make(chan struct{})
	select {
	case <-t.audible:
	default:
		if have >= audibleFrom && size > have && isMP3(part, have) {
			close(t.audible)
		}
	}
}

// end notes that no more will come.
func (t *transfer) end(err error) {
	t.err = err
	close(t.done)
}

// arrived is how many bytes have come, and the news of the next.
func (t *transfer) arrived() (int64, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.have, t.changed
}

// length is that of the whole recording.
func (t *transfer) length() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.size
}

// keep gives the file its final name.
func (t *transfer) keep() error {
	t.place.Lock()
	defer t.place.Unlock()
	if err := os.Rename(t.path+partEnd, t.path); err != nil {
		return fmt.Errorf("keeping the recording: %w", err)
	}
	t.kept = true
	return nil
}

// readAt reads what has come.
func (t *transfer) readAt(b []byte, at int64) (int, error) {
	t.place.RLock()
	defer t.place.RUnlock()
	name := t.path + partEnd
	if t.kept {
		name = t.path
	}
	file, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("opening the recording: %w", err)
	}
	defer file.Close()
	return file.ReadAt(b, at)
}

// arrival notes what is written into the part of a recording.
type arrival struct {
	part *os.File
	at   int64
	size int64
	t    *transfer
}

// Write is io.Copy's.
func (a *arrival) Write(b []byte) (int, error) {
	n, err := a.part.Write(b)
	a.at += int64(n)
	a.t.came(a.part, a.at, a.size)
	return n, err
}

// listener reads a recording that is on its way: what has not come is waited for. It ends with the request
// that it is for.
type listener struct {
	ctx  context.Context
	t    *transfer
	size int64
	at   int64
}

// errSeek says that nothing lies where somebody wants to read.
var errSeek = errors.New("there is nothing before the beginning of a recording")

// Seek is http.ServeContent's.
func (l *listener) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += l.at
	case io.SeekEnd:
		offset += l.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	l.at = offset
	return offset, nil
}

// Read gives what has come, and waits where nothing has.
func (l *listener) Read(b []byte) (int, error) {
	if l.at >= l.size {
		return 0, io.EOF
	}
	for over := false; ; {
		have, changed := l.t.arrived()
		if have > l.at {
			n, err := l.t.readAt(b[:min(int64(len(b)), have-l.at)], l.at)
			l.at += int64(n)
			switch {
			case n > 0:
				return n, nil
			case err != io.EOF: // at an end that is none, the PBX just begins again
				return 0, err
			}
		}
		if over {
			return 0, io.ErrUnexpectedEOF
		}
		select {
		case <-changed:
		case <-l.t.done:
			if l.t.err != nil {
				return 0, l.t.err
			}
			over = true
		case <-l.ctx.Done():
			return 0, l.ctx.Err()
		}
	}
}

// Close ends nothing: the recording comes although its listener goes.
func (l *listener) Close() error { return nil }
