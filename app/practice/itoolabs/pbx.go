package itoolabs

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"

	"dozvon/app/itoolabs"
	"dozvon/app/practice"
	"dozvon/app/practice/delivery"
	"dozvon/app/practice/recordings"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// PBX is the practice PBX. New starts it; Close ends everything it started.
type PBX struct {
	config     Config
	handler    http.Handler
	luck       *misfortune
	sender     *delivery.Sender
	directory  *directory
	telephones *telephones
	recordings *recordings.Store
	asking     *http.Client // for who calls
	life       *practice.Life

	mu     sync.Mutex // guards what follows, and the legs of calls
	lastID int64
	dice   *rand.Rand
	calls  []*call
}

// New starts a practice PBX.
func New(config Config) *PBX {
	config = config.withDefaults()
	p := &PBX{
		config: config, life: practice.NewLife(), luck: newMisfortune(config.Faults), directory: newDirectory(config),
		recordings: recordings.New(config.Now), asking: &http.Client{Timeout: config.ContactWait}, lastID: config.FirstID,
		dice: rand.New(rand.NewPCG(config.Faults.Seed, 0x17001ab5)), telephones: newTelephones(),
	}
	if config.HTTP != nil {
		p.asking.Transport = config.HTTP.Transport
	}
	attempts := 0 // the usual
	if config.NoRetry {
		attempts = 1
	}
	p.sender = delivery.New(delivery.Config{
		HTTP: config.HTTP, RetryDelay: config.RetryDelay, Attempts: attempts, Parallel: config.Parallel,
		Faults: config.Faults.delivery(), Log: config.Log,
	})
	p.handler = (&api{p}).routes()
	p.life.Background(func() { p.sender.Run(p.life.Context()) })
	return p
}

// Handler serves /sys/crm_api.wcgp and /crmapi/v1/ (the API), /mp3/ (recordings) and /control/.
func (p *PBX) Handler() http.Handler { return p.handler }

// Close ends all calls without further events and waits for what New and Call started.
func (p *PBX) Close() { p.life.Close() }

// Closed is closed by Close.
func (p *PBX) Closed() <-chan struct{} { return p.life.Closed() }

// Kind is the kind of PBX.
func (*PBX) Kind() string { return "itoolabs" }

// Employees returns the people of this PBX.
func (p *PBX) Employees() []staff.Employee { return p.directory.All() }

// Drain waits until every event has been delivered or given up. Calls that
// still run make new ones: wait for their end first.
func (p *PBX) Drain(ctx context.Context) error { return p.sender.Drain(ctx) }

// post queues a request to the server.
func (p *PBX) post(fields itoolabs.Fields) {
	p.sender.Post(delivery.Webhook{
		Name:  strings.TrimSpace(fields[itoolabs.FieldCommand] + " " + fields["type"]),
		Build: func(ctx context.Context) (*http.Request, error) { return p.request(ctx, fields) },
	})
}

// request carries the token in its body, as a form or as JSON (section 1).
func (p *PBX) request(ctx context.Context, fields itoolabs.Fields) (*http.Request, error) {
	fields = fields.Without(itoolabs.FieldToken)
	fields[itoolabs.FieldToken] = p.config.Token
	body, kind := []byte(fields.Form()), "application/x-www-form-urlencoded"
	if p.config.JSON {
		body, kind = fields.Canonical(), "application/json"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.config.Target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", fields[itoolabs.FieldCommand], err)
	}
	request.Header.Set("Content-Type", kind)
	return request, nil
}

// start gives the call its ids and its goroutine. A call without a clock lives in real time.
func (p *PBX) start(c *call, run func()) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.clock == nil {
		c.clock = sim.NewWall(p.config.Now)
	}
	c.pbx, c.ended = p, make(chan struct{})
	c.id = p.newCallID()
	if !p.life.Background(func() {
		defer c.clock.Done()
		if c.whenDone != nil {
			defer c.whenDone()
		}
		c.clock.Begin(p.life.Closed())
		c.began = c.clock.Now()
		run()
		c.finish()
	}) {
		return "", practice.ErrClosed
	}
	p.calls = append(p.calls, c)
	drop := 0
	for len(p.calls)-drop > p.config.History && p.calls[drop].over() {
		drop++
	}
	p.calls = slices.Delete(p.calls, 0, drop)
	return c.id, nil
}

// newCallID returns a callid in the form of those that were seen. The caller holds mu.
func (p *PBX) newCallID() string {
	p.lastID++
	return fmt.Sprintf("B10D0EB124F4E64AF4EA-%d", p.lastID)
}

// shuffle orders events that happen in one moment: which comes first no PBX promises.
func (p *PBX) shuffle(n int, swap func(i, j int)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dice.Shuffle(n, swap)
}

// SetPhone sets the rule of an employee's telephone, or of a client's by his number. A rule wins over
// what a scenario would do with a telephone that has none.
func (p *PBX) SetPhone(number string, rule practice.Rule) error {
	if err := rule.Validate(); err != nil {
		return fmt.Errorf("setting telephone %s: %w", number, err)
	}
	to, ok := p.directory.Resolve(number)
	if !ok || to.Group != "" {
		return fmt.Errorf("setting telephone %s: %w", number, practice.ErrNumber)
	}
	if to.Outside != "" {
		p.telephones.setRule(to.Outside, rule)
	} else {
		p.telephones.setRule(to.Extensions[0], rule)
	}
	return nil
}

// members are who takes calls of the group now.
func (p *PBX) members() []string {
	return slices.DeleteFunc(p.directory.Members(), p.telephones.leftGroup)
}
