package mango

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"dozvon/app/mango"
)

// plannedCall is one call of a day, decided before the day begins.
type plannedCall struct {
	at      time.Duration // since the day's beginning
	request CallRequest
	timing  Timing
	second  string // the colleague of scenarios that need one
}

// dress gives a prepared call what was planned beyond its request.
func (p plannedCall) dress(c *call) {
	c.timing = p.timing
	if p.second == "" {
		return
	}
	s := &c.script
	for _, role := range []*string{&s.winner, &s.pickup, &s.transferTo, &s.consult} {
		if *role != "" {
			*role = p.second
		}
	}
}

// hourlyCurve is how busy each twelfth of a school's day is: the late morning and the hours after work.
var hourlyCurve = [...]int{2, 6, 9, 10, 9, 6, 7, 9, 10, 9, 6, 3}

// dayTail is the end of the day in which no call begins, so that none outlasts it by far.
const dayTail = 20 * time.Minute

// dayMix is the shares of an ordinary day, in thousandths.
var dayMix = []struct {
	scenario string
	share    int
}{
	{"answered", 300},
	{"direct", 90},
	{"group", 100},
	{"serial-group", 20},
	{"queue-answered", 30},
	{"dtmf", 20},
	{"hold", 30},
	{"transfer-blind", 25},
	{"transfer-consult", 20},
	{"transfer-consult-cancelled", 8},
	{"two-recordings", 7},
	{"pickup", 15},
	{"forwarded-mobile", 20},
	{"sip-line", 15},
	{"anonymous", 10},
	{"missed", 60},
	{"busy", 20},
	{"busy-dnd", 5},
	{"declined", 10},
	{"unknown-code", 5},
	{"ivr-abandoned", 35},
	{"group-missed", 35},
	{"widget", 10},
	{"outbound", 65},
	{"outbound-missed", 15},
	{"outbound-busy", 5},
	{"internal", 20},
	{"internal-missed", 5},
}

// lost are the scenarios after which a client calls again or is called back.
var lost = []string{"missed", "busy", "busy-dnd", "declined", "unknown-code", "ivr-abandoned", "group-missed"}

// planner draws a day.
type planner struct {
	random  *rand.Rand
	length  time.Duration
	calls   int
	clients int
	plan    []plannedCall
}

// plan draws the day of a request; the same request to the same staff gives the same day.
func (p *PBX) plan(r DayRequest, length time.Duration) []plannedCall {
	d := &planner{
		random: rand.New(rand.NewPCG(r.Seed, 0xd0)), length: length, calls: r.Calls, clients: max(10, r.Calls*3/5),
	}
	for len(d.plan) < r.Calls {
		d.add(d.moment(), d.mix(), d.client())
	}
	slices.SortStableFunc(d.plan, func(a, b plannedCall) int { return cmp.Compare(a.at, b.at) })
	people := p.staff.all()
	desk := &desk{random: d.random, busyUntil: map[string]time.Duration{}, group: p.staff.members()}
	for _, e := range people[:min(r.Operators, len(people))] {
		desk.operators = append(desk.operators, e.Extension)
	}
	for i := range d.plan {
		desk.assign(&d.plan[i])
	}
	return d.plan
}

// add plans a call and, if the client is lost by it, what he and the school do about it.
func (d *planner) add(at time.Duration, scenario, client string) {
	if len(d.plan) >= d.calls || at > d.length-dayTail {
		return
	}
	c := plannedCall{at: at, timing: d.timing(), request: CallRequest{
		Scenario: scenario, From: client, Line: dialledLines()[d.random.IntN(len(dialledLines()))].Number,
	}}
	d.plan = append(d.plan, c)
	if !slices.Contains(lost, scenario) {
		return
	}
	minutes := func(low, high int) time.Duration {
		return at + time.Duration(low+d.random.IntN(high-low))*time.Minute
	}
	if d.chance(0.3) {
		d.add(minutes(4, 20), "answered", client)
	}
	if d.chance(0.6) {
		d.add(minutes(21, 90), d.either("outbound", "outbound-missed", 0.7), client)
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
	step := (d.length - dayTail) / time.Duration(len(hourlyCurve))
	at := time.Duration(slot)*step + time.Duration(d.random.Int64N(int64(step)))
	return at.Truncate(time.Second)
}

func (d *planner) mix() string {
	total := 0
	for _, m := range dayMix {
		total += m.share
	}
	left := d.random.IntN(total)
	for _, m := range dayMix {
		if left -= m.share; left < 0 {
			return m.scenario
		}
	}
	return "answered"
}

// client draws a number; there are fewer clients than calls, so some call twice by themselves.
func (d *planner) client() string {
	return fmt.Sprintf("7900000%04d", 2000+d.random.IntN(min(d.clients, 8000)))
}

// timing draws how long the parts of a call take. Talks are mostly short, now and then very long.
func (d *planner) timing() Timing {
	seconds := func(low, high int) time.Duration {
		return time.Duration(low+d.random.IntN(high-low+1)) * time.Second
	}
	talk := 15*time.Second + time.Duration(d.random.ExpFloat64()*float64(110*time.Second))
	return Timing{
		IVR: seconds(4, 20), Ring: seconds(3, 18), NoAnswer: seconds(20, 40), Outside: seconds(5, 15),
		Talk: min(talk.Truncate(time.Second), 15*time.Minute), Join: 2 * time.Second,
		Hold: seconds(5, 40), Consult: seconds(8, 40), RecordingDelay: seconds(20, 120),
	}
}

// desk knows who of the operators is free.
type desk struct {
	random    *rand.Rand
	operators []string
	group     []string
	busyUntil map[string]time.Duration
}

// assign gives a planned call its people. When too few are free, the caller finds one busy.
func (d *desk) assign(c *plannedCall) {
	s := scripts[c.request.Scenario]
	free := d.free(c.at)
	switch {
	case s.direction == mango.DirectionInternal:
		if len(free) < 2 {
			d.instead(c, "busy")
			return
		}
		c.request.From, c.request.To = free[0], free[1]
	case s.direction == mango.DirectionOutbound:
		if len(free) == 0 {
			d.instead(c, "busy")
			return
		}
		c.request.From, c.request.To = free[0], c.request.From
	case s.to == GroupExtension:
		// The group rings whoever is in it; the script says who answers.
		c.second = d.group[d.random.IntN(min(2, len(d.group)))]
		return
	case s.abandoned:
		return
	default:
		needsColleague := s.pickup+s.transferTo+s.consult != ""
		if len(free) == 0 || needsColleague && len(free) < 2 {
			d.instead(c, "busy")
			return
		}
		c.request.To = free[0]
		if needsColleague {
			c.second = free[1]
		}
	}
	until := c.at + c.timing.IVR + c.timing.Ring + c.timing.NoAnswer + c.timing.Outside + 2*c.timing.Talk + c.timing.Consult
	for _, extension := range free[:min(2, len(free))] {
		if extension == c.request.To || extension == c.request.From || extension == c.second {
			d.busyUntil[extension] = until
		}
	}
}

// instead turns a call that nobody can make or take into a client's who finds an operator busy.
func (d *desk) instead(c *plannedCall, scenario string) {
	c.request.Scenario = scenario
	c.request.To = d.operators[d.random.IntN(len(d.operators))]
}

// free are the operators without a call, in random order.
func (d *desk) free(at time.Duration) []string {
	var free []string
	for _, extension := range d.operators {
		if d.busyUntil[extension] <= at {
			free = append(free, extension)
		}
	}
	d.random.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	return free
}
