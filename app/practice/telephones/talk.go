package telephones

import (
	"math"
	"sync"
	"time"

	"dozvon/app/practice"
)

// side is one who speaks and hears, 20 ms at a time.
type side interface {
	said(*frame)
	hear(*frame)
}

// talk passes sound between two sides, and records it.
type talk struct {
	server *Server
	end    chan struct{}
	ending sync.Once

	mu        sync.Mutex // guards what follows
	sides     [2]side
	played    map[bool]*voice // by whether it is the client's: who was on hold goes on where he was
	recording *recording
}

// mostBehind is how many frames a talk makes up for when the machine was busy. Older ones are lost, and
// silence on the recording, which so keeps the talk's times.
const mostBehind = 10

// Talk begins a talk in which nobody hears anything yet.
func (s *Server) Talk() practice.Talk {
	t := &talk{server: s, end: make(chan struct{}), played: map[bool]*voice{true: newVoice(true), false: newVoice(false)}}
	s.life.Background(t.run)
	return t
}

// run passes a frame on every 20 ms.
func (t *talk) run() {
	ticks := time.NewTicker(frameTime)
	defer ticks.Stop()
	began, passed := time.Now(), 0
	for {
		select {
		case <-t.end:
			return
		case <-t.server.life.Closed():
			return
		case <-ticks.C:
		}
		due := int(time.Since(began) / frameTime)
		for ; passed < due; passed++ {
			t.pass(due-passed > mostBehind)
		}
	}
}

// pass lets both sides speak and hear for 20 ms, unless these are lost.
func (t *talk) pass(lost bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var said [2]frame
	if t.sides[0] != nil && !lost {
		t.sides[0].said(&said[0])
		t.sides[1].said(&said[1])
		t.sides[0].hear(&said[1])
		t.sides[1].hear(&said[0])
	}
	if t.recording != nil {
		t.recording.write(mixed(&said[0], &said[1]))
	}
}

// mixed is both at once; what is too loud for 16 bits is cut.
func mixed(a, b *frame) *frame {
	var m frame
	for i := range m {
		m[i] = int16(min(max(int(a[i])+int(b[i]), math.MinInt16), math.MaxInt16))
	}
	return &m
}

// Join lets two sides hear each other.
func (t *talk) Join(a, b practice.Party) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sides = [2]side{t.side(a), t.side(b)}
}

// side is who speaks for a party. The caller holds mu.
func (t *talk) side(p practice.Party) side {
	if own, ok := p.Telephone.(*telephone); ok {
		if l := own.line(); l != nil {
			return l
		}
	}
	return t.played[p.Client]
}

// Mute lets neither hear anything.
func (t *talk) Mute() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sides = [2]side{}
}

// Record begins a recording; one that runs ends.
func (t *talk) Record() practice.Recording {
	r := newRecording(t.server)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recording = r
	return r
}

// End lets go of everybody.
func (t *talk) End() { t.ending.Do(func() { close(t.end) }) }
