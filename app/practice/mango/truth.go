package mango

import (
	"slices"

	"dozvon/app/mango"
)

// List returns the ended calls, oldest first: the PBX's own list.
func (p *PBX) List() []CallTruth {
	var list []CallTruth
	for _, c := range p.ended() {
		list = append(list, c.truth())
	}
	return list
}

func (c *call) truth() CallTruth {
	t := CallTruth{
		EntryID: c.entryID, Direction: int(c.direction), Client: c.client, Line: string(c.line), Start: c.began, End: c.finished,
		Answered: c.talked > 0, TalkSeconds: c.talkSeconds(), Reason: int(c.reason),
	}
	if c.direction == mango.DirectionInternal {
		t.Line = ""
	}
	for _, l := range c.legs {
		if l.rang {
			t.Rang = addOnce(t.Rang, string(l.event.To.Extension))
		}
		for _, extension := range c.talkers(l) {
			t.Talked = addOnce(t.Talked, extension)
		}
	}
	for _, extension := range c.with {
		t.With = addOnce(t.With, extension)
	}
	for _, r := range c.recordings {
		t.Recordings = append(t.Recordings, r.id)
	}
	return t
}

func (c *call) talkSeconds() int64 {
	if c.talked == 0 {
		return 0
	}
	return c.finished - c.talked
}

// talkers are the employees of a leg that was answered. Of a callback's legs only those after the
// first side has picked up count, and of an internal call the one who was called.
func (c *call) talkers(l *leg) []string {
	switch {
	case l.answered == 0 || l.event.Location != mango.LocationAbonent, c.talked == 0:
		return nil
	case c.callback != nil && l.reason == mango.CodeDone:
		return nil // the first leg, which ends in 1000 when the second begins
	case l.event.To.Extension != "":
		return []string{string(l.event.To.Extension)}
	case l.event.From.Extension != "":
		return []string{string(l.event.From.Extension)}
	}
	return nil
}

func addOnce(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
