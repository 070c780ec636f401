package day

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"dozvon/app/practice"
)

// Call is one call of a day, decided before the day begins.
type Call struct {
	At      time.Duration // since the day's beginning
	Request practice.CallRequest
	Timing  practice.Timing
	// Second is the colleague of scenarios that need one: who answers for a group, picks up, takes over, is asked.
	Second string
}

// Kind is what a kind of PBX can play.
type Kind struct {
	// Mix is the shares of an ordinary day.
	Mix []Share
	// Lost are the scenarios after which a client calls again or is called back.
	Lost []string
	// Traits tells about a scenario.
	Traits func(scenario string) Traits
	// Lines are our numbers that clients dial.
	Lines []string
}

// Share is how many of a thousand calls are of a scenario.
type Share struct {
	Scenario string
	Share    int
}

// Traits are what the planner must know of a scenario.
type Traits struct {
	// Direction is practice.Internal, Inbound or Outbound.
	Direction int
	// Group rings the group; Abandoned never rings anybody; Colleague needs a second employee.
	Group, Abandoned, Colleague bool
}

// The scenarios that every kind has: when nobody is free a caller finds an operator busy, who was
// lost calls again and is answered, or is called back with luck or without.
const (
	busy         = "busy"
	answered     = "answered"
	calledBack   = "outbound"
	calledInVain = "outbound-missed"
)

// hourlyCurve is how busy each twelfth of a school's day is: the late morning and the hours after work.
var hourlyCurve = [...]int{2, 6, 9, 10, 9, 6, 7, 9, 10, 9, 6, 3}

// tail is the end of the day in which no call begins, so that none outlasts it by far.
const tail = 20 * time.Minute

// planner draws a day.
type planner struct {
	kind    Kind
	random  *rand.Rand
	length  time.Duration
	calls   int
	clients int
	plan    []Call
}

// plan draws the day of a request; the same request to the same staff gives the same day.
func (p PBX) plan(r Request, length time.Duration) []Call {
	d := &planner{
		kind: p.Kind, random: rand.New(rand.NewPCG(r.Seed, 0xd0)), length: length, calls: r.Calls, clients: max(10, r.Calls*3/5),
	}
	for len(d.plan) < r.Calls {
		d.add(d.moment(), d.mix(), d.client())
	}
	slices.SortStableFunc(d.plan, func(a, b Call) int { return cmp.Compare(a.At, b.At) })
	people := p.Staff.All()
	roster := &roster{kind: p.Kind, random: d.random, busyUntil: map[string]time.Duration{}, group: p.Staff.Members()}
	for _, e := range people[:min(r.Operators, len(people))] {
		roster.operators = append(roster.operators, e.Extension)
	}
	for i := range d.plan {
		roster.assign(&d.plan[i])
	}
	return d.plan
}

// add plans a call and, if the client is lost by it, what he and the school do about it.
func (d *planner) add(at time.Duration, scenario, client string) {
	if len(d.plan) >= d.calls || at > d.length-tail {
		return
	}
	c := Call{At: at, Timing: d.timing(), Request: practice.CallRequest{
		Scenario: scenario, From: client, Line: d.kind.Lines[d.random.IntN(len(d.kind.Lines))],
	}}
	d.plan = append(d.plan, c)
	if !slices.Contains(d.kind.Lost, scenario) {
		return
	}
	minutes := func(low, high int) time.Duration {
		return at + time.Duration(low+d.random.IntN(high-low))*time.Minute
	}
	if d.chance(0.3) {
		d.add(minutes(4, 20), answered, client)
	}
	if d.chance(0.6) {
		d.add(minutes(21, 90), d.either(calledBack, calledInVain, 0.7), client)
	}
}

func (d *planner) chance(share float64) bool { return d.random.Float64() < share }

func (d *planner) either(a, b string, share float64) string {
	if d.chance(share) {
		return a
	}
	return b
}

