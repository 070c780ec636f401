package beeline

import (
	"slices"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/records"
	"dozvon/app/practice/beeline/xsi"
)

// Calls returns what the PBX remembers, oldest first.
func (p *PBX) Calls() []practice.CallView {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]practice.CallView, 0, len(p.calls))
	for _, c := range p.calls {
		v := practice.CallView{EntryID: c.id, Ended: c.over(), Legs: []practice.LegView{}}
		for _, l := range c.legs {
			view := practice.LegView{CallID: l.ID, State: l.State, Location: "abonent", Extension: l.extension, To: l.target}
			if l.frame {
				view.Location = "system"
			}
			view.From = l.Remote.Number
			if view.From == "" {
				view.From = l.Remote.Extension
			}
			v.Legs = append(v.Legs, view)
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

// callOf finds a call by its extTrackingId or one of its aliases.
func (p *PBX) callOf(id string) (*call, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.id == id || slices.Contains(c.aliases, id) {
			return c, nil
		}
	}
	return nil, practice.ErrCall
}

// Resume lets the employee of a call take his client back from hold, as if he pressed the key on
// his telephone. What the call says to it nobody hears: it may not be on hold yet.
func (p *PBX) Resume(id string) error {
	c, err := p.callOf(id)
	if err != nil || c.over() {
		return practice.ErrCall
	}
	p.life.Background(func() { _ = p.ask(c, command{kind: commandResume}) })
	return nil
}

// askLimit bounds how long a call may take to hear a command: two calls that are to be joined with each
// other at once would wait for ever.
const askLimit = 5 * time.Second

// ask hands a command to a call and waits for what it says.
func (p *PBX) ask(c *call, cmd command) error {
	cmd.reply = make(chan error, 1)
	limit := time.NewTimer(askLimit)
	defer limit.Stop()
	select {
	case <-limit.C:
		return errSilent
	case c.commands <- cmd:
	case <-c.ended:
		return errNotTalking
	case <-p.life.Closed():
		return practice.ErrClosed
	}
	select {
	case err := <-cmd.reply:
		return err
	case <-p.life.Closed():
		return practice.ErrClosed
	}
}

// history returns the ended calls, oldest first. What they hold changes no more, but for their recordings.
func (p *PBX) history() []*call {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []*call
	for _, c := range p.calls {
		if c.over() && c.finished > 0 {
			list = append(list, c)
		}
	}
	return list
}

// List returns the ended calls, oldest first: the PBX's own list.
func (p *PBX) List() []practice.CallTruth {
	var list []practice.CallTruth
	for _, c := range p.history() {
		list = append(list, c.truth(p.archive))
	}
	return list
}

func (c *call) truth(a *records.Archive) practice.CallTruth {
	t := practice.CallTruth{
		EntryID: c.id, Aliases: slices.Clone(c.aliases), Direction: c.direction, Client: c.client, Line: c.line,
		Answered: c.talked > 0, Start: c.began / 1000, End: c.finished / 1000, Recordings: a.IDs(c.recordings),
	}
	if c.talked > 0 {
		t.TalkSeconds = (c.finished - c.talked) / 1000
	}
	for _, l := range c.legs {
		if l.rang {
			t.Rang = addOnce(t.Rang, l.extension)
		}
		if c.talks(l) {
			t.Talked = addOnce(t.Talked, l.extension)
		}
	}
	for _, extension := range c.with {
		t.With = addOnce(t.With, extension)
	}
	return t
}

// talks reports whether an employee talked on a leg: of an internal call the one who was called, and
// of a consultation the consultant.
func (c *call) talks(l *leg) bool {
	if l.Answer == 0 || l.extension == "" {
		return false
	}
	return l.Personality == xsi.Terminator || c.direction == practice.Outbound && l.Tracking == c.id
}

func addOnce(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
