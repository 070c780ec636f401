package model

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dozvon/client"
)

// TaskGroup is where a task stands on the page of tasks.
type TaskGroup string

// The groups, in the order of the page.
const (
	TasksLate    TaskGroup = "late"
	TasksToday   TaskGroup = "today"
	TasksAnytime TaskGroup = "anytime" // a colleague asked, without saying when
	TasksLater   TaskGroup = "later"
	TasksGiven   TaskGroup = "given" // others will call
)

var taskGroups = []TaskGroup{TasksLate, TasksToday, TasksAnytime, TasksLater, TasksGiven}

// TaskRow is one promised call-back ready for the screen.
type TaskRow struct {
	ID, Phone   string
	Subject     *client.Subject
	CallID      string // of the call that it is about; empty: of none
	Playable    bool   // that call has a recording
	Group       TaskGroup
	Name, About string
	Note        string
	Who         string // who asked, or who will call
	When        string
}

// TaskAbout is what a new task is about; all of it may be empty.
type TaskAbout struct {
	Phone   string
	Subject *client.Subject
	CallID  string
	Note    string // what stands in the note at first
}

// TaskSource is what the model reads tasks from.
type TaskSource interface {
	Tasks(ctx context.Context) ([]client.Task, error)
}

// ReloadTasks reads the tasks anew: at start, after a lost connection and on reset.
func (m *Model) ReloadTasks(ctx context.Context, from TaskSource) error {
	m.mu.Lock()
	m.tasksSince = nil
	m.mu.Unlock()
	all, err := from.Tasks(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.tasks = map[string]client.Task{}
	for _, t := range append(all, m.tasksSince...) {
		m.takeTask(t)
	}
	m.mu.Unlock()
	m.changed()
	return nil
}

// takeTask follows a task. m.mu is held.
func (m *Model) takeTask(t client.Task) {
	if t.State != client.TaskOpen {
		delete(m.tasks, t.ID)
		return
	}
	m.tasks[t.ID] = t
}

// Tasks lists the open tasks, group after group, the earliest first.
func (m *Model) Tasks() []TaskRow {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]TaskRow, 0, len(m.tasks))
	for _, t := range m.sortedTasks() {
		out = append(out, m.taskRow(t))
	}
	slices.SortStableFunc(out, func(a, b TaskRow) int {
		return cmp.Compare(slices.Index(taskGroups, a.Group), slices.Index(taskGroups, b.Group))
	})
	return out
}

