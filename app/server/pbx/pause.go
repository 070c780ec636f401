package pbx

import (
	"errors"
	"time"
)

// PauseAfter is how long a chore rests after a failure: as usual, or for as long as the adapter says that
// the PBX must not be asked so again.
func PauseAfter(err error, usual time.Duration) time.Duration {
	var refused *Refused
	if errors.As(err, &refused) && refused.ChorePause > 0 {
		return refused.ChorePause
	}
	return usual
}
