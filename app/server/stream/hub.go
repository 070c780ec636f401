// Package stream is the journal's tail on its way to the screens: a ring of the
// newest rows, each as the exact bytes of its SSE frame, and what each connection may see
// of them. It reads the journal to replay; it writes nothing to the database and knows
// no HTTP.
package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/client"
)

// ringLength is how many frames stay in memory; who falls behind reads the journal itself.
const ringLength = 4096

// replayBatch is how many rows are read of the journal at once.
const replayBatch = 500

// Audiences of a journal row.
const (
	// All is everybody who is signed in.
	All = ""
	// Accountants is the accountant and above.
	Accountants = "role:accountant"
	callers     = "call:"
	employee    = "employee:"
)

// Callers is the audience of a call: the employees it concerns, and managers.
func Callers(ids []string) string { return callers + strings.Join(ids, ",") }

// heard parts an audience from those who may hear the recording that the row tells of.
const heard = "|heard:"

// Heard narrows an audience: where the school keeps recordings to those who took part, all others but
// managers get the row without its recording.
func Heard(audience string, participants []string) string {
	return audience + heard + strings.Join(participants, ",")
}

// Employee is the audience of what concerns one employee alone.
func Employee(id string) string { return employee + id }

// Journal is what the hub reads.
type Journal interface {
	LastSequence(ctx context.Context) (int64, error)
	FirstSequence(ctx context.Context) (int64, error)
	JournalAfter(ctx context.Context, sequence int64, limit int) ([]store.Row, error)
	BreakJournal(ctx context.Context, seen int64) error
}

// Frame is one row ready to be sent: the bytes are shared among all connections.
type Frame struct {
	Sequence int64
	audience string
	Bytes    []byte
	// at is when the row was committed, as far as it is a change of a call that came by the hub; else zero.
	at time.Time
	// way is that on which the row was committed, if somebody follows it; nil: nobody does.
	way *way
	// silent are the bytes without the recording, of a row that tells of one; else nil.
	silent func() []byte
}

// way is what somebody follows of a change of a call.
type way struct {
	span trace.SpanContext
	left atomic.Int32 // how many more streams are told of
}

// streamsFollowed bounds how many streams of one change are followed: a thousand are all alike.
const streamsFollowed = 16

// Hub hands committed rows to connections, in order, without gaps and without repeats.
type Hub struct {
	journal Journal
	// narrowed tells whether recordings are kept to those who took part, and managers.
	narrowed func() bool
	// open is what a row tells, whose secrets the journal keeps sealed.
	open     func(store.Row) []byte
	mu       sync.Mutex
	ring     []Frame // contiguous sequences
	last     int64
	newest   store.Row     // that of last, as it was told; zero: none was yet
	news     chan struct{} // closed and replaced when rows come
	follower func([]store.Row)
}

// NewHub starts at the journal's present end.
func NewHub(ctx context.Context, j Journal) (*Hub, error) {
	last, err := j.LastSequence(ctx)
	if err != nil {
		return nil, err
	}
	return &Hub{journal: j, last: last, news: make(chan struct{}), narrowed: func() bool { return false }, open: func(r store.Row) []byte { return r.Data }}, nil
}

// NarrowRecordings sets what tells whether recordings are kept to those who took part, and managers. It
// is called before the first reader opens, and asked for each write to a connection.
func (h *Hub) NarrowRecordings(narrowed func() bool) { h.narrowed = narrowed }

// OpenRows sets what opens the secrets that the journal keeps sealed. It is called before the first row
// comes.
func (h *Hub) OpenRows(open func(store.Row) []byte) { h.open = open }

// Follow sets who is told of the rows of all nodes, in their order. It is called before the first row
// comes; the follower must not wait.
func (h *Hub) Follow(follower func([]store.Row)) { h.follower = follower }

// Publish takes rows just committed by this process. Rows that leave a gap (another node's lie
// between) are left to CatchUp.
func (h *Hub) Publish(rows []store.Row) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(rows) == 0 || rows[0].Sequence != h.last+1 {
		return
	}
	h.take(rows, time.Now())
}

// Last is the newest row's number.
func (h *Hub) Last() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// CatchUp reads what other nodes, or a command beside the server, have committed. It reads the newest row that it knows
// once more: where another stands in its place, or none and the numbers begin below it, the database has lost what was
// told (it failed over to a standby that lacked it, or was restored beside its servers), and all begin anew.
func (h *Hub) CatchUp(ctx context.Context) error {
	for {
		h.mu.Lock()
		last, newest := h.last, h.newest
		h.mu.Unlock()
		from := last
		if newest.Sequence != 0 {
			from--
		}
		rows, err := h.journal.JournalAfter(ctx, from, replayBatch)
		if err != nil {
			return err
		}
		if newest.Sequence != 0 {
			if rows, err = h.following(ctx, newest, rows); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			return nil
		}
		h.mu.Lock()
		if h.last == last {
			h.take(rows, time.Time{})
		}
		h.mu.Unlock()
	}
}

