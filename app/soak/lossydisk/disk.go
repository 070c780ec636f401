package lossydisk

import (
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// sector is what a disk writes as a whole, in bytes.
const sector = 512

// root is the number of the topmost folder.
const root = 1

// Disk is what the file system is kept on. Safe for concurrent use.
type Disk struct {
	mu      sync.Mutex // guards all that follows
	random  *rand.Rand
	next    uint64
	files   map[uint64]*file
	names   tree    // as programs see them
	durable tree    // as they would be found after a cut
	pending []named // changes from durable to names
	changes int
	cutAt   int // with which change the power goes; 0: it stays
	off     bool
	cut     chan struct{}
}

// tree is the names in each folder, and what they lead to.
type tree map[uint64]map[string]uint64

// file is a file, or a folder, whose names are the tree's.
type file struct {
	folder   bool
	mode     uint32
	modified time.Time
	content  []byte // as programs see it
	durable  []byte
	pending  []written // changes from durable to content
}

// written is one write, or, without data, a change of the size.
type written struct {
	at   int64
	data []byte
	size int64
}

// named is one change of names.
type named struct {
	folder uint64
	name   string
	leads  uint64 // 0: nowhere any more
	// A renaming is one change of two names.
	from     uint64 // folder
	fromName string // "": it is none
}

// New is an empty disk; what survives its cuts is drawn from seed.
func New(seed uint64) *Disk {
	d := &Disk{random: rand.New(rand.NewPCG(seed, 1)), next: root + 1, cut: make(chan struct{})}
	d.files = map[uint64]*file{root: {folder: true, mode: 0o700, modified: time.Now()}}
	d.names, d.durable = tree{root: {}}, tree{root: {}}
	return d
}

// CutAfter cuts the power with the change of that number from now on: it is not made, and everything fails from then on.
func (d *Disk) CutAfter(changes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cutAt = d.changes + max(changes, 1)
}

// Cut is closed when the power is cut.
func (d *Disk) Cut() <-chan struct{} { return d.cut }

// CutNow cuts the power at once.
func (d *Disk) CutNow() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.powerOff()
}

// Changes is how many there were: writes, syncs and changes of names.
func (d *Disk) Changes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changes
}

// powerOff ends it. The caller holds mu.
func (d *Disk) powerOff() {
	if !d.off {
		d.off = true
		close(d.cut)
	}
}

// change reports whether one more change may be made. The caller holds mu.
func (d *Disk) change() bool {
	d.changes++
	if d.cutAt > 0 && d.changes >= d.cutAt {
		d.powerOff()
	}
	return !d.off
}

// Survive is the disk after the power has come back. The one before is of no use any more.
func (d *Disk) Survive() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.powerOff()
	after := New(d.random.Uint64())
	after.next = d.next
	names := d.durable
	for _, c := range d.pending[:d.random.IntN(len(d.pending)+1)] {
		names.apply(c)
	}
	// What no name leads to is gone, as a check of the file system would find it.
	reached := []uint64{root}
	for at := 0; at < len(reached); at++ {
		for _, ino := range slices.Sorted(maps.Values(names[reached[at]])) {
			if !slices.Contains(reached, ino) {
				reached = append(reached, ino)
			}
		}
	}
	for _, ino := range reached {
		f := d.files[ino]
		kept := d.survivor(f)
		after.files[ino] = &file{folder: f.folder, mode: f.mode, modified: f.modified, durable: kept, content: slices.Clone(kept)}
		if f.folder {
			after.names[ino], after.durable[ino] = maps.Clone(names[ino]), maps.Clone(names[ino])
			if after.names[ino] == nil {
				after.names[ino], after.durable[ino] = map[string]uint64{}, map[string]uint64{}
			}
		}
	}
	return after
}

// Intact is the disk as programs see it, all of it durable and with power: what is there when not the power went, but a
// program was killed. The one before can go on.
func (d *Disk) Intact() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after := New(d.random.Uint64())
	after.next = d.next
	for ino, f := range d.files {
		after.files[ino] = &file{folder: f.folder, mode: f.mode, modified: f.modified, content: slices.Clone(f.content), durable: slices.Clone(f.content)}
	}
	for ino, names := range d.names {
		after.names[ino], after.durable[ino] = maps.Clone(names), maps.Clone(names)
	}
	return after
}

// survivor is what is found of a file's content. The caller holds mu.
func (d *Disk) survivor(f *file) []byte {
	kept := slices.Clone(f.durable)
	switch d.random.IntN(4) {
	case 0: // nothing since the last sync
	case 1:
		for _, w := range f.pending {
			kept = w.onto(kept)
		}
	case 2:
		for _, w := range f.pending[:d.random.IntN(len(f.pending)+1)] {
			kept = w.onto(kept)
		}
	default: // any sectors of any writes
		for _, w := range f.pending {
			for _, part := range w.sectors() {
				if d.random.IntN(2) == 0 {
					kept = part.onto(kept)
				}
			}
		}
	}
	return kept
}

// onto makes the change; what lies between the former end and a write behind it is zeros.
func (w written) onto(content []byte) []byte {
	end := w.size
	if w.data != nil {
		end = max(int64(len(content)), w.at+int64(len(w.data)))
	}
	for int64(len(content)) < end {
		content = append(content, make([]byte, end-int64(len(content)))...)
	}
	content = content[:end]
	copy(content[min(w.at, end):], w.data)
	return content
}

// sectors are the parts of a write that a disk writes one by one.
func (w written) sectors() []written {
	if w.data == nil {
		return []written{w}
	}
	var parts []written
	for from := int64(0); from < int64(len(w.data)); {
		to := min(int64(len(w.data)), from+sector-(w.at+from)%sector)
		parts = append(parts, written{at: w.at + from, data: w.data[from:to]})
		from = to
	}
	return parts
}

// apply makes a change of names.
func (t tree) apply(c named) {
	if c.fromName != "" {
		delete(t[c.from], c.fromName)
	}
	if c.leads == 0 {
		delete(t[c.folder], c.name)
		return
	}
	if t[c.folder] == nil {
		t[c.folder] = map[string]uint64{}
	}
	t[c.folder][c.name] = c.leads
}

// rename makes a change of names that no sync has made durable. The caller holds mu.
func (d *Disk) rename(c named) {
	d.names.apply(c)
	d.pending = append(d.pending, c)
}

// sync makes a file's content durable, or, of a folder, all names. The caller holds mu.
func (d *Disk) sync(f *file) {
	if !f.folder {
		f.durable, f.pending = slices.Clone(f.content), nil
		return
	}
	for _, c := range d.pending {
		d.durable.apply(c)
	}
	d.pending = nil
}

// write changes a file's content. The caller holds mu.
func (f *file) write(w written) {
	f.content = w.onto(f.content)
	f.pending = append(f.pending, w)
	f.modified = time.Now()
}
