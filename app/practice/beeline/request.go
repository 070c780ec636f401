package beeline

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/control"
	"dozvon/app/practice/day"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// Call starts a call and returns its extTrackingId at once.
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
	for _, extension := range []*string{&s.to, &s.winner, &s.forwardTo, &s.transferTo, &s.consult, &s.from} {
		*extension = p.person(*extension)
	}
	c := &call{pbx: p, script: s, timing: p.config.Timing.Of(r), direction: s.direction}
	if s.direction != practice.Inbound {
		return c, outbound{c}.dialled, c.dials(r)
	}
	c.line = Lines()[0]
	if r.Line != "" {
		if c.line, ok = p.directory.Line(r.Line); !ok {
			return nil, nil, fmt.Errorf("starting a call to line %q: %w", r.Line, practice.ErrNumber)
		}
	}
	if c.to, ok = p.directory.resolve(cmp.Or(r.To, s.to)); !ok || c.to.Outside != "" {
		return nil, nil, fmt.Errorf("starting a call to %q: %w", r.To, practice.ErrNumber)
	}
	c.client = staff.Digits(r.From)
	if r.From != "" && c.client == "" {
		return nil, nil, fmt.Errorf("starting a call from %q: %w", r.From, practice.ErrNumber)
	}
	if s.hidden {
		c.client = ""
	}
	c.party = xsi.Party{Name: s.name, Number: c.client, Hidden: c.client == "", CallType: xsi.Network}
	return c, inbound{c}.play, nil
}

// person is who plays an extension of the usual cast here.
func (p *PBX) person(extension string) string {
	n, err := strconv.Atoi(extension)
	everybody := p.directory.All()
	if err != nil || n < usualFirst || n >= usualFirst+usualPeople {
		return extension
	}
	return everybody[(n-usualFirst)%len(everybody)].Extension
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
	to, ok := c.pbx.directory.resolve(cmp.Or(r.To, c.script.to))
	if !ok || to.Group != "" || (c.direction == practice.Outbound) != (to.Outside != "") {
		return fmt.Errorf("starting a call to %q: %w", r.To, practice.ErrNumber)
	}
	c.to, c.operator, c.client = to, from, to.Outside
	c.party = xsi.Party{Number: to.Outside, CallType: xsi.Network}
	return nil
}

// trafficScenarios is an ordinary day: most calls are answered. A name stands once for each share it has.
var trafficScenarios = []string{
	"answered", "answered", "answered", "direct", "direct", "ivr-answered", "group", "queue-answered", "missed", "busy",
	"declined", "ivr-abandoned", "queue-missed", "hold", "transfer-blind", "outbound", "outbound",
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
	{Scenario: "answered", Share: 250},
	{Scenario: "direct", Share: 120},
	{Scenario: "ivr-answered", Share: 90},
	{Scenario: "group", Share: 80},
	{Scenario: "queue-answered", Share: 60},
	{Scenario: "hold", Share: 30},
	{Scenario: "transfer-blind", Share: 25},
	{Scenario: "transfer-failed", Share: 5},
	{Scenario: "transfer-consult", Share: 20},
	{Scenario: "transfer-consult-cancelled", Share: 8},
	{Scenario: "forwarded", Share: 20},
	{Scenario: "forwarded-mobile", Share: 10},
	{Scenario: "anonymous", Share: 10},
	{Scenario: "late-number", Share: 7},
	{Scenario: "missed", Share: 50},
	{Scenario: "unavailable", Share: 20},
	{Scenario: "busy", Share: 20},
	{Scenario: "declined", Share: 15},
	{Scenario: "ivr-abandoned", Share: 25},
	{Scenario: "group-missed", Share: 15},
	{Scenario: "queue-missed", Share: 20},
	{Scenario: "outbound", Share: 60},
	{Scenario: "outbound-missed", Share: 15},
	{Scenario: "outbound-busy", Share: 5},
	{Scenario: "internal", Share: 15},
	{Scenario: "internal-missed", Share: 5},
}

// lost are the scenarios after which a client calls again or is called back.
var lost = []string{"missed", "unavailable", "busy", "declined", "ivr-abandoned", "group-missed", "queue-missed"}

// Day begins a day and returns at once; see day.Play.
func (p *PBX) Day(r day.Request) (*day.Day, error) {
	return day.Play(p.life.Context(), day.PBX{
		Kind:  day.Kind{Mix: ordinaryDay, Lost: lost, Traits: traits, Lines: Lines()},
		Staff: p.directory.Staff, Now: p.config.Now, Background: p.life.Background, Log: p.config.Log, Begin: p.beginPlanned,
	}, r)
}

// traits tells the planner about a scenario.
func traits(scenario string) day.Traits {
	s := scripts[scenario]
	return day.Traits{
		Direction: s.direction, Group: s.to == GroupExtension || s.to == QueueExtension, Abandoned: s.abandoned,
		Colleague: s.transferTo+s.consult != "" || s.forwardTo != "" && scenario != "forwarded-mobile",
	}
}

// beginPlanned starts a call of a day.
func (p *PBX) beginPlanned(planned day.Call, clock func() sim.Clock, done func()) (string, error) {
	c, run, err := p.prepare(planned.Request)
	if err != nil {
		return "", err
	}
	c.timing = planned.Timing
	if planned.Second != "" {
		for _, role := range []*string{&c.script.winner, &c.script.forwardTo, &c.script.transferTo, &c.script.consult} {
			if *role != "" {
				*role = planned.Second
			}
		}
	}
	c.clock, c.ofDay, c.whenDone = clock(), true, done
	return p.start(c, run)
}
