package beeline

import (
	"fmt"

	"dozvon/app/practice"
	"dozvon/app/practice/delivery"
	"dozvon/app/practice/faults"
)

// Faults are the ways in which the practice PBX and its network misbehave. The zero value is a PBX at
// its best. Shares are from 0 (never) to 1 (always). Every choice is drawn from Seed, each kind from a
// stream of its own, so the same calls meet the same faults.
type Faults struct {
	Seed uint64 `json:"seed,omitempty"`

	// DelayMS delays every event, in milliseconds; their order stays.
	DelayMS int64 `json:"delay_ms,omitempty"`
	// Duplicate is the share of events that come twice, Reorder of those that come after their
	// successor, Drop of those that never come and are never retried, Cut of those whose connection
	// breaks once they are sent.
	Duplicate float64 `json:"duplicate,omitempty"`
	Reorder   float64 `json:"reorder,omitempty"`
	Drop      float64 `json:"drop,omitempty"`
	Cut       float64 `json:"cut,omitempty"`
	// LoseAnswered is the share of answers that no event tells, OnlyReleased of calls of which
	// only the ends of legs are told.
	LoseAnswered float64 `json:"lose_answered,omitempty"`
	OnlyReleased float64 `json:"only_released,omitempty"`
	// RepeatedCall is the share of events that list their call twice, as a public sample does (section 16).
	RepeatedCall float64 `json:"repeated_call,omitempty"`
	// SkewS is how far the PBX's clock is ahead, in seconds; negative is behind.
	SkewS int64 `json:"skew_s,omitempty"`

	// APIError is the share of requests answered with HTTP 503, APILimit with 429, APIRefused with 401,
	// APIBad with 400, APIHTML with the portal's page and HTTP 200; none is carried out.
	APIError   float64 `json:"api_error,omitempty"`
	APILimit   float64 `json:"api_limit,omitempty"`
	APIRefused float64 `json:"api_refused,omitempty"`
	APIBad     float64 `json:"api_bad,omitempty"`
	APIHTML    float64 `json:"api_html,omitempty"`
	// APISlowMS delays every answer, CallAnswerMS the answer of the call command alone, whose events go
	// out meanwhile; both in milliseconds.
	APISlowMS    int64 `json:"api_slow_ms,omitempty"`
	CallAnswerMS int64 `json:"call_answer_ms,omitempty"`
	// APICut is the share of answers that break off in the middle; the request has been carried out.
	APICut float64 `json:"api_cut,omitempty"`

	// NeverRecorded is the share of recordings that never become ready, RecordingFailed of those that
	// fail and are told so.
	NeverRecorded   float64 `json:"never_recorded,omitempty"`
	RecordingFailed float64 `json:"recording_failed,omitempty"`
}

// maxSkew bounds a wrong clock, in seconds.
const maxSkew = 366 * 24 * 3600

// Validate reports every wrong field, each by its JSON name.
func (f Faults) Validate() error {
	err := faults.Check(practice.ErrConfig, map[string]float64{
		"duplicate": f.Duplicate, "reorder": f.Reorder, "drop": f.Drop, "cut": f.Cut,
		"lose_answered": f.LoseAnswered, "only_released": f.OnlyReleased, "repeated_call": f.RepeatedCall,
		"api_error": f.APIError, "api_limit": f.APILimit, "api_refused": f.APIRefused, "api_bad": f.APIBad,
		"api_html": f.APIHTML, "api_cut": f.APICut, "never_recorded": f.NeverRecorded, "recording_failed": f.RecordingFailed,
	}, map[string]int64{"delay_ms": f.DelayMS, "api_slow_ms": f.APISlowMS, "call_answer_ms": f.CallAnswerMS})
	if err == nil && (f.SkewS > maxSkew || f.SkewS < -maxSkew) {
		return fmt.Errorf("%w: skew_s is %d, want at most a year", practice.ErrConfig, f.SkewS)
	}
	return err
}

func (f Faults) delivery() delivery.Faults {
	return delivery.Faults{
		Seed: f.Seed, DelayMS: f.DelayMS, Duplicate: f.Duplicate, Reorder: f.Reorder, Drop: f.Drop, Cut: f.Cut,
	}
}

func (f Faults) api() faults.API {
	return faults.API{Seed: f.Seed, Error: f.APIError, Limit: f.APILimit, Cut: f.APICut, SlowMS: f.APISlowMS}
}

// misfortune draws from Faults.
type misfortune struct {
	*faults.Luck[Faults]
	answers *faults.Luck[faults.API]
}

func newMisfortune(f Faults) *misfortune {
	return &misfortune{
		faults.NewLuck(f, func(f Faults) uint64 { return f.Seed }),
		faults.NewLuck(f.api(), func(f faults.API) uint64 { return f.Seed }),
	}
}

// SetFaults replaces the faults of the running PBX and begins their seed anew.
func (p *PBX) SetFaults(f Faults) error {
	if err := f.Validate(); err != nil {
		return fmt.Errorf("setting faults: %w", err)
	}
	p.luck.Set(f)
	p.luck.answers.Set(f.api())
	p.sender.SetFaults(f.delivery())
	return nil
}

// Faults returns the faults in force.
func (p *PBX) Faults() Faults { return p.luck.Get() }
