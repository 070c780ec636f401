package mango

import "fmt"

// Calls returns what the PBX remembers, oldest first.
func (p *PBX) Calls() []CallView {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]CallView, 0, len(p.calls))
	for _, c := range p.calls {
		v := CallView{EntryID: c.entryID, Ended: c.over(), Legs: []LegView{}}
		for _, l := range c.legs {
			e := l.event
			v.Legs = append(v.Legs, LegView{
				CallID: string(e.CallID), State: string(e.State), Location: string(e.Location), From: string(e.From.Number),
				To: string(e.To.Number), Extension: string(e.To.Extension), ShownName: l.shown,
			})
		}
		list = append(list, v)
	}
	return list
}

// Ended returns a channel that is closed when the call's summary has been sent on its way.
func (p *PBX) Ended(entryID string) (<-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.entryID == entryID {
			return c.ended, nil
		}
	}
	return nil, ErrCall
}

// DeleteRecording removes a recording, as somebody may in the cabinet; from then on it answers 3320.
func (p *PBX) DeleteRecording(id string) error {
	if !p.files.Remove(id) {
		return fmt.Errorf("deleting recording %s: %w", id, ErrRecording)
	}
	return nil
}
