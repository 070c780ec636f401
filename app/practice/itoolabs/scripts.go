package itoolabs

import (
	"maps"
	"slices"

	"dozvon/app/practice"
)

// script is what happens in a call that nobody interferes with.
type script struct {
	about     string
	direction int
	to        string
	// menu puts the voice menu first, of which no event tells; abandoned lets the client hang up in it.
	menu, abandoned bool
	// rule is what telephones do that have no rule of their own; forced makes it win over theirs.
	rule   practice.Rule
	forced bool
	// winner is the member of the group who answers while the others let it ring; inTurn rings them one
	// after another.
	winner string
	inTurn bool
	// transferTo is whom the employee hands the client to in the middle of the talk.
	transferTo string
	// hidden hides the client's number.
	hidden bool
	// from is the employee who dials, in outbound and internal calls.
	from string
}

var (
	answers  = practice.Rule{Outcome: practice.Answers}
	noAnswer = practice.Rule{Outcome: practice.NoAnswer}
)

// scripts has every scenario by name. It is never written to.
var scripts = map[string]script{
	"answered":  {about: "straight to the employee, who answers", direction: practice.Inbound, to: "701", rule: answers},
	"direct":    {about: "straight to another employee, who answers", direction: practice.Inbound, to: "702", rule: answers},
	"anonymous": {about: "a hidden number, answered", direction: practice.Inbound, to: "701", rule: answers, hidden: true},
	"missed":    {about: "the client gives up while the employee's telephone rings", direction: practice.Inbound, to: "702", rule: noAnswer, forced: true},
	"busy":      {about: "the employee's telephone is busy", direction: practice.Inbound, to: "702", rule: practice.Rule{Outcome: practice.Busy}, forced: true},
	"declined":  {about: "the employee declines", direction: practice.Inbound, to: "702", rule: practice.Rule{Outcome: practice.Declines}, forced: true},
	"ivr-answered": {
		about: "voice menu, then the employee answers", direction: practice.Inbound, to: "704", menu: true, rule: answers,
	},
	"ivr-abandoned": {
		about: "the client hangs up in the voice menu: nobody rang", direction: practice.Inbound, to: "701", menu: true, abandoned: true,
	},
	"group": {
		about: "the group's telephones ring at once, one answers", direction: practice.Inbound, to: GroupExtension, rule: answers, winner: "703",
	},
	"group-missed": {
		about: "the group's telephones ring at once, nobody answers", direction: practice.Inbound, to: GroupExtension, rule: noAnswer, forced: true,
	},
	"queue-answered": {
		about: "the group's telephones ring one after another, the second answers", direction: practice.Inbound,
		to: GroupExtension, rule: answers, winner: "702", inTurn: true,
	},
	"transfer": {
		about: "answered, then handed over to 702, which makes a second callid", direction: practice.Inbound, to: "701", rule: answers, transferTo: "702",
	},
	"outbound":        {about: "702 calls the client, who answers", direction: practice.Outbound, from: "702", rule: answers},
	"outbound-busy":   {about: "702 calls the client, who is busy", direction: practice.Outbound, from: "702", rule: practice.Rule{Outcome: practice.Busy}, forced: true},
	"outbound-missed": {about: "702 calls the client, who does not answer", direction: practice.Outbound, from: "702", rule: noAnswer, forced: true},
	"internal":        {about: "701 calls 702", direction: practice.Internal, from: "701", to: "702", rule: answers},
	"internal-missed": {about: "701 calls 702, who does not answer", direction: practice.Internal, from: "701", to: "702", rule: noAnswer, forced: true},
}

// Scenarios returns the names that Call knows, sorted, each with a line about it.
func Scenarios() []practice.Scenario {
	list := make([]practice.Scenario, 0, len(scripts))
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		list = append(list, practice.Scenario{Name: name, About: scripts[name].about})
	}
	return list
}

// Scenarios returns what Call plays.
func (*PBX) Scenarios() []practice.Scenario { return Scenarios() }
