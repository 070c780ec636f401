package mango

import (
	"time"

	"dozvon/app/mango"
)

// The answer of stats/calls/result as it travels: mango's types with the nulls and the fields that
// the real PBX writes and no client of ours reads.
type (
	callsAnswer struct {
		Result mango.Int  `json:"result"`
		Status mango.Text `json:"status"`
		Data   []statsDay `json:"data,omitempty"`
	}
	statsDay struct {
		mango.StatsDay
		List []statsCall `json:"list"`
	}
	statsCall struct {
		mango.StatsCall
		CallerID *mango.Int `json:"caller_id"` // null unless an employee called
		Cost     float64    `json:"cost"`
		Legs     []statsLeg `json:"context_calls"`
	}
	statsLeg struct {
		mango.StatsLeg
		Answer       *mango.Int   `json:"call_answer_time"` // null: not answered
		Hold         *mango.Int   `json:"hold_duration"`    // null: never on hold
		Duration     mango.Int    `json:"call_duration"`
		Dial         mango.Int    `json:"dial_duration"`
		Conversation bool         `json:"ModeConversation"`
		Listen       bool         `json:"ModeListen"`
		Prompt       bool         `json:"ModePrompt"`
		Conference   bool         `json:"ModeConference"`
		RecordedIn   bool         `json:"RecordInbound"`
		Recorded     bool         `json:"RecordOutbound"`
		Dialled      bool         `json:"OutboundDialing"`
		Records      []mango.Text `json:"recording_id"` // [] when there is none
		Members      []statsLeg   `json:"members"`      // null unless a group's
	}
)

// day is the Moscow date of a call.
func (c statsCall) day() string {
	return time.Unix(int64(c.Start), 0).In(mango.Moscow).Format(time.DateOnly)
}

// involves reports whether one of ids took part as kind, alone or as a member of a group.
func (c statsCall) involves(kind mango.Text, ids []mango.Int) bool {
	for _, l := range c.Legs {
		for _, one := range append([]statsLeg{l}, l.Members...) {
			for _, id := range ids {
				if one.Type == kind && one.AbonentID == id {
					return true
				}
			}
		}
		for _, id := range ids {
			if kind == "user" && c.CallerID != nil && *c.CallerID == id {
				return true
			}
		}
	}
	return false
}

// statsCall writes an ended call as the extended statistics does.
func (p *PBX) statsCall(c *call, recalls recalls) statsCall {
	s := statsCall{StatsCall: mango.StatsCall{
		EntryID: mango.Text(c.entryID), Type: contextOf(c.direction), Start: mango.Int(c.began),
		Duration: mango.Int(c.finished - c.began), Talk: mango.Int(c.talkSeconds()), RecallStatus: recalls.of(c),
		CallerName: mango.Text(c.client), CallerNumber: mango.Text(c.client), CalledNumber: c.line, InitType: c.initType(),
	}}
	if c.talked > 0 {
		s.Status = 1
	}
	if c.direction != mango.DirectionInbound {
		s.CallerName, s.CallerNumber, s.CalledNumber = c.from.Number, c.from.Number, c.called.Number
		if e, ok := p.staff.Employee(string(c.from.Extension)); ok {
			id := mango.Int(e.UserID)
			s.CallerID, s.CallerName = &id, mango.Text(e.Name)
		}
	}
	s.Legs = p.statsLegs(c)
	return s
}

func contextOf(direction mango.Int) mango.Int {
	switch direction {
	case mango.DirectionInbound:
		return mango.ContextIn
	case mango.DirectionOutbound:
		return mango.ContextOut
	}
	return mango.ContextInternal
}

// initType is context_init_type: 4 a callback of ours, 5 a widget's, 6 a group's, else any device.
func (c *call) initType() mango.Int {
	switch {
	case c.callback == nil:
		return 0
	case c.callback.group:
		return 6
	case c.callback.initiator == widgetInitiator:
		return 5
	}
	return 4
}

// recalls are the outbound calls by client, oldest first.
type recalls map[string][]*call

func recallsOf(history []*call) recalls {
	out := recalls{}
	for _, c := range history {
		if c.direction == mango.DirectionOutbound {
			out[c.client] = append(out[c.client], c)
		}
	}
	return out
}

// of returns recall_status: whether a missed client has been called since, 2 for no or not missed.
func (r recalls) of(missed *call) mango.Int {
	const unsuccessful, successful, none = 0, 1, 2
	status := mango.Int(none)
	if missed.direction != mango.DirectionInbound || missed.talked > 0 || missed.client == "" {
		return status
	}
	for _, c := range r[missed.client] {
		switch {
		case c.began < missed.finished:
		case c.talked > 0:
			return successful
		default:
			status = unsuccessful
		}
	}
	return status
}
