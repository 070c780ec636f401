package mango

import (
	"dozvon/app/practice"
	"dozvon/app/practice/control"
	"dozvon/app/practice/day"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/staff"
)

// The words that all practice PBXs share, so that whoever practises with this one needs no other package.
type (
	CallRequest    = practice.CallRequest
	CallTruth      = practice.CallTruth
	CallView       = practice.CallView
	LegView        = practice.LegView
	Rule           = practice.Rule
	Scenario       = practice.Scenario
	Timing         = practice.Timing
	Employee       = staff.Employee
	DayRequest     = day.Request
	TrafficRequest = control.TrafficRequest
)

// What a telephone does when it rings.
const (
	Answers  = practice.Answers
	Busy     = practice.Busy
	NoAnswer = practice.NoAnswer
	Declines = practice.Declines
)

// Why a call, a rule or a stream of traffic cannot be started.
var (
	ErrScenario  = practice.ErrScenario
	ErrNumber    = practice.ErrNumber
	ErrRule      = practice.ErrRule
	ErrCall      = practice.ErrCall
	ErrRecording = practice.ErrRecording
	ErrClosed    = practice.ErrClosed
	ErrConfig    = practice.ErrConfig
)

// GroupExtension is the internal number of the only group; SIPLine the line that is no telephone number.
const (
	GroupExtension = cast.GroupExtension
	SIPLine        = cast.SIPLine
)

// Employees returns the people of a PBX whose Config names none.
func Employees() []Employee { return cast.People() }

// DefaultTiming returns the pauses that suit a person who watches the screen.
func DefaultTiming() Timing { return practice.DefaultTiming() }