// moment draws when a call begins, by the hourly curve.
func (d *planner) moment() time.Duration {
	total := 0
	for _, weight := range hourlyCurve {
		total += weight
	}
	left, slot := d.random.IntN(total), 0
	for left >= hourlyCurve[slot] {
		left -= hourlyCurve[slot]
		slot++
	}
	step := (d.length - tail) / time.Duration(len(hourlyCurve))
	at := time.Duration(slot)*step + time.Duration(d.random.Int64N(int64(step)))
	return at.Truncate(time.Second)
}

func (d *planner) mix() string {
	total := 0
	for _, m := range d.kind.Mix {
		total += m.Share
	}
	left := d.random.IntN(total)
	for _, m := range d.kind.Mix {
		if left -= m.Share; left < 0 {
			return m.Scenario
		}
	}
	return answered
}

// client draws a number; there are fewer clients than calls, so some call twice by themselves.
func (d *planner) client() string {
	return fmt.Sprintf("7900000%04d", 2000+d.random.IntN(min(d.clients, 8000)))
}

// timing draws how long the parts of a call take. Talks are mostly short, now and then very long.
func (d *planner) timing() practice.Timing {
	seconds := func(low, high int) time.Duration {
		return time.Duration(low+d.random.IntN(high-low+1)) * time.Second
	}
	talk := 15*time.Second + time.Duration(d.random.ExpFloat64()*float64(110*time.Second))
	return practice.Timing{
		IVR: seconds(4, 20), Ring: seconds(3, 18), NoAnswer: seconds(20, 40), Outside: seconds(5, 15),
		Talk: min(talk.Truncate(time.Second), 15*time.Minute), Join: 2 * time.Second,
		Hold: seconds(5, 40), Consult: seconds(8, 40), RecordingDelay: seconds(20, 120),
	}
}

// roster knows who of the operators is free.
type roster struct {
	kind      Kind
	random    *rand.Rand
	operators []string
	group     []string
	busyUntil map[string]time.Duration
}

// assign gives a planned call its people. When too few are free, the caller finds one busy.
func (d *roster) assign(c *Call) {
	s := d.kind.Traits(c.Request.Scenario)
	free := d.free(c.At)
	switch {
	case s.Direction == practice.Internal:
		if len(free) < 2 {
			d.instead(c, busy)
			return
		}
		c.Request.From, c.Request.To = free[0], free[1]
	case s.Direction == practice.Outbound:
		if len(free) == 0 {
			d.instead(c, busy)
			return
		}
		c.Request.From, c.Request.To = free[0], c.Request.From
	case s.Group:
		// The group rings whoever is in it; the script says who answers.
		c.Second = d.group[d.random.IntN(min(2, len(d.group)))]
		return
	case s.Abandoned:
		return
	default:
		if len(free) == 0 || s.Colleague && len(free) < 2 {
			d.instead(c, busy)
			return
		}
		c.Request.To = free[0]
		if s.Colleague {
			c.Second = free[1]
		}
	}
	until := c.At + c.Timing.IVR + c.Timing.Ring + c.Timing.NoAnswer + c.Timing.Outside + 2*c.Timing.Talk + c.Timing.Consult
	for _, extension := range free[:min(2, len(free))] {
		if extension == c.Request.To || extension == c.Request.From || extension == c.Second {
			d.busyUntil[extension] = until
		}
	}
}

// instead turns a call that nobody can make or take into a client's who finds an operator busy.
func (d *roster) instead(c *Call, scenario string) {
	c.Request.Scenario = scenario
	c.Request.To = d.operators[d.random.IntN(len(d.operators))]
}

// free are the operators without a call, in random order.
func (d *roster) free(at time.Duration) []string {
	var free []string
	for _, extension := range d.operators {
		if d.busyUntil[extension] <= at {
			free = append(free, extension)
		}
	}
	d.random.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	return free
}