// sortedTasks are the open tasks by the time they are due. m.mu is held.
func (m *Model) sortedTasks() []client.Task {
	out := make([]client.Task, 0, len(m.tasks))
	for _, t := range m.tasks {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b client.Task) int {
		return cmp.Or(dueOf(a).Compare(dueOf(b)), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func dueOf(t client.Task) time.Time {
	if t.DueAt != nil {
		return *t.DueAt
	}
	return t.At
}

func (m *Model) taskRow(t client.Task) TaskRow {
	text, now := m.text, m.now()
	pretty := ""
	if t.Phone != "" {
		pretty = PrettyPhone(t.Phone, text)
	}
	row := TaskRow{
		ID: t.ID, Phone: t.Phone, Subject: t.Subject, CallID: t.CallID, Note: t.Note, Name: pretty,
		Playable: t.Recording != nil && t.Recording.Ready, Group: m.groupOf(t),
	}
	if t.Subject != nil {
		row.Name, row.About = t.Subject.Name, joined(SubjectDetail(*t.Subject, text), pretty)
	}
	if row.Name == "" {
		row.Name, row.Note = t.Note, ""
	}
	mine := m.mineTask(t)
	switch {
	case !mine && t.Assignee != nil:
		row.Who = text.T("task.will", "name", ShortName(t.Assignee.Name))
	case t.Kind == client.TaskCallback && t.By != nil:
		row.Who = text.T("task.asked", "name", ShortName(t.By.Name))
	}
	if t.DueAt != nil {
		row.When = text.Moment(*t.DueAt, now)
	}
	return row
}

func (m *Model) mineTask(t client.Task) bool { return t.Assignee != nil && t.Assignee.ID == m.me.ID }

func (m *Model) groupOf(t client.Task) TaskGroup {
	now := m.now()
	switch {
	case !m.mineTask(t):
		return TasksGiven
	case t.DueAt == nil:
		return TasksAnytime
	case t.DueAt.Before(now):
		return TasksLate
	case t.DueAt.Before(midnight(now).AddDate(0, 0, 1)):
		return TasksToday
	}
	return TasksLater
}

// TaskCount is how many tasks of one's own wait now: late ones, and what colleagues asked for.
func (m *Model) TaskCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, t := range m.tasks {
		if g := m.groupOf(t); g == TasksLate || g == TasksAnytime {
			n++
		}
	}
	return n
}

// taskCard is the prefix of a card's id that is no call but a task.
const taskCard = "task:"

// TaskOf is the task of a card; false for the card of a call.
func TaskOf(cardID string) (string, bool) { return strings.CutPrefix(cardID, taskCard) }

// reminders are the cards of tasks that must be told of now. None stands there while a call of
// one's own goes on: nobody reads it then. m.mu is held.
func (m *Model) reminders(shown []*tracked) []Card {
	for _, t := range shown {
		if t.state != CardMissed && t.state != CardElsewhere {
			return nil
		}
	}
	var out []Card
	for _, t := range m.sortedTasks() {
		stage := m.taskStage(t)
		if stage == "" || m.told[t.ID] == stage {
			continue
		}
		if out = append(out, m.reminder(t)); len(out) == remindersMost {
			break
		}
	}
	return out
}

// remindersMost is how many reminders stand on the screen at once.
const remindersMost = 2

// taskStage is what is to be told of a task now; empty: nothing yet. Each is told once.
func (m *Model) taskStage(t client.Task) string {
	switch {
	case !m.mineTask(t):
		return ""
	case t.DueAt != nil && !t.DueAt.After(m.now()):
		return "due " + t.DueAt.UTC().Format(time.RFC3339)
	case t.Kind == client.TaskCallback:
		return "asked"
	}
	return ""
}

// tasksMoved tells whether time alone has changed where a task stands. m.mu is held.
func (m *Model) tasksMoved() bool {
	now, moved := m.now(), false
	for _, t := range m.tasks {
		if t.DueAt != nil && t.DueAt.After(m.ticked) && !t.DueAt.After(now) {
			moved = true
		}
	}
	m.ticked = now
	return moved
}

// dismissTask puts a reminder away until the next time it is due. m.mu is held.
func (m *Model) dismissTask(id string) {
	if t, ok := m.tasks[id]; ok {
		m.told[id] = m.taskStage(t)
	}
}

func (m *Model) reminder(t client.Task) Card {
	text := m.text
	row := m.taskRow(t)
	card := Card{
		CallID: taskCard + t.ID, State: CardReminder, Heading: text.T("task.reminder"), Phone: t.Phone, Subject: t.Subject,
		Title: row.Name, Subtitle: row.About, Note: row.Note, Known: true, Initials: "✓", Playable: row.Playable, About: t.CallID,
	}
	if t.Kind == client.TaskCallback && t.By != nil {
		card.Heading = text.T("task.asks", "name", ShortName(t.By.Name))
	}
	if t.DueAt != nil {
		card.Aside = row.When
	}
	if t.Subject != nil {
		card.Initials = Initials(t.Subject.Name)
	}
	if t.Phone != "" {
		card.Chat = m.school.WhatsApp && WhatsAppLink(t.Phone) != ""
		card.Acts = append(card.Acts, ActCallBack)
	}
	card.Acts = append(card.Acts, ActSnooze, ActDone)
	return card
}
