package notify

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

// paper is a screen that keeps what it was shown; each waits until it is turned.
type paper struct {
	mu     sync.Mutex
	shown  []string
	turned chan struct{}
	closed chan struct{}
	err    error
}

func (p *paper) show(n Notification, _ <-chan struct{}) error {
	<-p.turned
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, n.Title)
	return p.err
}

func (p *paper) close() { close(p.closed) }

func (p *paper) has(t *testing.T, want ...string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; <-time.After(time.Millisecond) {
		p.mu.Lock()
		got := slices.Clone(p.shown)
		p.mu.Unlock()
		if slices.Equal(got, want) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("shown %q, want %q", got, want)
		}
	}
}

func TestNotifier_showsOneAfterAnotherAndDropsWhatWouldBuryThePerson(t *testing.T) {
	t.Parallel()
	p := &paper{turned: make(chan struct{}), closed: make(chan struct{}), err: errors.New("no daemon")} // each fails, the next is shown all the same
	n := start(p)
	n.Send(Notification{Title: "0"})
	for len(n.queue) > 0 {
		<-time.After(time.Millisecond) // it is being shown
	}
	for _, title := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "dropped", "dropped"} {
		n.Send(Notification{Title: title})
	}
	close(p.turned)
	p.has(t, "0", "1", "2", "3", "4", "5", "6", "7", "8")
	n.Send(Notification{Title: "later"})
	p.has(t, "0", "1", "2", "3", "4", "5", "6", "7", "8", "later")
	n.Close()
	select {
	case <-p.closed:
	case <-time.After(time.Minute):
		t.Error("the screen was not closed")
	}
	n.Send(Notification{Title: "after the end"}) // harms nobody
}
