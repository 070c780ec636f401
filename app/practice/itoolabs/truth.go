package itoolabs

import (
	"slices"

	"dozvon/app/practice"
)

// Calls returns what the PBX remembers, oldest first.
func (p *PBX) Calls() []practice.CallView {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]practice.CallView, 0, len(p.calls))
	for _, c := range p.calls {
		v := practice.CallView{EntryID: c.id, Ended: c.over(), Legs: []practice.LegView{}}
		for _, l := range c.legs {
			v.Legs = append(v.Legs, practice.LegView{
				CallID: l.callID, State: l.state, Location: "abonent", From: l.other, To: l.extension, Extension: l.extension, ShownName: c.shown,
			})
		}
		list = append(list, v)
	}
	return list
}

// Ended returns a channel that is closed when the call's last event has been sent on its way.
func (p *PBX) Ended(id string) (<-chan struct{}, error) {
	c, err := p.callOf(id)
	if err != nil {
		return nil, err
	}
	return c.ended, nil
}

// callOf finds a call by its callid, or that of who took it over.
func (p *PBX) callOf(id string) (*call, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.id == id || slices.ContainsFunc(c.parts, func(part *part) bool { return part.callID == id }) {
			return c, nil
		}
	}
	return nil, practice.ErrCall
}

// Resume finds no call on hold: this PBX tells of none.
func (p *PBX) Resume(string) error { return practice.ErrCall }

// DeleteRecording deletes a recording, as somebody does in the cabinet. Its id is as List tells it.
func (p *PBX) DeleteRecording(id string) error {
	if !p.recordings.Remove(id) {
		return practice.ErrRecording
	}
	for _, c := range p.history() {
		for _, part := range c.parts {
			if part.file == id {
				p.recordings.Remove(part.listFile)
			}
		}
	}
	return nil
}

// history returns the ended calls, oldest first. What they hold changes no more.
func (p *PBX) history() []*call {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []*call
	for _, c := range p.calls {
		if c.over() && !c.finished.IsZero() {
			list = append(list, c)
		}
	}
	return list
}

// List returns the ended calls, oldest first, as they really were.
func (p *PBX) List() []practice.CallTruth {
	var list []practice.CallTruth
	for _, c := range p.history() {
		list = append(list, c.truth())
	}
	return list
}

func (c *call) truth() practice.CallTruth {
	t := practice.CallTruth{
		EntryID: c.id, Direction: c.direction, Client: c.client, Line: c.line, Start: c.began.Unix(), End: c.finished.Unix(),
		Rang:   c.extensions(func(l *leg) bool { return !l.dials }),
		Talked: c.extensions(func(l *leg) bool { return l.talked && !(l.dials && c.direction == practice.Internal) }),
	}
	t.With = t.Talked
	for _, p := range c.parts {
		if p.callID != c.id {
			t.Aliases = append(t.Aliases, p.callID)
		}
		if !p.talk.IsZero() && !t.Answered {
			t.Answered = true
			t.TalkSeconds = t.End - p.talk.Unix()
		}
		if p.file != "" {
			t.Recordings = append(t.Recordings, p.file)
		}
		t.Reason = p.result.Code()
	}
	return t
}
