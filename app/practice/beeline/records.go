package beeline

import (
	"cmp"
	"slices"
	"strconv"
	"sync"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/recordings"
)

// record is what was recorded of one employee's talk.
type record struct {
	tracking, extension, callID string
	client                      string // digits with the country code
	direction                   int
	start, length               int64 // ms
	failed, never               bool

	id int64 // guarded by archive.mu; 0 until it is ready
}

// end stops a recording that still runs.
func (r *record) end(now int64) {
	if r.length == 0 {
		r.length = max(now-r.start, 1)
	}
}

// record begins the recording of a leg that talks to a client.
func (c *call) record(l *leg) {
	if !c.pbx.isRecorded(l.extension) || l.record != nil {
		return
	}
	r := &record{
		tracking: l.Tracking, extension: l.extension, callID: l.ID, client: c.client, direction: c.direction, start: c.now(),
		never:  c.pbx.luck.Strikes("recording", func(f Faults) float64 { return f.NeverRecorded }),
		failed: c.pbx.luck.Strikes("failed", func(f Faults) float64 { return f.RecordingFailed }),
	}
	l.record = r
	c.recordings = append(c.recordings, r)
	if !r.failed {
		return
	}
	c.pbx.mu.Lock()
	l.RecordingControls, l.RecordingState = "none", "Failed"
	e := xsi.Event{Type: xsi.RecordingStopped, Target: l.target, Calls: []xsi.Call{l.Call}, Reason: "Failure"}
	c.pbx.mu.Unlock()
	c.tell(e)
}

// firstRecord is what the ids of recordings grow from; they are digits, and grow as recordings appear.
const firstRecord = 551_000_000

// archive is the recordings that are ready.
type archive struct {
	sounds *recordings.Store

	mu   sync.Mutex // guards what follows
	last int64
	list []*record // by id
}

func newArchive(c Config) *archive { return &archive{sounds: recordings.New(c.Now), last: firstRecord} }

// add makes a recording ready, unless it never becomes so.
func (a *archive) add(r *record) {
	if r.failed || r.never {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last++
	r.id = a.last
	a.list = append(a.list, r)
	a.sounds.Add(r.key())
}

func (r *record) key() string { return strconv.FormatInt(r.id, 10) }

// idsOf are the ids of those that are ready.
func (a *archive) idsOf(records []*record) []string {
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
func (a *archive) find(id string) (record, bool) {
	n, _ := strconv.ParseInt(id, 10, 64) // what is no number is no recording's
	a.mu.Lock()
	defer a.mu.Unlock()
	i, ok := slices.BinarySearchFunc(a.list, n, func(r *record, n int64) int { return cmp.Compare(r.id, n) })
	if !ok {
		return record{}, false
	}
	return *a.list[i], true
}

// of returns the newest recording of an employee's talk in a call.
func (a *archive) of(tracking, extension string) (record, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range slices.Backward(a.list) {
		if r.tracking == tracking && r.extension == extension {
			return *r, true
		}
	}
	return record{}, false
}

// page returns at most n recordings after an id that wanted wants, oldest first.
func (a *archive) page(after int64, n int, wanted func(record) bool) []record {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := []record{}
	for _, r := range a.list {
		if r.id > after && len(list) < n && wanted(*r) {
			list = append(list, *r)
		}
	}
	return list
}

// remove deletes a recording; it reports whether there was one.
func (a *archive) remove(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := len(a.list)
	a.list = slices.DeleteFunc(a.list, func(r *record) bool { return r.key() == id })
	a.sounds.Remove(id)
	return len(a.list) < before
}

// DeleteRecording removes a recording, as somebody may in the cabinet.
func (p *PBX) DeleteRecording(id string) error {
	if !p.archive.remove(id) {
		return practice.ErrRecording
	}
	return nil
}
