package mango

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"dozvon/app/mango"
)

// PBX is the practice PBX. New starts it; Close ends everything it started.
type PBX struct {
	config  Config
	handler http.Handler
	limits  *limits
	luck    *misfortune
	outbox  *outbox
	staff   *staff
	files   *files
	stats   *statistics
	book    *book
	ctx     context.Context // ends with Close; calls outlive the request that began them
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex // guards what follows
	closed bool
	lastID int64
	rules  map[string]Rule
	calls  []*call
	legs   map[string]*call
}

// New starts a practice PBX that posts its events to config.Target.
func New(config Config) *PBX {
	config = config.withDefaults()
	ctx, cancel := context.WithCancel(context.Background())
	p := &PBX{
		config: config, outbox: newOutbox(), ctx: ctx, cancel: cancel, lastID: config.FirstID,
		rules: map[string]Rule{}, legs: map[string]*call{}, limits: newLimits(config), files: newFiles(config.Now),
		luck: newMisfortune(config.Faults), staff: newStaff(config), stats: newStatistics(), book: newBook(config),
	}
	p.handler = p.unlucky(p.routes())
	p.running.Go(func() { p.deliver(ctx) })
	return p
}

// Handler serves /vpbx/ (Mango's API), /files/ (recordings) and /control/.
func (p *PBX) Handler() http.Handler { return p.handler }

// Close ends all calls without further events and waits for what New and Call started.
func (p *PBX) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.running.Wait()
}

// background runs work that Close waits for; it reports false once the PBX is closed.
func (p *PBX) background(work func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.running.Go(work)
	return true
}

// start gives the call its id and its goroutine. A call without a clock lives in real time.
func (p *PBX) start(c *call, run func(*call)) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return "", ErrClosed
	}
	if c.clock == nil {
		c.clock = newWallClock(p.config.Now)
	}
	p.lastID++
	c.number = p.lastID
	c.entryID = encodeID(fmt.Sprint(p.lastID))
	c.commands = make(chan command)
	c.ended = make(chan struct{})
	c.began = int64(c.now())
	p.calls = append(p.calls, c)
	p.forgetOld()
	p.running.Go(func() {
		defer c.clock.done()
		if c.whenDone != nil {
			defer c.whenDone()
		}
		if s, ok := c.clock.(*simulatedClock); ok {
			s.begin(p.ctx.Done())
		}
		run(c)
		c.finish()
	})
	return c.entryID, nil
}

// forgetOld drops the oldest ended calls beyond Config.History. The caller holds mu.
func (p *PBX) forgetOld() {
	drop := 0
	for len(p.calls)-drop > p.config.History && p.calls[drop].over() {
		for _, l := range p.calls[drop].legs {
			delete(p.legs, string(l.event.CallID))
		}
		drop++
	}
	p.calls = slices.Delete(p.calls, 0, drop)
}

// nextLeg returns a new call_id that leads to c. IVR legs end in :1, as the live ones do.
func (p *PBX) nextLeg(c *call, ivr bool) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastID++
	id := fmt.Sprintf("1:%d:502:%d", product, p.lastID)
	if ivr {
		id += ":1"
	}
	id = encodeID(id)
	p.legs[id] = c
	return id
}

// history returns the ended calls, oldest first. What they hold changes no more.
func (p *PBX) history() []*call {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []*call
	for _, c := range p.calls {
		if c.over() && c.finished > 0 {
			list = append(list, c)
		}
	}
	return list
}

func encodeID(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// dialled reports whether an employee makes the call.
func (s script) dialled() bool { return s.direction != mango.DirectionInbound }
