package mango

import (
	"cmp"
	"fmt"
	"time"

	"dozvon/app/mango"
)

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
	c, run, err := p.prepare(r)
	if err != nil {
		return "", err
	}
	return p.start(c, run)
}

// prepare makes a call that has not begun, and what will run it.
func (p *PBX) prepare(r CallRequest) (*call, func(*call), error) {
	s, ok := scripts[cmp.Or(r.Scenario, "answered")]
	if !ok {
		return nil, nil, fmt.Errorf("starting a call: %w: %q", ErrScenario, r.Scenario)
	}
	line := cmp.Or(s.line, mango.Digits(r.Line), lines[0].Number)
	c := &call{pbx: p, script: s, line: mango.Text(line), timing: p.config.Timing.of(r), direction: s.direction}
	if s.dialled() {
		return c, c.runner(), c.dials(r)
	}
	to, ok := p.staff.resolve(cmp.Or(r.To, s.to))
	if !ok {
		return nil, nil, fmt.Errorf("starting a call to %q: %w", r.To, ErrNumber)
	}
	c.to, c.client = to, mango.Digits(r.From)
	if r.From != "" && c.client == "" {
		return nil, nil, fmt.Errorf("starting a call from %q: %w", r.From, ErrNumber)
	}
	if s.anonymous {
		c.client = ""
	}
	return c, c.runner(), nil
}

// runner is the function that plays the call's kind.
func (c *call) runner() func(*call) {
	switch {
	case c.script.widget:
		c.callback = &callback{initiator: widgetInitiator, task: 123456}
		return (*call).calledBack
	case c.script.dialled():
		return (*call).dialled
	}
	return (*call).inbound
}

// dials fills in who calls whom when an employee makes the call.
func (c *call) dials(r CallRequest) error {
	from := r.From
	// "call --from CLIENT --scenario outbound" means the client of the scenario's employee.
	if _, ok := c.pbx.staff.employee(from); !ok {
		from = c.script.from
		if c.direction == mango.DirectionOutbound && r.To == "" {
			r.To = r.From
		}
	}
	to, ok := c.pbx.staff.resolve(cmp.Or(r.To, c.script.to))
	if !ok || to.group != "" || (c.direction == mango.DirectionOutbound) != (to.outside != "") {
		return fmt.Errorf("starting a call to %q: %w", r.To, ErrNumber)
	}
	c.to, c.operator, c.client = to, from, to.outside
	return nil
}

// of returns the pauses that a request wants.
func (t Timing) of(r CallRequest) Timing {
	if r.RingMS > 0 {
		t.Ring = time.Duration(r.RingMS) * time.Millisecond
		t.NoAnswer, t.Outside = t.Ring, t.Ring
	}
	if r.TalkMS > 0 {
		t.Talk = time.Duration(r.TalkMS) * time.Millisecond
	}
	return t
}
