package mango

import (
	"errors"
	"fmt"

	"dozvon/app/mango"
	"dozvon/app/practice/delivery"
	"dozvon/app/practice/faults"
)

// Faults are the ways in which the practice PBX and its network misbehave. The
// zero value is a PBX at its best. Shares are from 0 (never) to 1 (always).
// Every choice is drawn from Seed, each kind from a stream of its own, so the
// same calls meet the same faults and one share does not move another's.
type Faults struct {
	Seed uint64 `json:"seed,omitempty"`

	// DelayMS delays every webhook, in milliseconds; their order stays.
	DelayMS int64 `json:"delay_ms,omitempty"`
	// Duplicate is the share of webhooks that come twice, Reorder of those that come after their
	// successor, Drop of those that never come and are never retried.
	Duplicate float64 `json:"duplicate,omitempty"`
	Reorder   float64 `json:"reorder,omitempty"`
	Drop      float64 `json:"drop,omitempty"`
	// LoseSummary is the share of calls whose events/summary never comes.
	LoseSummary float64 `json:"lose_summary,omitempty"`
	// Cut is the share of webhooks whose connection breaks once they are sent: whether they
	// were read stays unknown, and they are not retried.
	Cut float64 `json:"cut,omitempty"`

	// Strings writes every number of a webhook as a string, as the document's examples do.
	Strings bool `json:"strings,omitempty"`
	// Missing names the fields, at any depth, that webhooks lack, such as location or seq.
	Missing []string `json:"missing,omitempty"`
	// V1 leaves out was_transferred, hold_initiator and transfer (section 3.1.2: "from api v.2").
	V1 bool `json:"v1,omitempty"`
	// SkewS is how far the PBX's clock is ahead, in seconds; negative is behind. It moves the times
	// of events and of statistics alike.
	SkewS int64 `json:"skew_s,omitempty"`

	// APIError is the share of requests answered with HTTP 503, APILimit with 429; neither is carried out.
	APIError float64 `json:"api_error,omitempty"`
	APILimit float64 `json:"api_limit,omitempty"`
	// APISlowMS delays every answer, in milliseconds.
	APISlowMS int64 `json:"api_slow_ms,omitempty"`
	// APICut is the share of answers that break off in the middle; the request has been carried out.
	APICut float64 `json:"api_cut,omitempty"`

	// AcceptedZero answers a command that is taken with 0 instead of 1000, as some live answers do (oddity 19).
	AcceptedZero bool `json:"accepted_zero,omitempty"`

	// NeverRecorded is the share of recordings that never become ready: no record/added, and 3320.
	NeverRecorded float64 `json:"never_recorded,omitempty"`
	// RecordedFirst is the share of recordings that are ready before the summary is sent.
	RecordedFirst float64 `json:"recorded_first,omitempty"`
	// Results is where a command's result comes: ResultsBefore the events it caused, ResultsAfter,
	// or, if empty, now so and now so (section 3.2: the order is not guaranteed).
	Results string `json:"results,omitempty"`
	// SMSFailed is the share of messages that are accepted and then not delivered.
	SMSFailed float64 `json:"sms_failed,omitempty"`
}

// Places of a command's result among the events that the command caused.
const (
	ResultsBefore = "before"
	ResultsAfter  = "after"
)

// Validate reports every wrong field, each by its JSON name.
func (f Faults) Validate() error {
	err := faults.Check(ErrConfig, map[string]float64{
		"duplicate": f.Duplicate, "reorder": f.Reorder, "drop": f.Drop, "lose_summary": f.LoseSummary, "cut": f.Cut,
		"api_error": f.APIError, "api_limit": f.APILimit, "api_cut": f.APICut,
		"never_recorded": f.NeverRecorded, "recorded_first": f.RecordedFirst, "sms_failed": f.SMSFailed,
	}, map[string]int64{"delay_ms": f.DelayMS, "api_slow_ms": f.APISlowMS})
	if f.Results != "" && f.Results != ResultsBefore && f.Results != ResultsAfter {
		err = errors.Join(err, fmt.Errorf("%w: results is %q, want before or after", ErrConfig, f.Results))
	}
	return err
}

// delivery are the faults of the webhooks' way.
func (f Faults) delivery() delivery.Faults {
	return delivery.Faults{
		Seed: f.Seed, DelayMS: f.DelayMS, Duplicate: f.Duplicate, Reorder: f.Reorder, Drop: f.Drop, Cut: f.Cut,
	}
}

// api are the faults of the answers.
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

// resultAfter draws whether a result comes after the events of its command.
func (m *misfortune) resultAfter() bool {
	return m.Strikes("result", func(f Faults) float64 {
		switch f.Results {
		case ResultsBefore:
			return 0
		case ResultsAfter:
			return 1
		}
		return 0.5
	})
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

// skew is what a wrong clock adds to a moment.
func (m *misfortune) skew() mango.Int { return mango.Int(m.Get().SkewS) }
