package mango

import (
	"cmp"
	"fmt"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/cast"
)

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
	line := cmp.Or(s.line, mango.Digits(r.Line), cast.Lines[0].Number)
	c := &call{pbx: p, script: s, line: mango.Text(line), timing: p.config.Timing.Of(r), direction: s.direction}
	if s.dialled() {
		return c, c.runner(), c.dials(r)
	}
	to, ok := p.staff.Resolve(cmp.Or(r.To, s.to))
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
		return func(c *call) { ringback{c}.play() }
	case c.script.dialled():
		return (*call).dialled
	}
	return func(c *call) { inbound{c}.play() }
}

// dials fills in who calls whom when an employee makes the call.
func (c *call) dials(r CallRequest) error {
	from := r.From
	// "call --from CLIENT --scenario outbound" means the client of the scenario's employee.
	if _, ok := c.pbx.staff.Employee(from); !ok {
		from = c.script.from
		if c.direction == mango.DirectionOutbound && r.To == "" {
			r.To = r.From
		}
	}
	to, ok := c.pbx.staff.Resolve(cmp.Or(r.To, c.script.to))
	if !ok || to.Group != "" || (c.direction == mango.DirectionOutbound) != (to.Outside != "") {
		return fmt.Errorf("starting a call to %q: %w", r.To, ErrNumber)
	}
	c.to, c.operator, c.client = to, from, to.Outside
	return nil
}
