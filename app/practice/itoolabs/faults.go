package itoolabs

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

	// HistoryEarly is the share of calls whose history comes before their last events, HistoryTwice of
	// those whose history comes twice, HistoryLost of those without one. HistoryLateMS delays all, in
	// milliseconds.
	HistoryEarly  float64 `json:"history_early,omitempty"`
	HistoryTwice  float64 `json:"history_twice,omitempty"`
	HistoryLost   float64 `json:"history_lost,omitempty"`
	HistoryLateMS int64   `json:"history_late_ms,omitempty"`

	// APIError is the share of requests answered with HTTP 503, APILimit with 429, APIRefused with 401,
	// APIBad with 400, APIMoved with 301, APIHTML with a page and HTTP 200; none is carried out.
	APIError   float64 `json:"api_error,omitempty"`
	APILimit   float64 `json:"api_limit,omitempty"`
	APIRefused float64 `json:"api_refused,omitempty"`
	APIBad     float64 `json:"api_bad,omitempty"`
	APIMoved   float64 `json:"api_moved,omitempty"`
	APIHTML    float64 `json:"api_html,omitempty"`
	// APISlowMS delays every answer, ListingSlowMS those of listings, CallAnswerMS the answer of a
	// click-to-call alone, whose events go out meanwhile; all in milliseconds.
	APISlowMS     int64 `json:"api_slow_ms,omitempty"`
	ListingSlowMS int64 `json:"listing_slow_ms,omitempty"`
	CallAnswerMS  int64 `json:"call_answer_ms,omitempty"`
	// APICut is the share of answers that break off in the middle; the request has been carried out.
	APICut float64 `json:"api_cut,omitempty"`

	// NeverRecorded is the share of recordings that never become ready, though history links them.
	NeverRecorded float64 `json:"never_recorded,omitempty"`
}

// Validate reports every wrong field, each by its JSON name.
func (f Faults) Validate() error {
	return faults.Check(practice.ErrConfig, map[string]float64{
		"duplicate": f.Duplicate, "reorder": f.Reorder, "drop": f.Drop, "cut": f.Cut,
		"history_early": f.HistoryEarly, "history_twice": f.HistoryTwice, "history_lost": f.HistoryLost,
		"api_error": f.APIError, "api_limit": f.APILimit, "api_refused": f.APIRefused, "api_bad": f.APIBad,
		"api_moved": f.APIMoved, "api_html": f.APIHTML, "api_cut": f.APICut, "never_recorded": f.NeverRecorded,
	}, map[string]int64{
		"delay_ms": f.DelayMS, "history_late_ms": f.HistoryLateMS, "api_slow_ms": f.APISlowMS,
		"listing_slow_ms": f.ListingSlowMS, "call_answer_ms": f.CallAnswerMS,
	})
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
