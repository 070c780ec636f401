package mango

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
	// digits are what the client keys in there.
	digits []digits
	// queue holds the client while the group's telephones ring one after another; serial rings
	// them so without a queue's leg.
	queue, serial bool
	// rule is what telephones do that have no rule of their own; forced makes it win over theirs.
	rule   Rule
	forced bool
	// code replaces the usual disconnect_reason of a telephone that does not answer.
	code mango.Int
	// winner is the member of a group that answers while the others let it ring.
	winner string
	// pickup is the colleague who takes the ringing call over.
	pickup string
	// holds is how often the employee puts the client on hold.
	holds int
	// transferTo is whom the employee hands the client to in the middle of the talk, consult whom
	// he asks first; cancels lets him come back instead.
	transferTo string
	consult    string
	cancels    bool
	// recordEach begins a recording of its own for whoever takes the call over.
	recordEach bool
	// mobile rings the employee's mobile; line replaces the line that was dialled; anonymous hides the client.
	mobile    bool
	line      string
	anonymous bool
	// widget rings the employee and then the client who asked for it on the school's site.
	widget bool
	// from is the employee who dials, in outbound and internal calls.
	from string
	// ends is the code of the hang-up after the talk.
	ends mango.Int
}

// digits is a package of keys that a client presses, and where in the menu he is then.
type digits struct {
	digits, location mango.Text
}

var answers = Rule{Outcome: Answers}

// Scenarios returns what Call plays.
func (*PBX) Scenarios() []Scenario { return Scenarios() }

// Scenarios returns the names that Call takes, sorted, each with a line about it.
func Scenarios() []Scenario {
	list := make([]Scenario, 0, len(scripts))
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		list = append(list, Scenario{Name: name, About: scripts[name].about})
	}
	return list
}
