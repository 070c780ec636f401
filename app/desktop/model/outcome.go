package model

// What a call may come to, as the server knows it.
const (
	OutcomeEnrolled = "enrolled"
	OutcomeThinking = "thinking"
	OutcomeCallBack = "call_back"
	OutcomeRefused  = "refused"
)

// Outcomes in the order of the card; one press each, so there are few.
var Outcomes = []string{OutcomeEnrolled, OutcomeThinking, OutcomeCallBack, OutcomeRefused}
