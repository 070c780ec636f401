package itoolabs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/control"
	"dozvon/app/practice/day"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// Call starts a call and returns its callid at once.
func (p *PBX) Call(r practice.CallRequest) (string, error) {
	c, run, err := p.prepare(r)
	if err != nil {
		return "", err
	}
	return p.start(c, run)
}

// prepare makes a call that has not begun, and what will run it.
func (p *PBX) prepare(r practice.CallRequest) (*call, func(), error) {
	s, ok := scripts[cmp.Or(r.Scenario, "answered")]
	if !ok {
		return nil, nil, fmt.Errorf("starting a call: %w: %q", practice.ErrScenario, r.Scenario)
	}
	for _, extension := range []*string{&s.to, &s.winner, &s.transferTo, &s.from} {
		*extension = p.person(*extension)
	}
	c := &call{pbx: p, script: s, timing: p.config.Timing.Of(r), direction: s.direction}
	if s.direction != practice.Inbound {
		return c, outbound{c}.dialled, c.dials(r)
	}
	c.line = Lines()[0]
	if r.Line != "" {
		if c.line = staff.Digits(r.Line); !slices.Contains(Lines(), c.line) {
			return nil, nil, fmt.Errorf("starting a call to line %q: %w", r.Line, practice.ErrNumber)
		}
	}
	if c.to, ok = p.directory.Resolve(cmp.Or(r.To, s.to)); !ok || c.to.Outside != "" {
		return nil, nil, fmt.Errorf("starting a call to %q: %w", r.To, practice.ErrNumber)
	}
	c.client = staff.Digits(r.From)
	if r.From != "" && c.client == "" {
		return nil, nil, fmt.Errorf("starting a call from %q: %w", r.From, practice.ErrNumber)
	}
	if s.hidden {
		c.client = ""
	}
	return c, inbound{c}.play, nil
}

// person is who plays an extension of the usual cast, when other people work here.
func (p *PBX) person(extension string) string {
	n, err := strconv.Atoi(extension)
	if _, here := p.directory.Employee(extension); here || err != nil || n < 701 || n > 705 {
		return extension
	}
	everybody := p.directory.All()
	return everybody[(n-701)%len(everybody)].Extension
}

// dials fills in who calls whom when an employee makes the call.
func (c *call) dials(r practice.CallRequest) error {
	from := r.From
	// "call --from CLIENT --scenario outbound" means the client of the scenario's employee.
	if _, ok := c.pbx.directory.Employee(from); !ok {
		from = c.script.from
		if c.direction == practice.Outbound && r.To == "" {
			r.To = r.From
		}
	}
	to, ok := c.pbx.directory.Resolve(cmp.Or(r.To, c.script.to))
	if !ok || to.Group != "" || (c.direction == practice.Outbound) != (to.Outside != "") {
		return fmt.Errorf("starting a call to %q: %w", r.To, practice.ErrNumber)
	}
	c.to, c.operator, c.client = to, from, to.Outside
	if to.Outside != "" {
		c.line = Lines()[0]
	}
	return nil
}

// errPlus says that a number begins with a plus, which the PBX refuses (section 7).
var errPlus = errors.New("a number is digits only")

// order starts a click-to-call.
func (p *PBX) order(user, phone string) (callID, parameter string, err error) {
	e, ok := p.directory.user(user)
	if !ok {
		return "", "user", practice.ErrNumber
	}
	if phone == "" || strings.Trim(phone, "0123456789") != "" {
		return "", "phone", errPlus
	}
	c := p.newCallback(e.Extension, phone)
	callID, err = p.start(c, outbound{c}.callback)
	return callID, "", err
}

// newCallback is the call of the API's command.
func (p *PBX) newCallback(operator, client string) *call {
	return &call{
		pbx: p, script: script{rule: answers}, timing: p.config.Timing, direction: practice.Outbound,
		operator: operator, to: staff.Destination{Outside: client}, client: client, line: Lines()[0],
	}
}

// trafficScenarios is an ordinary day: most calls are answered. A name stands once for each share it has.
var trafficScenarios = []string{
	"answered", "answered", "answered", "direct", "direct", "ivr-answered", "group", "group", "queue-answered", "missed", "busy",
	"declined", "ivr-abandoned", "group-missed", "transfer", "outbound", "outbound",
}

// Traffic makes random plausible calls in the background, one per every. count bounds them; 0 means
// until Close. numbers are the clients; a built-in list if empty.
func (p *PBX) Traffic(every time.Duration, count int, numbers []string) error {
	traffic := control.Traffic{
		Scenarios: trafficScenarios, Lines: Lines(), Call: p.Call, Background: p.life.Background, Log: p.config.Log,
	}
	return traffic.Start(p.life.Context(), every, count, numbers)
}

// ordinaryDay is what a day is made of, in thousandths.
var ordinaryDay = []day.Share{
	{Scenario: "answered", Share: 300},
	{Scenario: "direct", Share: 140},
	{Scenario: "ivr-answered", Share: 90},
	{Scenario: "group", Share: 120},
	{Scenario: "queue-answered", Share: 50},
	{Scenario: "transfer", Share: 40},
	{Scenario: "anonymous", Share: 10},
	{Scenario: "missed", Share: 60},
	{Scenario: "busy", Share: 25},
	{Scenario: "declined", Share: 20},
	{Scenario: "ivr-abandoned", Share: 25},
	{Scenario: "group-missed", Share: 20},
	{Scenario: "outbound", Share: 60},
	{Scenario: "outbound-missed", Share: 15},
	{Scenario: "outbound-busy", Share: 5},
	{Scenario: "internal", Share: 15},
	{Scenario: "internal-missed", Share: 5},
}

// lost are the scenarios after which a client calls again or is called back.
var lost = []string{"missed", "busy", "declined", "ivr-abandoned", "group-missed"}

// Day begins a day and returns at once; see day.Play. Events have no times, so what is played faster than
// it would be reaches the server as if it happened now; histories tell when it was.
func (p *PBX) Day(r day.Request) (*day.Day, error) {
	return day.Play(p.life.Context(), day.PBX{
		Kind:  day.Kind{Mix: ordinaryDay, Lost: lost, Traits: traits, Lines: Lines()},
		Staff: p.directory.Staff, Now: p.config.Now, Background: p.life.Background, Log: p.config.Log, Begin: p.beginPlanned,
	}, r)
}

// traits tells the planner about a scenario.
func traits(scenario string) day.Traits {
	s := scripts[scenario]
	return day.Traits{Direction: s.direction, Group: s.to == GroupExtension, Abandoned: s.abandoned, Colleague: s.transferTo != ""}
}

// beginPlanned starts a call of a day.
func (p *PBX) beginPlanned(planned day.Call, clock func() sim.Clock, done func()) (string, error) {
	c, run, err := p.prepare(planned.Request)
	if err != nil {
		return "", err
	}
	c.timing = planned.Timing
	if planned.Second != "" {
		for _, role := range []*string{&c.script.winner, &c.script.transferTo} {
			if *role != "" {
				*role = planned.Second
			}
		}
	}
	c.clock, c.ofDay, c.whenDone = clock(), true, done
	return p.start(c, run)
}
