package recordings

import (
	"errors"

	"dozvon/app/server/pbx"
)

// Meter counts recordings. Safe for concurrent use.
type Meter interface {
	// RecordingAsked is told that one was asked for, and whether it was there already.
	RecordingAsked(there bool)
	// RecordingFetched is told how fetching one ended, and how many bytes of it there are now.
	RecordingFetched(outcome string, bytes int64)
}

// Outcomes of fetching as a Meter is told them.
const (
	Fetched  = "fetched"
	NotReady = "not_ready" // the PBX still prepares it
	Missing  = "missing"   // the PBX has none
	Blocked  = "blocked"   // the PBX's API rests after wrong requests
	Failed   = "failed"
)

func (k *Keeper) measure(t *transfer, err error) {
	if k.Meter == nil {
		return
	}
	bytes, _, _ := t.arrived()
	k.Meter.RecordingFetched(outcomeOf(err), bytes)
}

func outcomeOf(err error) string {
	var blocked *pbx.Blocked
	switch {
	case err == nil:
		return Fetched
	case errors.Is(err, pbx.ErrNotReady):
		return NotReady
	case errors.Is(err, pbx.ErrNoRecording):
		return Missing
	case errors.As(err, &blocked):
		return Blocked
	}
	return Failed
}