// following is what comes after the newest row that was told. A journal that has lost it is broken off, and what follows
// is read the next time.
func (h *Hub) following(ctx context.Context, newest store.Row, rows []store.Row) ([]store.Row, error) {
	if len(rows) > 0 && rows[0].Sequence == newest.Sequence {
		if rows[0].Type == store.BlankedRow || sameRow(rows[0], newest) {
			return rows[1:], nil
		}
		return nil, h.breakOff(ctx, newest.Sequence)
	}
	// It was trimmed, or another node has begun the journal anew, unless the numbers begin below it.
	end, err := h.journal.LastSequence(ctx)
	if err != nil || end >= newest.Sequence {
		return rows, err
	}
	return nil, h.breakOff(ctx, newest.Sequence)
}

func (h *Hub) breakOff(ctx context.Context, seen int64) error {
	slog.ErrorContext(ctx, "the database has lost what screens were told: all of them read everything anew. Is it a standby that was promoted without what the primary had acknowledged (synchronous_standby_names), or a backup?", "sequence", seen)
	return h.journal.BreakJournal(ctx, seen)
}

// sameRow compares a row of the database with the one that was told; the database keeps milliseconds.
func sameRow(a, b store.Row) bool {
	return a.Type == b.Type && a.Audience == b.Audience && a.At.UnixMilli() == b.At.UnixMilli() && bytes.Equal(a.Data, b.Data)
}

// take takes rows that were committed at a moment; zero: when they say, by the clock of the node that wrote them.
func (h *Hub) take(rows []store.Row, committed time.Time) {
	if h.follower != nil {
		h.follower(rows)
	}
	for _, r := range rows {
		f := h.frame(r)
		if r.Type == "call" {
			f.at = committed
			if committed.IsZero() {
				f.at = r.At
			}
			if r.Span.IsSampled() {
				f.way = &way{span: r.Span}
				f.way.left.Store(streamsFollowed)
			}
		}
		if r.Type == store.BlankedRow || r.Sequence != h.last+1 {
			h.ring = nil // what was erased in the journal, or is none of it any more, must not be told from memory
		}
		h.ring = append(h.ring, f)
		h.last, h.newest = r.Sequence, r
	}
	if len(h.ring) > 2*ringLength {
		h.ring = slices.Clone(h.ring[len(h.ring)-ringLength:])
	}
	close(h.news)
	h.news = make(chan struct{})
}

// frame puts data last: an event cut short then lacks its data, or part of it, and cannot pass
// for a whole one.
func (h *Hub) frame(r store.Row) Frame {
	r.Data = h.open(r)
	f := Frame{Sequence: r.Sequence, audience: r.Audience, Bytes: frameBytes(r, r.Data)}
	if (r.Type == "feed" || r.Type == "task") && bytes.Contains(r.Data, []byte(`"recording`)) {
		f.silent = sync.OnceValue(func() []byte { return frameBytes(r, withoutRecording(r.Data)) })
	}
	return f
}

func frameBytes(r store.Row, data []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %d\nevent: %s\ndata: %s\n\n", r.Sequence, r.Type, data)
	return b.Bytes()
}

// withoutRecording is an object without what it tells of recordings; nothing at all when it cannot be
// read, for then nobody knows what it tells.
func withoutRecording(data []byte) []byte {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return []byte("{}")
	}
	delete(fields, "recording")
	delete(fields, "recordings")
	delete(fields, "flags")
	out, err := json.Marshal(fields)
	if err != nil {
		return []byte("{}")
	}
	return out
}

// Reader is one connection's place in the journal.
type Reader struct {
	hub      *Hub
	employee client.Employee
	at       atomic.Int64
	opened   int64 // the journal's end when it opened: what is older is a repeat
	handed   Handed
}

// Handed tells of what Next gave.
type Handed struct {
	Events int
	// Call is when the oldest change of a call among them was committed; zero: there was none, or none that
	// came after the reader had opened.
	Call time.Time
	// Followed are the changes of calls whose way somebody follows.
	Followed []Followed
}

// Followed is a change whose way somebody follows.
type Followed struct {
	Span      trace.SpanContext
	Committed time.Time
	Sequence  int64
}

