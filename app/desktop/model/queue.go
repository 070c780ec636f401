package model

import (
	"cmp"
	"slices"

	"dozvon/client"
)

// QueueRow is one missed caller ready for the screen.
type QueueRow struct {
	Phone       string
	Subject     *client.Subject
	Name, About string
	Tries       string // «3 попытки»
	Waits       string // since when: «12 минут назад»
	TakenBy     string // who will call back; empty: nobody yet
	Mine        bool   // this employee will
	Red         bool   // it has waited for too long
}

// Queue lists the missed callers whom nobody has talked with, the one who called last first.
func (m *Model) Queue() []QueueRow {
	m.mu.Lock()
	defer m.mu.Unlock()
	callers := make([]client.MissedCaller, 0, len(m.missed))
	for _, c := range m.missed {
		callers = append(callers, c)
	}
	slices.SortFunc(callers, func(a, b client.MissedCaller) int {
		return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(a.Phone, b.Phone))
	})
	out := make([]QueueRow, 0, len(callers))
	for _, c := range callers {
		out = append(out, m.queueRow(c))
	}
	return out
}

func (m *Model) queueRow(c client.MissedCaller) QueueRow {
	text, now := m.text, m.now()
	pretty := PrettyPhone(c.Phone, text)
	row := QueueRow{Phone: c.Phone, Subject: c.Subject, Name: pretty, About: text.T("feed.unbound"), Tries: text.N("queue.tries", c.Rings)}
	if c.Subject != nil {
		row.Name, row.About = c.Subject.Name, joined(SubjectDetail(*c.Subject, text), pretty)
	}
	line := c.LineName
	if line == "" && c.Line != "" {
		line = PrettyPhone(c.Line, text)
	}
	if line != "" {
		row.About = joined(row.About, text.T("card.line", "line", line))
	}
	// Seconds would change all the time and tell nothing.
	row.Waits = text.T("queue.waits", "time", text.Ago(c.FirstAt, now))
	row.Red = c.RedAt != nil && now.After(*c.RedAt)
	if c.TakenBy != nil {
		row.TakenBy, row.Mine = ShortName(c.TakenBy.Name), c.TakenBy.ID == m.me.ID
	}
	return row
}

// takeMissed follows a caller of the queue. m.mu is held.
func (m *Model) takeMissed(c client.MissedCaller) {
	if c.State == client.MissedWaiting || c.State == client.MissedTaken {
		m.missed[c.Phone] = c
		return
	}
	delete(m.missed, c.Phone)
}

// reloadMissed takes the whole queue in; what events told since it was asked for is newer.
// m.mu is held.
func (m *Model) reloadMissed(all []client.MissedCaller) {
	m.missed = map[string]client.MissedCaller{}
	for _, c := range all {
		m.takeMissed(c)
	}
	for _, c := range m.missedSince {
		m.takeMissed(c)
	}
}

// MissedCount is how many missed callers nobody has talked with since.
func (m *Model) MissedCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.missed)
}
