package ui

import (
	"time"

	"fyne.io/fyne/v2"
)

// Delay is a debounce: it runs one thing at a time on Fyne's goroutine when a while has passed; what was to run is
// given up for what is asked for later. Whoever has one stops it when they go. The zero value is
// ready; all methods belong on Fyne's goroutine.
type Delay struct {
	// Do runs something on that goroutine; nil means fyne.Do.
	Do func(func())

	timer *time.Timer
	turn  int
}

// After runs do when wait has passed, instead of what waited before.
func (d *Delay) After(wait time.Duration, do func()) {
	d.Stop()
	turn, run := d.turn, d.Do
	if run == nil {
		run = fyne.Do
	}
	d.timer = time.AfterFunc(wait, func() {
		run(func() {
			if turn == d.turn { // it may have been stopped while this was on its way
				do()
			}
		})
	})
}

// Stop gives up what waits.
func (d *Delay) Stop() {
	d.turn++
	if d.timer != nil {
		d.timer.Stop()
	}
}
