package pbx

import (
	"errors"
	"time"
)

// wrongRetry is the pause after the PBX called a request of ours wrong: it counts those, so what
// nobody asked for must not go on making them.
const wrongRetry = time.Hour

// PauseAfter is how long a chore rests after a failure.
func PauseAfter(err error, usual time.Duration) time.Duration {
	var refused *Refused
	if errors.As(err, &refused) && refused.Code/1000 == 3 {
		return wrongRetry
	}
	return usual
}
