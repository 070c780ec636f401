package practice

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"dozvon/app/mango"
)

// keepCalls is how many ended calls the PBX remembers, for 4101 and the control API.
const keepCalls = 1000

// PBX is the practice PBX. New starts it; Close ends everything it started.
type PBX struct {
	config  Config
	handler http.Handler
	limits  *limits
	queue   chan delivery
	ctx     context.Context // ends with Close; calls outlive the request that began them
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex // guards what follows
	closed bool
	lastID int64
	rules  map[string]Rule
	calls  []*call
	legs   map[string]*call
	files  *files
}

// New starts a practice PBX that posts its events to config.Target.
func New(config Config) *PBX {
	config = config.withDefaults()
	ctx, cancel := context.WithCancel(context.Background())
	p := &PBX{
		config: config, queue: make(chan delivery, queueLimit), ctx: ctx, cancel: cancel, lastID: config.FirstID,
		rules: map[string]Rule{}, legs: map[string]*call{}, limits: newLimits(config), files: newFiles(config.Now),
	}
	p.handler = p.routes()
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

// CallRequest asks for a call. Only From is needed for an inbound call.
type CallRequest struct {
	// From is the caller: a client's number, or an extension in outbound and internal scenarios.
	// Empty is an anonymous client.
	From string `json:"from"`
	// Line is our number that the client dialled; the first line if empty.
	Line string `json:"line,omitempty"`
	// To is the extension or group that rings, or the client of an outbound call; the scenario's if empty.
	To string `json:"to,omitempty"`
	// Scenario is one of Scenarios; "answered" if empty.
	Scenario string `json:"scenario,omitempty"`
	// RingMS and TalkMS replace the usual times, in milliseconds.
	RingMS int64 `json:"ring_ms,omitempty"`
	TalkMS int64 `json:"talk_ms,omitempty"`
}

// Call starts a call and returns its entry_id at once.
func (p *PBX) Call(r CallRequest) (string, error) {
	s, ok := scripts[cmp.Or(r.Scenario, "answered")]
	if !ok {
		return "", fmt.Errorf("starting a call: %w: %q", ErrScenario, r.Scenario)
	}
	line := cmp.Or(mango.Digits(r.Line), lines[0].Number)
	t := p.config.Timing
	if r.RingMS > 0 {
		t.Ring = time.Duration(r.RingMS) * time.Millisecond
		t.NoAnswer, t.Outside = t.Ring, t.Ring
	}
	if r.TalkMS > 0 {
		t.Talk = time.Duration(r.TalkMS) * time.Millisecond
	}
	c := &call{pbx: p, script: s, line: mango.Text(line), timing: t, direction: s.direction}
	run := (*call).inbound
	if s.direction == mango.DirectionInbound {
		to, ok := resolve(cmp.Or(r.To, s.to))
		if !ok {
			return "", fmt.Errorf("starting a call to %q: %w", r.To, ErrNumber)
		}
		c.to, c.client = to, mango.Digits(r.From)
		if r.From != "" && c.client == "" {
			return "", fmt.Errorf("starting a call from %q: %w", r.From, ErrNumber)
		}
	} else {
		from := r.From
		// "call --from CLIENT --scenario outbound" means the client of the scenario's employee.
		if _, ok := employee(from); !ok {
			from = s.from
			if s.direction == mango.DirectionOutbound && r.To == "" {
				r.To = r.From
			}
		}
		to, ok := resolve(cmp.Or(r.To, s.to))
		if !ok || to.group != "" || (s.direction == mango.DirectionOutbound) != (to.outside != "") {
			return "", fmt.Errorf("starting a call to %q: %w", r.To, ErrNumber)
		}
		c.to, c.operator, c.client = to, from, to.outside
		run = (*call).dialled
	}
	return p.start(c, run)
}

// start gives the call its id and its goroutine.
func (p *PBX) start(c *call, run func(*call)) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return "", ErrClosed
	}
	p.lastID++
	c.entryID = encodeID(fmt.Sprint(p.lastID))
	c.recording = encodeID(fmt.Sprintf("1:%d:%d:0", product, p.lastID))
	c.commands = make(chan command)
	c.ended = make(chan struct{})
	c.began = p.config.Now().Unix()
	p.calls = append(p.calls, c)
	p.forgetOld()
	p.running.Go(func() {
		run(c)
		c.finish()
	})
	return c.entryID, nil
}

// forgetOld drops the oldest ended calls beyond keepCalls. The caller holds mu.
func (p *PBX) forgetOld() {
	for len(p.calls) > keepCalls {
		old := p.calls[0]
		if !old.over() {
			return
		}
		for id, c := range p.legs {
			if c == old {
				delete(p.legs, id)
			}
		}
		p.calls = slices.Delete(p.calls, 0, 1)
	}
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

func encodeID(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
