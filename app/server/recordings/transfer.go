package recordings

import (
	"context"
	"fmt"
	"os"
	"sync"

	"dozvon/app/mp3"
	"dozvon/app/server/pbx"
)

// audibleFrom is how many bytes of a recording must have come until it is passed on: a second of sound, and
// enough to see that it is sound.
const audibleFrom = 16 << 10

// transfer is a recording on its way from the PBX into its file. It can be heard meanwhile. Safe for
// concurrent use.
type transfer struct {
	path string // its final name
	// ask opens the recording at the PBX from a byte on.
	ask func(ctx context.Context, from int64) (pbx.Sound, error)

	// place is held for writing while the file gets its final name: Windows renames no file that is open.
	place sync.RWMutex
	kept  bool // it has its final name

	mu        sync.Mutex    // guards what follows
	have      int64         // bytes that have come
	size      int64         // of the whole; -1: the PBX has not said
	changed   chan struct{} // closed at the next change
	audible   chan struct{} // closed when it can be heard
	onlyWhole bool          // the PBX sends it only from the beginning

	done chan struct{} // closed when no more will come
	err  error         // why not all came; to be read after done
}

func newTransfer(path string) *transfer {
	return &transfer{path: path, size: -1, changed: make(chan struct{}), audible: make(chan struct{}), done: make(chan struct{})}
}

// came notes how many bytes have come, of how many.
func (t *transfer) came(have, size int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.have, t.size = have, size
	close(t.changed)
	t.changed = make(chan struct{})
}

// isAudible tells whether it can be heard already.
func (t *transfer) isAudible() bool {
	select {
	case <-t.audible:
		return true
	default:
		return false
	}
}

// end notes that no more will come.
func (t *transfer) end(err error) {
	t.err = err
	close(t.done)
}

// arrived is how many bytes have come, of how many, and the news of the next.
func (t *transfer) arrived() (have, size int64, changed <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.have, t.size, t.changed
}

// sendsPlaces tells whether the PBX may send the recording from any place.
func (t *transfer) sendsPlaces() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ask != nil && !t.onlyWhole
}

func (t *transfer) sendsNoPlaces() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.onlyWhole = true
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
	err  error // why no more is taken: our own failure, or what comes is no recording
}

// Write is io.Copy's.
func (a *arrival) Write(b []byte) (int, error) {
	n, err := a.part.Write(b)
	a.at += int64(n)
	if err != nil {
		a.err = fmt.Errorf("writing the recording: %w", err)
		return n, a.err
	}
	return n, a.note()
}

// note tells the listeners how much is there; an error says that it is no recording.
func (a *arrival) note() error {
	if !a.t.isAudible() {
		switch mp3.Look(a.part, a.at, false) {
		case mp3.No:
			a.err = noMP3(a.part)
			return a.err
		case mp3.Yes:
			if a.at >= audibleFrom && a.size != a.at {
				defer close(a.t.audible)
			}
		}
	}
	a.t.came(a.at, a.size)
	return nil
}
