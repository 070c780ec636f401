package call

// commands finds the legs that commands may address: the one that can still be routed (in a
// menu, a queue, or ringing an employee inbound), the one to hang up, hold or transfer (the
// newest that lives), and the two of a consultation.
func (s timeline) commands(v *View) {
	for _, l := range s.legs {
		if !l.live() {
			continue
		}
		if l.last.State == LegRinging && l.last.Command == "" && !l.callback && l.last.From.Outside() {
			v.RouteLeg = l.id
			v.RoutePlace, v.RouteExtension, v.RouteGroup, v.RouteAt = l.place, l.rings(), l.last.Group, l.began()
		}
		v.Queued = v.Queued || l.place == PlaceQueue
		v.TalkLeg, v.TalkExtension, v.TalkState = l.id, l.extension(), stateOf(l.last.State)
	}
	v.Consulting = s.consulting()
	if v.Consulting != nil {
		// A hang-up or transfer is about the client, who is on the leg that waits.
		v.TalkLeg, v.TalkState = v.Consulting.HeldLeg, Held
	}
}

func stateOf(s LegState) State {
	switch s {
	case LegTalking:
		return Talking
	case LegHeld:
		return Held
	case LegEnded:
		return Ended
	}
	return Ringing
}

// consulting finds a held leg whose employee has called a colleague within the same call:
// a transfer with consultation.
func (s timeline) consulting() *Consultation {
	for _, held := range s.legs {
		if !held.live() || held.last.State != LegHeld {
			continue
		}
		var asks *leg
		for _, l := range s.legs {
			// Of two halves of the one consultation the asking employee's own is meant, who tells his device.
			if l.asks(held) && (asks == nil || asks.last.From.Device == "") {
				asks = &l
			}
		}
		if asks != nil {
			return &Consultation{
				Extension: asks.last.To.Extension, State: stateOf(asks.last.State),
				HeldLeg: held.id, Leg: asks.id, Device: asks.last.From.Device,
			}
		}
	}
	return nil
}

// asks reports whether the employee who holds a leg calls a colleague on this one.
func (l leg) asks(held leg) bool {
	return l.live() && l.id != held.id && l.last.From.Extension != "" && l.last.From.Extension == held.extension() && l.last.To.Extension != ""
}

func (s timeline) route() *Routed {
	if s.routed == nil {
		return nil
	}
	return &Routed{
		Name: s.routed.Name, To: s.routed.To.Extension, Cause: s.routed.Cause, Said: s.routed.Said, For: s.routed.RoutedFor, Whom: s.routed.RoutedTo,
	}
}
