package mango

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/delivery"
	"dozvon/app/practice/mango/addressbook"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/recordings"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// PBX is the practice PBX. New starts it; Close ends everything it started.
type PBX struct {
	config    Config
	handler   http.Handler
	luck      *misfortune
	sender    *delivery.Sender
	staff     *staff.Staff
	files     *recordings.Store
	addresses *addressbook.Book
	life      *practice.Life

	mu     sync.Mutex // guards what follows
	lastID int64
	rules  map[string]Rule
	calls  []*call
	legs   map[string]*call
}

// New starts a practice PBX that posts its events to config.Target.
func New(config Config) *PBX {
	config = config.withDefaults()
	p := &PBX{
		config: config, life: practice.NewLife(), lastID: config.FirstID,
		rules: map[string]Rule{}, legs: map[string]*call{}, files: recordings.New(config.Now),
		luck: newMisfortune(config.Faults), staff: cast.Staff(config.Employees, config.Operators, config.Odd),
	}
	p.sender = delivery.New(delivery.Config{
		HTTP: config.HTTP, RetryDelay: config.RetryDelay, Parallel: config.Parallel,
		Faults: config.Faults.delivery(), Log: config.Log,
	})
	p.addresses = addressbook.New(config.Contacts, p.addressBookChanged)
	p.handler = p.routes()
	p.life.Background(func() { p.sender.Run(p.life.Context()) })
	return p
}

// Handler serves /vpbx/ (Mango's API), /files/ (recordings) and /control/.
func (p *PBX) Handler() http.Handler { return p.handler }

// Close ends all calls without further events and waits for what New and Call started.
func (p *PBX) Close() { p.life.Close() }

// Closed is closed by Close.
func (p *PBX) Closed() <-chan struct{} { return p.life.Closed() }

// Kind is the kind of PBX.
func (*PBX) Kind() string { return "mango" }

// Employees returns the people of this PBX.
func (p *PBX) Employees() []Employee { return p.staff.All() }

// start gives the call its id and its goroutine. A call without a clock lives in real time.
func (p *PBX) start(c *call, run func(*call)) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.clock == nil {
		c.clock = sim.NewWall(p.config.Now)
	}
	p.lastID++
	c.number = p.lastID
	c.entryID = encodeID(fmt.Sprint(p.lastID))
	c.commands = make(chan command)
	c.ended = make(chan struct{})
	c.began = int64(c.now())
	if !p.life.Background(func() {
		defer c.clock.Done()
		if c.whenDone != nil {
			defer c.whenDone()
		}
		c.clock.Begin(p.life.Closed())
		run(c)
		c.finish()
	}) {
		return "", ErrClosed
	}
	p.calls = append(p.calls, c)
	p.forgetOld()
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
	id := fmt.Sprintf("1:%d:502:%d", cast.Product, p.lastID)
	if ivr {
		id += ":1"
	}
	id = encodeID(id)
	p.legs[id] = c
	return id
}

// ended returns the ended calls, oldest first. What they hold changes no more.
func (p *PBX) ended() []*call {
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
