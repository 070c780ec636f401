package mango

import (
	"time"

	"dozvon/app/practice/mango/cast"

	"dozvon/app/practice/control"
	"dozvon/app/practice/day"
	"dozvon/app/practice/sim"
)

// trafficScenarios is an ordinary day: most calls are answered. A name stands once for each share it has.
var trafficScenarios = []string{
	"answered", "answered", "answered", "answered", "direct", "direct", "group", "group",
	"missed", "busy", "declined", "ivr-abandoned", "group-missed", "hold", "transfer-blind", "outbound", "outbound",
}

// Traffic makes random plausible calls in the background, one per every. count
// bounds them; 0 means until Close. numbers are the clients; a built-in list if empty.
func (p *PBX) Traffic(every time.Duration, count int, numbers []string) error {
	traffic := control.Traffic{
		Scenarios: trafficScenarios, Lines: cast.DialledLines(), Call: p.Call, Background: p.life.Background, Log: p.config.Log,
	}
	return traffic.Start(p.life.Context(), every, count, numbers)
}

// ordinaryDay is what a day is made of, in thousandths.
var ordinaryDay = []day.Share{
	{Scenario: "answered", Share: 300},
	{Scenario: "direct", Share: 90},
	{Scenario: "group", Share: 100},
	{Scenario: "serial-group", Share: 20},
	{Scenario: "queue-answered", Share: 30},
	{Scenario: "dtmf", Share: 20},
	{Scenario: "hold", Share: 30},
	{Scenario: "transfer-blind", Share: 25},
	{Scenario: "transfer-consult", Share: 20},
	{Scenario: "transfer-consult-cancelled", Share: 8},
	{Scenario: "two-recordings", Share: 7},
	{Scenario: "pickup", Share: 15},
	{Scenario: "forwarded-mobile", Share: 20},
	{Scenario: "sip-line", Share: 15},
	{Scenario: "anonymous", Share: 10},
	{Scenario: "missed", Share: 60},
	{Scenario: "busy", Share: 20},
	{Scenario: "busy-dnd", Share: 5},
	{Scenario: "declined", Share: 10},
	{Scenario: "unknown-code", Share: 5},
	{Scenario: "ivr-abandoned", Share: 35},
	{Scenario: "group-missed", Share: 35},
	{Scenario: "widget", Share: 10},
	{Scenario: "outbound", Share: 65},
	{Scenario: "outbound-missed", Share: 15},
	{Scenario: "outbound-busy", Share: 5},
	{Scenario: "internal", Share: 20},
	{Scenario: "internal-missed", Share: 5},
}

// lost are the scenarios after which a client calls again or is called back.
var lost = []string{"missed", "busy", "busy-dnd", "declined", "unknown-code", "ivr-abandoned", "group-missed"}

// Day begins a day and returns at once; see day.Play.
func (p *PBX) Day(r DayRequest) (*day.Day, error) {
	return day.Play(p.life.Context(), day.PBX{
		Kind:  day.Kind{Mix: ordinaryDay, Lost: lost, Traits: traits, Lines: cast.DialledLines()},
		Staff: p.staff, Now: p.config.Now, Background: p.life.Background, Log: p.config.Log, Begin: p.beginPlanned,
	}, r)
}

// traits tells the planner about a scenario.
func traits(scenario string) day.Traits {
	s := scripts[scenario]
	return day.Traits{
		Direction: int(s.direction), // mango's numbers are practice's
		Group:     s.to == cast.GroupExtension, Abandoned: s.abandoned, Colleague: s.pickup+s.transferTo+s.consult != "",
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
		s := &c.script
		for _, role := range []*string{&s.winner, &s.pickup, &s.transferTo, &s.consult} {
			if *role != "" {
				*role = planned.Second
			}
		}
	}
	c.clock, c.ofDay, c.whenDone = clock(), true, done
	return p.start(c, run)
}
