package mango

// Kinds of calls in the extended statistics. They are not the call_direction of a summary.
const (
	ContextIn       Int = 1
	ContextOut      Int = 2
	ContextInternal Int = 3
)

// States of a statistics request. In StatsWork a part may be there already: keep asking.
const (
	StatsRequested Text = "request"
	StatsWork      Text = "work"
	StatsComplete  Text = "complete"
	StatsCancelled Text = "cancel"
	StatsError     Text = "error"
	StatsNotFound  Text = "not-found"
)

// StatsCallsRequest starts the extended statistics; the answer is a StatsKey, or a Refusal.
type StatsCallsRequest struct {
	StartDate Text `json:"start_date"` // StatsDate
	EndDate   Text `json:"end_date"`   // StatsDate
	// Limit is one of StatsLimits.
	Limit  Text `json:"limit"`
	Offset Text `json:"offset"`
	// ContextType filters by kind, ContextStatus by 0 unsuccessful and 1 successful.
	ContextType   Int   `json:"context_type,omitempty"`
	ContextStatus *Int  `json:"context_status,omitempty"`
	SearchString  Text  `json:"search_string,omitempty"` // at least 3 characters
	UserIDs       []Int `json:"user_ids,omitempty"`
}

// StatsRefusal names the fields that the PBX did not like, each with its code.
type StatsRefusal struct {
	Result Int          `json:"result"`
	Fields map[Text]Int `json:"fields,omitempty"`
}

// StatsCallsAnswer is the extended statistics, or a part of it while Status is StatsWork.
type StatsCallsAnswer struct {
	Result Int        `json:"result"`
	Status Text       `json:"status"`
	Data   []StatsDay `json:"data"`
}

// StatsDay are the calls of one day.
type StatsDay struct {
	List   []StatsCall `json:"list"`
	Period Text        `json:"period"` // 2006-01-02
	Count  Int         `json:"total_calls_count"`
	Calls  Int         `json:"total_calls_duration"`
	Talks  Int         `json:"total_talks_duration"`
}

// StatsCall is one call of the extended statistics.
type StatsCall struct {
	EntryID Text `json:"entry_id"`
	// Type is one of the Context constants; Status 1 means that somebody talked.
	Type   Int `json:"context_type"`
	Status Int `json:"context_status"`
	// CallerID is the user_id of an employee who called, else null.
	CallerID     Int  `json:"caller_id"`
	CallerName   Text `json:"caller_name"`
	CallerNumber Text `json:"caller_number"`
	CalledNumber Text `json:"called_number"`
	Start        Int  `json:"context_start_time"` // Unix seconds
	Duration     Int  `json:"duration"`           // seconds
	Talk         Int  `json:"talk_duration"`      // seconds
	// InitType is 0 a device, 1 SIP to number, 2 to SIP, 3 contact centre, 4 callback, 5 widget, 6 group callback.
	InitType     Int        `json:"context_init_type"`
	RecallStatus Int        `json:"recall_status"`
	Legs         []StatsLeg `json:"context_calls"`
}

// StatsLeg is one leg, or one employee of a group's leg.
type StatsLeg struct {
	// Type is number, user, group or conference.
	Type          Text `json:"call_type"`
	AbonentID     Int  `json:"call_abonent_id"` // the employee's user_id, or the group's id
	AbonentInfo   Text `json:"call_abonent_info"`
	AbonentNumber Text `json:"call_abonent_number"`
	Start         Int  `json:"call_start_time"`
	// Answer is 0 when nobody answered.
	Answer    Int        `json:"call_answer_time"`
	End       Int        `json:"call_end_time"`
	Talk      Int        `json:"talk_duration"`
	Hold      Int        `json:"hold_duration"`
	EndReason Int        `json:"call_end_reason"`
	Records   []Text     `json:"recording_id"`
	CallID    Text       `json:"external_call_id"` // call_id of the events
	Inbound   Flag       `json:"DirectionInbound"`
	Outbound  Flag       `json:"DirectionOutbound"`
	Group     Flag       `json:"ModeGroup"`
	Blind     Flag       `json:"BlindTransfer"`
	Consult   Flag       `json:"ConsultTransfer"`
	Taken     Flag       `json:"Intercepted"`
	NoIVR     Flag       `json:"IvrNotUsed"`
	Members   []StatsLeg `json:"members"`
}
