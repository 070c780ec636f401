package present

// Act is something a person can do with a card.
type Act string

// The acts; the view reports them, the desktop carries them out.
const (
	ActOpen        Act = "open"
	ActNewLead     Act = "new_lead"
	ActNote        Act = "note"
	ActMore        Act = "more"
	ActTransfer    Act = "transfer"
	ActHangup      Act = "hangup"
	ActCallBack    Act = "call_back"
	ActHold        Act = "hold"
	ActResume      Act = "resume"
	ActConnect     Act = "connect"
	ActReturn      Act = "return"
	ActRecord      Act = "record"
	ActOutcome     Act = "outcome"
	ActSnooze      Act = "snooze"
	ActDone        Act = "done"
	ActTake        Act = "take"
	ActEndPractice Act = "end_practice"
	// ActShowMissed and ActShowFeed lead to what came during an outage.
	ActShowMissed Act = "show_missed"
	ActShowFeed   Act = "show_feed"
)
