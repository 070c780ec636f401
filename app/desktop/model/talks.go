package model

import (
	"time"

	"dozvon/client"
)

// talksMost bounds how many numbers' talks are remembered: far more than can be missed at once.
const talksMost = 500

// lastTalks is when somebody of the school last talked with a number. It outlasts the calls: the stream
// may tell of a talk before it tells that an earlier call of the same number was missed.
type lastTalks map[string]time.Time

// follow takes a call for what it says of missed ones before it: in either direction, whoever talked.
func (l lastTalks) follow(call client.Call, calls map[string]*tracked) {
	if call.AnsweredAt != nil && call.Result != client.Missed && call.Direction != client.Internal && !call.Test {
		l.note(call.Phone, *call.AnsweredAt, calls)
	}
}

// note takes a talk down, and takes away the cards of the missed calls before it.
func (l lastTalks) note(phone string, at time.Time, calls map[string]*tracked) {
	if phone == "" || !at.After(l[phone]) {
		return
	}
	l[phone] = at
	if len(l) > talksMost {
		l.forgetOldest()
	}
	for _, t := range calls {
		if t.state == CardMissed && l.since(t.call) {
			t.state = CardNone
		}
	}
}

func (l lastTalks) forgetOldest() {
	oldest := ""
	for number, at := range l {
		if oldest == "" || at.Before(l[oldest]) {
			oldest = number
		}
	}
	delete(l, oldest)
}

// since tells whether anybody has talked with who made this call after it began.
func (l lastTalks) since(call client.Call) bool {
	at, known := l[call.Phone]
	return known && !call.StartedAt.After(at)
}

// dropSettled takes away the missed cards of callers whom the whole callback list, read just now, has no
// more: somebody talked with them while the stream was away. A call that the stream has told of meanwhile
// is newer than the list.
func dropSettled(calls map[string]*tracked, waiting map[string]client.MissedCaller, newer func(callID string) bool) {
	for id, t := range calls {
		if t.state != CardMissed || t.call.Result != client.Missed || t.call.Direction != client.In || t.call.Phone == "" || newer(id) {
			continue
		}
		if _, waits := waiting[t.call.Phone]; !waits {
			t.state = CardNone
		}
	}
}
