// Package notify shows the system's own notifications, one after another. It does not decide what is
// worth one.
package notify

import (
	"log/slog"
	"time"
)

// endLimit is how long the end of the program waits for the one that shows.
const endLimit = time.Second

// waiting bounds the queue: more at once would bury the person, so the rest is dropped.
const waiting = 8

// App is in whose name the system shows them.
type App struct {
	// ID is the program's for Windows (AppUserModelID), which has Name and Icon by it.
	ID, Name string
	// Icon is a PNG; Dir the folder where a copy is kept for a system that wants a file.
	Icon []byte
	Dir  string
}

// Notification is a title, a text below it and what a click on it does. Clicked may be nil; it runs on a
// goroutine of its own, and only where the system tells of clicks: on Windows.
type Notification struct {
	Title, Text string
	Clicked     func()
}

// screen is how a system shows one.
type screen interface {
	// show returns when the next one may be shown, at once when the program ends.
	show(n Notification, ends <-chan struct{}) error
	close()
}

// Notifier shows notifications. It is safe for concurrent use.
type Notifier struct {
	queue chan Notification
	stop  chan struct{}
	ended chan struct{}
}

// New starts a notifier; Close ends it.
func New(app App) *Notifier { return start(newScreen(app)) }

func start(s screen) *Notifier {
	n := &Notifier{queue: make(chan Notification, waiting), stop: make(chan struct{}), ended: make(chan struct{})}
	go n.run(s)
	return n
}

// run is apart from whoever sends: a system may take its time, or start programs for it.
func (n *Notifier) run(s screen) {
	defer close(n.ended)
	defer s.close()
	for {
		select {
		case <-n.stop:
			return
		case next := <-n.queue:
			if err := s.show(next, n.stop); err != nil {
				slog.Warn("notification not shown", "error", err)
			}
		}
	}
}

// Send shows a notification as soon as those before it had their time.
func (n *Notifier) Send(what Notification) {
	select {
	case n.queue <- what:
	default:
		slog.Warn("notification dropped, too many wait")
	}
}

// Close ends the notifier and takes away what shows; those that wait are not shown any more.
func (n *Notifier) Close() {
	close(n.stop)
	select {
	case <-n.ended:
	case <-time.After(endLimit): // a program that the system started for it may hang
	}
}
