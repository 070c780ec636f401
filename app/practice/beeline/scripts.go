package beeline

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
	// menu puts the voice menu first; abandoned lets the client hang up inside it.
	menu, abandoned bool
	// rule is what telephones do that have no rule of their own; forced makes it win over theirs.
	rule   practice.Rule
	forced bool
	// callerLeaves lets the caller give up when nobody answers; else the PBX does.
	callerLeaves bool
	// winner is the member of the group or queue who answers while the others let it ring.
	winner string
	// forwardTo is where an employee's calls go that he does not answer.
	forwardTo string
	// holds is how often the employee puts the client on hold.
	holds int
	// transferTo is whom the employee hands the client to in the middle of the talk, in vain if
	// transferFails; consult is whom he asks first, cancels lets him come back instead.
	transferTo    string
	transferFails bool
	consult       string
	cancels       bool
	// hidden hides the client, name is what his side says of him, lateNumber lets a service number
	// stand in his place until an update comes.
	hidden     bool
	name       string
	lateNumber bool
	// from is the employee who dials, in outbound and internal calls.
	from string
	// byEmployee lets the employee hang up; else the other side does.
	byEmployee bool
}

// scripts has every scenario by name. It is never written to.
var scripts = map[string]script{
	"answered": {
		about: "straight to the employee, who answers; the client hangs up", direction: practice.Inbound,
		to: "101", rule: answers,
	},
	"direct": {
		about: "straight to the employee, who answers and hangs up", direction: practice.Inbound,
		to: "102", rule: answers, byEmployee: true,
	},
	"anonymous": {
		about: "a hidden number, answered", direction: practice.Inbound, to: "101", rule: answers, hidden: true,
	},
	"markup-in-name": {
		about: "the caller's side says a name with markup in it", direction: practice.Inbound,
		to: "101", rule: answers, name: `<b onclick="x">Иван & Ко</b>`,
	},
	"late-number": {
		about: "a service number first, then the client's", direction: practice.Inbound,
		to: "101", rule: answers, lateNumber: true,
	},
	"missed": {
		about: "the client gives up while the employee's telephone rings", direction: practice.Inbound,
		to: "101", rule: practice.Rule{Outcome: practice.NoAnswer}, forced: true, callerLeaves: true,
	},
	"unavailable": {
		about: "nobody picks up: Temporarily Unavailable", direction: practice.Inbound,
		to: "101", rule: practice.Rule{Outcome: practice.NoAnswer}, forced: true,
	},
	"busy": {
		about: "the employee's telephone is busy", direction: practice.Inbound,
		to: "101", rule: practice.Rule{Outcome: practice.Busy}, forced: true,
	},
	"declined": {
		about: "the employee declines, which looks like busy", direction: practice.Inbound,
		to: "101", rule: practice.Rule{Outcome: practice.Declines}, forced: true,
	},
	"ivr-answered": {
		about: "voice menu, then the employee answers", direction: practice.Inbound, to: "104", menu: true, rule: answers,
	},
	"ivr-abandoned": {
		about: "the client hangs up in the voice menu", direction: practice.Inbound, to: "101", menu: true, abandoned: true,
	},
	"group": {
		about: "the group's telephones ring at once, one answers", direction: practice.Inbound,
		to: GroupExtension, rule: answers, winner: "102", byEmployee: true,
	},
	"group-missed": {
		about: "the group's telephones ring at once, nobody answers", direction: practice.Inbound,
		to: GroupExtension, rule: practice.Rule{Outcome: practice.NoAnswer}, forced: true,
	},
	"queue-answered": {
		about: "the call centre rings one agent after another, the second answers", direction: practice.Inbound,
		to: QueueExtension, rule: answers, winner: "102",
	},
	"queue-missed": {
		about: "no agent of the call centre answers", direction: practice.Inbound,
		to: QueueExtension, rule: practice.Rule{Outcome: practice.NoAnswer}, forced: true,
	},
	"hold": {
		about: "answered, put on hold twice, taken back", direction: practice.Inbound,
		to: "101", rule: answers, holds: 2,
	},
	"forwarded": {
		about: "not answered, so forwarded to 104, who answers", direction: practice.Inbound,
		to: "101", rule: practice.Rule{Outcome: practice.NoAnswer}, forwardTo: "104", byEmployee: true,
	},
	"forwarded-mobile": {
		about: "not answered, so forwarded to a mobile, of which nothing is told", direction: practice.Inbound,
		to: "101", rule: practice.Rule{Outcome: practice.NoAnswer}, forwardTo: "79000000977",
	},
	"transfer-blind": {
		about: "answered, then handed over to 104", direction: practice.Inbound,
		to: "101", rule: answers, transferTo: "104",
	},
	"transfer-failed": {
		about: "handed over to 104, who does not answer; rings back", direction: practice.Inbound,
		to: "101", rule: answers, transferTo: "104", transferFails: true,
	},
	"transfer-consult": {
		about: "102 is asked first, then takes over", direction: practice.Inbound,
		to: "101", rule: answers, consult: "102",
	},
	"transfer-consult-cancelled": {
		about: "102 is asked, and the client goes on with 101", direction: practice.Inbound,
		to: "101", rule: answers, consult: "102", cancels: true,
	},
	"outbound": {
		about: "102 calls the client, who answers", direction: practice.Outbound, from: "102", rule: answers, byEmployee: true,
	},
	"outbound-busy": {
		about: "102 calls the client, who is busy", direction: practice.Outbound, from: "102",
		rule: practice.Rule{Outcome: practice.Busy}, forced: true,
	},
	"outbound-missed": {
		about: "102 calls the client, who does not answer", direction: practice.Outbound, from: "102",
		rule: practice.Rule{Outcome: practice.NoAnswer}, forced: true,
	},
	"internal": {
		about: "101 calls 102", direction: practice.Internal, from: "101", to: "102", rule: answers,
	},
	"internal-missed": {
		about: "101 calls 102, who does not answer", direction: practice.Internal, from: "101", to: "102",
		rule: practice.Rule{Outcome: practice.NoAnswer}, forced: true,
	},
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
