package model

import (
	"slices"
	"time"

	"dozvon/client"
)

// How long a card stays after its call is over for this employee.
const (
	answeredByOtherStay = 4 * time.Second
	endedStay           = 12 * time.Second // what the call came to is noted right then
	failedStay          = 20 * time.Second
	typingStay          = 30 * time.Second
)

// CardState is which face a card shows; the words are those of `dozvon status`.
type CardState string

// The faces of a card.
const (
	CardNone            CardState = ""
	CardRinging         CardState = "ringing"
	CardDialling        CardState = "dialling"
	CardTalking         CardState = "talking"
	CardHeld            CardState = "held"
	CardMissed          CardState = "missed"
	CardAnsweredByOther CardState = "answered_elsewhere"
	CardFailed          CardState = "failed"
	CardEnded           CardState = "ended"
	CardReminder        CardState = "reminder" // no call: a task that is due
	CardOutage          CardState = "outage"   // no call: the connection is back
)

// tracked is a call with what it has been to this employee.
type tracked struct {
	call      client.Call
	state     CardState
	until     time.Time // when the card goes by itself; zero: it stays
	since     time.Time // order of the cards on the screen
	dismissed bool
	rangMe    bool
	quietAt   time.Time // when this employee's telephone stopped ringing
	chosen    bool      // the person said which of several subjects it is
}

// stillMine is how long after the own telephone fell silent an answer elsewhere is told:
// the PBX ends the losing legs a moment before it names the winner.
const stillMine = 3 * time.Second

// applyCall folds a newer state of a call into its card. m.mu is held.
func (m *Model) applyCall(call client.Call) {
	if call.Deleted { // it turned out to be another call, which has a card of its own
		delete(m.calls, call.ID)
		return
	}
	m.talks.follow(call, m.calls)
	t, known := m.calls[call.ID]
	if !known {
		if call.State == client.StateEnded {
			return
		}
		t = &tracked{since: m.now()}
		m.calls[call.ID] = t
	}
	before := t.state
	if known && t.call.State == client.StateEnded && call.State != client.StateEnded {
		// The state of an ended call is final; an answer to an older request came late.
		return
	}
	t.call = call
	next := m.face(t)
	if next == CardMissed && m.talks.since(call) {
		next = CardNone
	}
	if next == before {
		return
	}
	if before == CardRinging {
		t.quietAt = m.now()
	}
	t.rangMe = t.rangMe || next == CardRinging
	t.state, t.until = next, time.Time{}
	switch next {
	case CardAnsweredByOther:
		t.until = m.now().Add(answeredByOtherStay)
	case CardEnded:
		t.until = m.now().Add(endedStay)
	case CardFailed:
		t.until = m.now().Add(failedStay)
	case CardTalking, CardMissed:
		// ✕ means "not now": it hides the ringing, not the talk or the missed call.
		if before == CardRinging || before == CardDialling {
			t.dismissed = t.dismissed && next == CardMissed
		}
	}
}

// face decides what a call is to this employee, knowing what it was before.
func (m *Model) face(t *tracked) CardState {
	call, before := t.call, t.state
	mine := theirs(call, m.me.ID)
	switch call.State {
	case client.StateRinging:
		switch {
		case call.Direction == client.Out && mine, call.Direction == client.Internal && call.Step > 0 && isEnd(call.Caller, m.me.ID):
			return CardDialling
		case slices.Contains(call.Ringing, m.me.ID):
			return CardRinging
		}
		return leftFace(before)
	case client.StateTalking, client.StateHeld:
		switch {
		case mine && call.State == client.StateHeld:
			return CardHeld
		case mine:
			return CardTalking
		case before == CardRinging || before == CardAnsweredByOther:
			return CardAnsweredByOther
		case t.rangMe && m.now().Sub(t.quietAt) < stillMine:
			return CardAnsweredByOther
		}
		return leftFace(before)
	}
	return endFace(call, before, t.rangMe)
}

// leftFace is the face of a call that goes on without this employee: one who handed the client
// over has talked, and a note is often written right then.
func leftFace(before CardState) CardState {
	switch before {
	case CardTalking, CardHeld, CardEnded:
		return CardEnded
	}
	return CardNone
}

func endFace(call client.Call, before CardState, rangMe bool) CardState {
	// The leg may end, and the card with it, before the call does.
	if before == CardNone && rangMe && call.Result == client.Missed {
		return CardMissed
	}
	switch before {
	case CardRinging:
		if call.Direction == client.Internal && call.AnsweredAt == nil {
			return CardNone // a colleague asks again, or comes over
		}
		if call.Result == client.Missed || call.Result == "" && call.AnsweredAt == nil {
			return CardMissed
		}
		return CardAnsweredByOther
	case CardDialling:
		if call.Result == client.Answered || call.Test {
			return CardEnded
		}
		return CardFailed
	case CardTalking, CardHeld:
		return CardEnded
	}
	return before
}

// settle takes away the missed card of a caller somebody has talked with. m.mu is held.
func (m *Model) settle(entry client.FeedEntry) {
	m.talks.note(entry.Phone, entry.Settled.At, m.calls)
	if t, ok := m.calls[entry.CallID]; ok && t.state == CardMissed {
		t.state = CardNone
	}
}

// Dismiss hides a call's card; it does not come back for that call while it rings.
func (m *Model) Dismiss(callID string) {
	m.mu.Lock()
	if t, ok := m.calls[callID]; ok {
		t.dismissed = true
	}
	m.mu.Unlock()
	m.changed()
}

// Keep lets a card that would go by itself stay a little longer: somebody types on it.
func (m *Model) Keep(callID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t, ok := m.calls[callID]; ok && !t.until.IsZero() {
		t.until = m.now().Add(typingStay)
	}
}

// Chosen notes that the person said which of several subjects calls.
func (m *Model) Chosen(callID string) {
	m.mu.Lock()
	if t, ok := m.calls[callID]; ok {
		t.chosen = true
	}
	m.mu.Unlock()
	m.changed()
}

// Tick takes away what has stood long enough, and lets tasks become due; it tells whether anything
// changed by that.
func (m *Model) Tick() bool {
	m.mu.Lock()
	now, gone := m.now(), false
	for id, t := range m.calls {
		if !t.until.IsZero() && !now.Before(t.until) {
			t.state, t.until, gone = CardNone, time.Time{}, true
		}
		if t.call.State == client.StateEnded && (t.state == CardNone || t.dismissed) {
			delete(m.calls, id)
			gone = true
		}
	}
	gone = m.tasksMoved() || gone
	m.mu.Unlock()
	if gone {
		m.changed()
	}
	return gone
}

// shown lists the calls with a visible card, oldest first. m.mu is held.
func (m *Model) shown() []*tracked {
	var out []*tracked
	for _, t := range m.calls {
		if t.state != CardNone && !t.dismissed {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *tracked) int {
		if c := a.since.Compare(b.since); c != 0 {
			return c
		}
		if a.call.ID < b.call.ID {
			return -1
		}
		return 1
	})
	return out
}
