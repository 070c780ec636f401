package player

import (
	"time"

	"dozvon/app/desktop/ui"
)

// pausesOfRetry are before a device that failed is tried again: a sound server that restarts is back in seconds, and
// whoever plugs headphones in hears what they wanted to. What begins much later would startle.
var pausesOfRetry = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}

// retry tries the device again. It belongs on Fyne's goroutine.
type retry struct {
	delay ui.Delay
	tries int // in vain
}

// later tries after a pause, unless that was in vain too often. run runs something on Fyne's goroutine.
func (r *retry) later(run func(func()), try func()) {
	if r.tries >= len(pausesOfRetry) {
		r.tries = 0
		return
	}
	r.delay.Do = run
	r.delay.After(pausesOfRetry[r.tries], func() {
		r.tries++
		try()
	})
}

// fresh begins to count anew: somebody asked for it.
func (r *retry) fresh() {
	r.delay.Stop()
	r.tries = 0
}
