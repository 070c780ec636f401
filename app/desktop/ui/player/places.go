package player

import "time"

// placesMost bounds how many recordings' places are remembered.
const placesMost = 500

// startOver is how near to its end, or its beginning, a recording is heard from the beginning again.
const startOver = 3 * time.Second

// recordingKey names a recording: a call's, counted from 1.
type recordingKey struct {
	call string
	part int
}

// places are where recordings were left. The zero value is ready.
type places struct {
	at    map[recordingKey]time.Duration
	order []recordingKey // the oldest first
}

// leave keeps where a recording was left; length is that of the whole.
func (p *places) leave(key recordingKey, at, length time.Duration) {
	if p.at == nil {
		p.at = map[recordingKey]time.Duration{}
	}
	_, known := p.at[key]
	if at < startOver || at > length-startOver {
		delete(p.at, key)
		if known {
			p.forget(key)
		}
		return
	}
	if known {
		p.forget(key)
	}
	p.at[key] = at
	p.order = append(p.order, key)
	for len(p.order) > placesMost {
		delete(p.at, p.order[0])
		p.order = p.order[1:]
	}
}

func (p *places) forget(key recordingKey) {
	for n, other := range p.order {
		if other == key {
			p.order = append(p.order[:n:n], p.order[n+1:]...)
			return
		}
	}
}

// of is where a recording is gone on with; 0: at its beginning.
func (p *places) of(key recordingKey) time.Duration { return p.at[key] }