// Handed tells of what the last Next gave. It belongs to whoever calls Next.
func (r *Reader) Handed() Handed { return r.handed }

func (h *Hub) reader(e client.Employee, at, last int64) *Reader {
	r := &Reader{hub: h, employee: e, opened: last}
	r.at.Store(at)
	return r
}

// Open places a reader after sequence. ok is false when what follows is kept no more, or when
// sequence is from another journal: then the client has to reload everything, and
// the reader stands at the end.
func (h *Hub) Open(ctx context.Context, e client.Employee, after int64, resume bool) (r *Reader, ok bool, err error) {
	last := h.Last()
	if !resume {
		return h.reader(e, last, last), true, nil
	}
	if after > last { // another node has told it more than this one has read yet
		if err := h.CatchUp(ctx); err != nil {
			return nil, false, err
		}
		last = h.Last()
	}
	first, err := h.journal.FirstSequence(ctx)
	if err != nil {
		return nil, false, err
	}
	if after > last || (first > 0 && after < first-1) || (first == 0 && after < last) {
		return h.reader(e, last, last), false, nil
	}
	return h.reader(e, after, last), true, nil
}

// At is the sequence after which the reader stands. Safe for concurrent use.
func (r *Reader) At() int64 { return r.at.Load() }

// Next waits for rows and returns the bytes of those that this employee may see, possibly none
// when wait passes first. Many frames come as one write.
func (r *Reader) Next(ctx context.Context, wait time.Duration) ([]byte, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		frames, news, err := r.ahead(ctx)
		if err != nil {
			return nil, err
		}
		if len(frames) > 0 {
			r.at.Store(frames[len(frames)-1].Sequence)
			if out := r.visible(frames); len(out) > 0 {
				return out, nil
			}
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timer.C:
			return nil, nil
		case <-news:
		}
	}
}

func (r *Reader) ahead(ctx context.Context) ([]Frame, <-chan struct{}, error) {
	h, at := r.hub, r.at.Load()
	h.mu.Lock()
	news := h.news
	if at >= h.last {
		h.mu.Unlock()
		return nil, news, nil
	}
	if len(h.ring) > 0 && h.ring[0].Sequence <= at+1 {
		frames := h.ring[at+1-h.ring[0].Sequence:]
		if len(frames) > replayBatch {
			frames = frames[:replayBatch]
		}
		h.mu.Unlock()
		return frames, news, nil
	}
	h.mu.Unlock()
	rows, err := h.journal.JournalAfter(ctx, at, replayBatch)
	if err != nil {
		return nil, nil, err
	}
	frames := make([]Frame, len(rows))
	for i, row := range rows {
		frames[i] = h.frame(row)
	}
	return frames, news, nil
}

func (r *Reader) visible(frames []Frame) []byte {
	var out []byte
	r.handed = Handed{}
	narrowed := r.hub.narrowed()
	for _, f := range frames {
		audience, hears := mayHear(r.employee, f.audience)
		if !MaySee(r.employee, audience) {
			continue
		}
		frame := f.Bytes
		if narrowed && f.silent != nil && !hears {
			frame = f.silent()
		}
		r.handed.Events++
		if r.handed.Call.IsZero() && f.Sequence > r.opened {
			r.handed.Call = f.at
		}
		if f.way != nil && f.Sequence > r.opened && f.way.left.Add(-1) >= 0 {
			r.handed.Followed = append(r.handed.Followed, Followed{f.way.span, f.at, f.Sequence})
		}
		if out == nil && len(frames) == 1 {
			return frame
		}
		out = append(out, frame...)
	}
	return out
}

// mayHear parts who may hear the row's recording from its audience. Rows of former versions name
// nobody.
func mayHear(e client.Employee, whole string) (audience string, hears bool) {
	audience, participants, _ := strings.Cut(whole, heard)
	return audience, access.AtLeast(e.Role, client.RoleManager) || slices.Contains(strings.Split(participants, ","), e.ID)
}

// MaySee is the one rule of who sees which row.
func MaySee(e client.Employee, audience string) bool {
	switch {
	case audience == All:
		return true
	case audience == Accountants:
		return access.AtLeast(e.Role, client.RoleAccountant)
	case strings.HasPrefix(audience, employee):
		return e.ID == strings.TrimPrefix(audience, employee)
	case strings.HasPrefix(audience, callers):
		return access.AtLeast(e.Role, client.RoleManager) ||
			slices.Contains(strings.Split(strings.TrimPrefix(audience, callers), ","), e.ID)
	}
	return false
}
