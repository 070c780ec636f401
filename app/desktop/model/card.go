package model

import "dozvon/client"

// CardKind is what a card is of.
type CardKind string

// The kinds of cards.
const (
	CardOfCall CardKind = "call"
	CardOfTask CardKind = "task"
	// CardOfOutage is the one card that tells of a connection that is back.
	CardOfOutage CardKind = "outage"
)

// Card is one card to show, as facts; the package present puts it in words.
type Card struct {
	Kind   CardKind
	ID     string // of the call or the task
	State  CardState
	Call   client.Call // of a call's card
	Task   client.Task // of a task's
	Outage Outage      // of an outage's
	// Several says that the person has yet to say which of several subjects calls.
	Several bool
}

// Cards lists the cards to show, oldest first.
func (m *Model) Cards() []Card {
	m.mu.Lock()
	defer m.mu.Unlock()
	shown := m.shown()
	out := make([]Card, 0, len(shown))
	for _, t := range shown {
		out = append(out, Card{Kind: CardOfCall, ID: t.call.ID, State: t.state, Call: t.call, Several: t.several()})
	}
	if m.outage != nil {
		out = append(out, Card{Kind: CardOfOutage, ID: "outage", State: CardOutage, Outage: *m.outage})
	}
	return append(out, m.reminders(shown)...)
}

// several tells whether a ringing card offers all subjects of the number: the server proposes the first of
// them, until the person has chosen.
func (t *tracked) several() bool {
	call := t.call
	return len(call.Matches) > 1 && !t.chosen && t.state == CardRinging &&
		(call.Subject == nil || call.Subject.ID == call.Matches[0].ID)
}
