package stats

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

// call writes an ended call as the extended statistics does.
func (s *Service) call(c Call, recalls recalls) statsCall {
	row := statsCall{StatsCall: mango.StatsCall{
		EntryID: mango.Text(c.EntryID), Type: contextOf(c.Direction), Start: mango.Int(c.Began),
		Duration: mango.Int(c.Finished - c.Began), Talk: mango.Int(c.talkSeconds()), RecallStatus: recalls.of(c),
		CallerName: mango.Text(c.Client), CallerNumber: mango.Text(c.Client), CalledNumber: c.Line, InitType: c.InitType,
	}}
	if c.Talked > 0 {
		row.Status = 1
	}
	if c.Direction != mango.DirectionInbound {
		row.CallerName, row.CallerNumber, row.CalledNumber = c.From.Number, c.From.Number, c.Called.Number
		if e, ok := s.config.Staff.Employee(string(c.From.Extension)); ok {
			id := mango.Int(e.UserID)
			row.CallerID, row.CallerName = &id, mango.Text(e.Name)
		}
	}
	row.Legs = s.legs(c)
	return row
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

// recalls are the outbound calls by client, oldest first.
type recalls map[string][]Call

func recallsOf(history []Call) recalls {
	out := recalls{}
	for _, c := range history {
		if c.Direction == mango.DirectionOutbound {
			out[c.Client] = append(out[c.Client], c)
		}
	}
	return out
}

// of returns recall_status: whether a missed client has been called since, 2 for no or not missed.
func (r recalls) of(missed Call) mango.Int {
	const unsuccessful, successful, none = 0, 1, 2
	status := mango.Int(none)
	if missed.Direction != mango.DirectionInbound || missed.Talked > 0 || missed.Client == "" {
		return status
	}
	for _, c := range r[missed.Client] {
		switch {
		case c.Began < missed.Finished:
		case c.Talked > 0:
			return successful
		default:
			status = unsuccessful
		}
	}
	return status
}
