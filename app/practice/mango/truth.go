package mango

import (
	"slices"

	"dozvon/app/mango"
)

// CallTruth is an ended call as the PBX itself knows it, whatever became of its
// webhooks: what a server's own list is to be compared with.
type CallTruth struct {
	EntryID string `json:"entry_id"`
	// Direction is mango.DirectionInternal, DirectionInbound or DirectionOutbound.
	Direction int `json:"direction"`
	// Client is the outside number, digits with the country code; "" in internal and anonymous calls.
	Client string `json:"client"`
	// Line is our line, digits or a sip: address; "" in internal calls.
	Line string `json:"line"`
	// Answered says that two people talked; a callback's first leg alone is no talk.
	Answered bool `json:"answered"`
	// TalkSeconds is from the first answer to the end, holds included: end_time - talk_time of the summary.
	TalkSeconds int64 `json:"talk_seconds"`
	Start       int64 `json:"start"` // Unix seconds
	End         int64 `json:"end"`   // Unix seconds
	// Rang are the extensions that rang, each once, in order; of a call that an employee dialled, the called one's only.
	Rang []string `json:"rang"`
	// Talked are the extensions that talked, in order.
	Talked []string `json:"talked"`
	// With are the extensions that talked with the other party of the call, in order: who was only
	// asked in a consultation is not among them.
	With []string `json:"with"`
	// Recordings are the recording_id in order, ready or not.
	Recordings []string `json:"recordings"`
	// Reason is the summary's disconnect_reason.
	Reason int `json:"reason"`
}

// List returns the ended calls, oldest first: the PBX's own list.
func (p *PBX) List() []CallTruth {
	var list []CallTruth
	for _, c := range p.history() {
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
