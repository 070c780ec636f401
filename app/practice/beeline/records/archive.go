// Package records is the recordings of the practice PBX of Beeline (reference, section 10): they become
// ready a while after the talk, nothing announces them, and they are found by id or by call.
package records

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"dozvon/app/practice/recordings"
)

// Record is what was recorded of one employee's talk.
type Record struct {
	Tracking, Extension, CallID string
	Client                      string // digits with the country code
	Inbound                     bool
	Start                       int64 // ms since the epoch
	// Failed recordings are told so, Never ones do not become ready without a word.
	Failed, Never bool

	length int64 // ms
	id     int64 // guarded by Archive.mu; 0 until it is ready
}

// End stops a recording that still runs.
func (r *Record) End(now int64) {
	if r.length == 0 {
		r.length = max(now-r.Start, 1)
	}
}

// firstRecord is what the ids of recordings grow from; they are digits, and grow as recordings appear.
const firstRecord = 551_000_000

// Archive is the recordings that are ready.
type Archive struct {
	Sounds    *recordings.Store
	directory Directory
	now       func() time.Time

	mu   sync.Mutex // guards what follows
	last int64
	list []*Record // by id
}

// Directory is who has which id at the PBX.
type Directory interface {
	// ExtensionOf finds an abonent by his id, number or extension.
	ExtensionOf(pattern string) (extension string, ok bool)
	// AbonentInfo is how the portal writes the employee of an extension.
	AbonentInfo(extension string) any
}

// New returns an archive without recordings; now is the clock of links.
func New(d Directory, now func() time.Time) *Archive {
	return &Archive{Sounds: recordings.New(now), directory: d, now: now, last: firstRecord}
}

// Add makes a recording ready, unless it never becomes so.
func (a *Archive) Add(r *Record) {
	if r.Failed || r.Never {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last++
	r.id = a.last
	a.list = append(a.list, r)
	a.Sounds.Add(r.key())
}

func (r *Record) key() string { return strconv.FormatInt(r.id, 10) }

// IDs are the ids of those that are ready.
func (a *Archive) IDs(records []*Record) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var ids []string
	for _, r := range records {
		if r.id > 0 {
			ids = append(ids, r.key())
		}
	}
	return ids
}

// find returns a ready recording by its id.
func (a *Archive) find(id string) (Record, bool) {
	n, _ := strconv.ParseInt(id, 10, 64) // what is no number is no recording's
	a.mu.Lock()
	defer a.mu.Unlock()
	i, ok := slices.BinarySearchFunc(a.list, n, func(r *Record, n int64) int { return cmp.Compare(r.id, n) })
	if !ok {
		return Record{}, false
	}
	return *a.list[i], true
}

// of returns the newest recording of an employee's talk in a call.
func (a *Archive) of(tracking, extension string) (Record, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range slices.Backward(a.list) {
		if r.Tracking == tracking && r.Extension == extension {
			return *r, true
		}
	}
	return Record{}, false
}

// page returns at most n recordings after an id that wanted wants, oldest first.
func (a *Archive) page(after int64, n int, wanted func(Record) bool) []Record {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := []Record{}
	for _, r := range a.list {
		if r.id > after && len(list) < n && wanted(*r) {
			list = append(list, *r)
		}
	}
	return list
}

// Remove deletes a recording; it reports whether there was one.
func (a *Archive) Remove(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := len(a.list)
	a.list = slices.DeleteFunc(a.list, func(r *Record) bool { return r.key() == id })
	a.Sounds.Remove(id)
	return len(a.list) < before
}
