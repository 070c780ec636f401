package practice

import (
	"maps"
	"slices"

	"dozvon/app/mango"
)

// script is what happens in a call that nobody interferes with.
type script struct {
	about     string
	direction mango.Int
	to        string
	// ivr puts the voice menu first; abandoned lets the client hang up inside it.
	ivr, abandoned bool
	// queue holds the client while the group's telephones ring one after another.
	queue bool
	// rule is what telephones do that have no rule of their own; forced makes it win over theirs.
	rule   Rule
	forced bool
	// winner is the member of a group that answers while the others let it ring.
	winner string
	// holds is how often the employee puts the client on hold.
	holds int
	// transferTo is whom the employee hands the client to in the middle of the talk.
	transferTo string
	// from is the employee who dials, in outbound and internal calls.
	from string
	// ends is the code of the hang-up after the talk.
	ends mango.Int
}

var answers = Rule{Outcome: Answers}

// scripts has every scenario by name. It is never written to.
var scripts = map[string]script{
	"answered": {
		about: "voice menu, then the employee answers; recorded", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, ends: mango.CodeEndedByCaller,
	},
	"direct": {
		about: "straight to the employee, who answers and hangs up", direction: mango.DirectionInbound,
		to: "102", rule: answers, ends: mango.CodeEndedByCalled,
	},
	"missed": {
		about: "the employee does not answer", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: NoAnswer}, forced: true,
	},
	"busy": {
		about: "the employee's telephone is busy", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: Busy}, forced: true,
	},
	"declined": {
		about: "the employee declines the call", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: Declines}, forced: true,
	},
	"ivr-abandoned": {
		about: "the client hangs up in the voice menu", direction: mango.DirectionInbound,
		to: "101", ivr: true, abandoned: true,
	},
	"group": {
		about: "three telephones ring at once, one answers", direction: mango.DirectionInbound,
		to: GroupExtension, ivr: true, rule: answers, winner: "102", ends: mango.CodeEndedByCaller,
	},
	"group-missed": {
		about: "the group's queue times out, nobody answers", direction: mango.DirectionInbound,
		to: GroupExtension, ivr: true, queue: true, rule: Rule{Outcome: NoAnswer}, forced: true,
	},
	"hold": {
		about: "answered, put on hold twice, resumed", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, holds: 2, ends: mango.CodeEndedByCalled,
	},
	"transfer-blind": {
		about: "answered, then handed over to 103", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, transferTo: "103", ends: mango.CodeEndedByCalled,
	},
	"outbound": {
		about: "the employee dials the client from his telephone", direction: mango.DirectionOutbound,
		from: "102", rule: answers, ends: mango.CodeEndedByCalled,
	},
	"outbound-busy": {
		about: "the client's telephone is busy", direction: mango.DirectionOutbound,
		from: "102", rule: Rule{Outcome: Busy}, forced: true,
	},
	"internal": {
		about: "one employee calls another", direction: mango.DirectionInternal,
		from: "101", to: "102", rule: answers, ends: mango.CodeEndedByCaller,
	},
}

// Scenarios returns the names that Call takes, sorted, each with a line about it.
func Scenarios() []Scenario {
	list := make([]Scenario, 0, len(scripts))
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		list = append(list, Scenario{Name: name, About: scripts[name].about})
	}
	return list
}

// Scenario is a kind of call.
type Scenario struct {
	Name  string `json:"name"`
	About string `json:"about"`
}
