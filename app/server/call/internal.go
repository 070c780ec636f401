package call

// orderedColleague: a click-to-call whose other side is a colleague's extension.
func orderedColleague(s timeline) bool {
	return s.dialled != nil && s.dialled.To.Extension != ""
}

// withinSchool reports whether an employee is told to have called another, and nobody from outside took part.
func withinSchool(s timeline) bool {
	found := false
	for _, l := range s.legs {
		for _, e := range l.events {
			if e.From.Outside() && e.From.Number != "" || e.To.Outside() && e.To.Number != "" {
				return false
			}
			found = found || e.From.Extension != "" && e.To.Extension != ""
		}
	}
	return found
}

// endsOf are the employees of an internal call, by extension: who called whom on the leg that counts, one that lives
// before the others, the newest of several. Until there is one, the order or the PBX's last word tells.
func endsOf(s timeline) (caller, called string) {
	live := false
	for _, l := range s.legs {
		from, to := l.last.From.Extension, l.last.To.Extension
		if from == "" || to == "" || l.firstOfCallback() || live && !l.live() {
			continue
		}
		caller, called, live = from, to, l.live()
	}
	switch {
	case caller != "":
		return caller, called
	case s.dialled != nil:
		return s.dialled.From.Extension, s.dialled.To.Extension
	case len(s.legs) > 0: // the first leg of a callback goes from whom it is for to whoever has ordered it
		first := s.legs[0].last
		if s.legs[0].firstOfCallback() {
			return first.To.Extension, first.From.Extension
		}
		return first.From.Extension, first.To.Extension
	case s.summary != nil:
		return s.summary.From.Extension, s.summary.To.Extension
	}
	return "", ""
}

// Side is the extension in whose name a command goes of whoever sits at own: on an internal call whichever end is theirs.
func (v View) Side(own string) string {
	if v.Direction == Internal && own != "" && (own == v.Caller || own == v.Called) {
		return own
	}
	return v.TalkExtension
}

// OrderedTo is whom a click-to-call is for; the zero value of another call.
func (c Call) OrderedTo() Party {
	for _, e := range c.Events {
		if e.Kind == KindDialled {
			return e.To
		}
	}
	return Party{}
}
