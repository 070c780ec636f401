package telephones

import (
	"context"
	"sync"

	"dozvon/app/practice"
)

// telephone is an extension's telephone in a call: all of its devices ring, the one that is answered
// first has the talk.
type telephone struct {
	server  *Server
	ringing practice.Ringing
	// over ends with the telephone's part in the call; ring ends with the ringing, which is sooner.
	over, ring       context.Context
	finish, stopRing context.CancelFunc
	signals          chan told
	devices          sync.WaitGroup

	mu              sync.Mutex // guards what follows
	left            int        // devices that still ring
	outcome         string     // of those that no longer do
	answeredByOther bool       // another device or telephone was answered
	answered        *device
}

// told is a signal on its way to the call; done gets whether the call went along with it.
type told struct {
	practice.Signal
	done chan<- bool
}

// signalsAhead is how much a telephone may do before the call has taken notice.
const signalsAhead = 16

// Ring rings all devices of an extension.
func (s *Server) Ring(r practice.Ringing) practice.Telephone {
	contacts := s.registrar.contacts(r.Extension)
	if len(contacts) == 0 {
		return nil
	}
	t := &telephone{server: s, ringing: r, signals: make(chan told, signalsAhead), left: len(contacts), outcome: practice.NoAnswer}
	t.over, t.finish = context.WithCancel(s.life.Context())
	t.ring, t.stopRing = context.WithCancel(t.over)
	if !s.life.Background(t.tell) {
		return nil
	}
	for _, c := range contacts {
		t.devices.Add(1)
		d := &device{telephone: t, contact: c}
		if !s.life.Background(func() {
			defer t.devices.Done()
			d.run()
		}) {
			t.devices.Done()
		}
	}
	return t
}

// tell hands the signals on, one after another.
func (t *telephone) tell() {
	for {
		select {
		case <-t.over.Done():
			return
		case s := <-t.signals:
			ok := t.ringing.Tell(s.Signal)
			if s.done != nil {
				s.done <- ok
			}
		}
	}
}

// signal queues what the owner does; what comes once the telephone is let go concerns nobody.
func (t *telephone) signal(s practice.Signal) {
	select {
	case t.signals <- told{Signal: s}:
	case <-t.over.Done():
	}
}

// refused is signal that waits, and reports whether the call would not go along. A telephone that the
// call has let go meanwhile was refused nothing.
func (t *telephone) refused(s practice.Signal) bool {
	done := make(chan bool, 1)
	select {
	case t.signals <- told{s, done}:
	case <-t.over.Done():
		return false
	}
	select {
	case ok := <-done:
		return !ok
	case <-t.over.Done():
		return false
	}
}

// Release ends ringing or talk.
func (t *telephone) Release(answeredByOther bool) {
	t.mu.Lock()
	t.answeredByOther = t.answeredByOther || answeredByOther
	t.mu.Unlock()
	t.finish()
}

// wait waits until all devices have been told.
func (t *telephone) wait() { t.devices.Wait() }

func (t *telephone) answeredElsewhere() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.answeredByOther
}

// answer gives the talk to a device; it reports false if another one has it.
func (t *telephone) answer(d *device) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.answered != nil || t.over.Err() != nil {
		return false
	}
	t.answered, t.answeredByOther = d, true
	t.stopRing()
	return true
}

// giveUp notes that a device rings no more. The last one tells the call; whoever declines does so for
// all of his devices (RFC 3261, section 21.6.2).
func (t *telephone) giveUp(outcome string) {
	t.mu.Lock()
	t.left--
	if outcome == practice.Declines || t.outcome == practice.NoAnswer {
		t.outcome = outcome
	}
	last := t.answered == nil && (t.left == 0 || outcome == practice.Declines) && t.ring.Err() == nil
	outcome = t.outcome
	t.mu.Unlock()
	if last {
		t.stopRing()
		t.signal(practice.Signal{Does: outcome})
	}
}

// line is where the talk is heard; nil while nobody has answered.
func (t *telephone) line() *line {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.answered == nil {
		return nil
	}
	return t.answered.line
}
