package pbx

import (
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/phone"
)

// HealthState is whether commands may be sent.
type HealthState string

// States of health; in Degraded only what people ask for is sent, while Resting nothing.
const (
	Healthy  HealthState = "ok"
	Degraded HealthState = "careful"
	Resting  HealthState = "blocked"
)

// Health is the state of the way to the PBX, and why.
type Health struct {
	State HealthState
	Until time.Time
	Code  int
	Words bilingual.Text
}

// HealthReporter is a PBX whose commands may have to rest.
type HealthReporter interface {
	Health() Health
}

// Finding is one line of a check, in words with what to do.
type Finding struct {
	ID          string
	State       FindingState
	Name, Words bilingual.Text
}

// FindingState is how one checked thing stands.
type FindingState string

// States of a finding.
const (
	FindingOK      FindingState = "ok"
	FindingWarning FindingState = "warning"
	FindingFailed  FindingState = "failed"
	FindingUnknown FindingState = "unknown"
)

// CheckFacts is what only the server knows of an integration, for an adapter's check.
type CheckFacts struct {
	HookURL string
	Now     time.Time
	// LastEvent is when the newest webhook came, Delay how much later than its own time stamp.
	LastEvent time.Time
	Delay     time.Duration
	// Owners names who has which extension with us.
	Owners map[string]string
	// Answered and Recorded count the talks of the last seven days and those with a recording.
	Answered, Recorded int
	// Routed is the newest attempt to show a name; Routes counts those of the last seven days.
	Routed     *RouteOutcome
	Routes     int
	Forwarding bool
}

// Contact is one of our cards in the PBX's own address book.
type Contact struct {
	ID          string // the PBX's; empty: not there yet
	Name        string
	Numbers     []phone.Number
	Responsible string // extension
}
