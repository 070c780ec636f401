package itoolabs

import (
	"dozvon/app/itoolabs"
	"dozvon/app/server/call"
)

// parties are the ends of an employee's part in a call.
type parties struct {
	from, to  call.Party
	direction call.Direction
	// guessed: the request does not say who called whom.
	guessed bool
}

// partiesOf tells who called whom: the employee is one end, other the number of the second. Where old
// PBXs leave the direction out, the type may say it (section 3.1).
func (s *staff) partiesOf(me employee, device, other, direction, kind string) parties {
	mine, theirs := call.Party{Extension: me.ext, Device: digitsOf(device)}, call.Party{Number: number(other)}
	inside := s.colleague(other, direction)
	if inside == me.ext {
		inside = ""
	}
	if inside != "" {
		theirs = call.Party{Extension: inside}
	}
	out := parties{from: theirs, to: mine, direction: call.In}
	inbound := direction == itoolabs.DirectionIn || kind == itoolabs.TypeIncoming
	switch {
	case kind == itoolabs.TypeOutgoing, direction == itoolabs.DirectionOut && !inbound:
		out.from, out.to, out.direction = mine, theirs, call.Out
	case !inbound:
		out.guessed = true
	}
	if inside != "" {
		out.direction = call.Internal
	}
	return out
}
