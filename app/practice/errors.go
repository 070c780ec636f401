package practice

import "errors"

// Why a call, a rule or a stream of traffic cannot be started.
var (
	// ErrScenario means that Scenarios does not list the name.
	ErrScenario = errors.New("unknown scenario")
	// ErrNumber means that a number is neither digits nor an extension of this PBX.
	ErrNumber = errors.New("unknown number")
	// ErrRule means that a telephone's rule names no known outcome.
	ErrRule = errors.New("unknown outcome: use answers, busy, no-answer or declines")
	// ErrCall means that there is no call with this id.
	ErrCall = errors.New("unknown call")
	// ErrRecording means that there is no recording with this id.
	ErrRecording = errors.New("unknown recording")
	// ErrClosed means that the PBX has been closed.
	ErrClosed = errors.New("the practice PBX is closed")
	// ErrConfig means that a required setting is missing or wrong.
	ErrConfig = errors.New("wrong configuration")
)
