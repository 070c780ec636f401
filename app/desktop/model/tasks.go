package model

import (
	"cmp"
	"context"
	"slices"
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
		m.applyTask(t)
	}
	m.mu.Unlock()
	m.changed()
	return nil
}

// applyTask follows a task. m.mu is held.
func (m *Model) applyTask(t client.Task) {
	if t.State != client.TaskOpen {
		delete(m.tasks, t.ID)
		return
	}
	m.tasks[t.ID] = t
}

// Task is a promised call-back, and where it stands.
type Task struct {
	client.Task
	Group TaskGroup
	Mine  bool // this employee will call
}

// Tasks lists the open tasks, group after group, the earliest first.
func (m *Model) Tasks() []Task {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]Task, 0, len(m.tasks))
	for _, t := range m.sortedTasks() {
		out = append(out, Task{t, m.groupOf(t), m.isMine(t)})
	}
	slices.SortStableFunc(out, func(a, b Task) int {
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

func (m *Model) isMine(t client.Task) bool { return t.Assignee != nil && t.Assignee.ID == m.me.ID }

func (m *Model) groupOf(t client.Task) TaskGroup {
	now := m.now()
	switch {
	case !m.isMine(t):
		return TasksGiven
	case t.DueAt == nil:
		return TasksAnytime
	case t.DueAt.Before(now):
		return TasksLate
	case t.DueAt.Before(Midnight(now).AddDate(0, 0, 1)):
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

// reminders are the cards of tasks that must be told of now. None stands there while a call of
// one's own goes on: nobody reads it then. m.mu is held.
func (m *Model) reminders(shown []*tracked) []Card {
	for _, t := range shown {
		if t.state != CardMissed && t.state != CardAnsweredByOther {
			return nil
		}
	}
	var out []Card
	for _, t := range m.sortedTasks() {
		stage := m.taskStage(t)
		if stage == "" || m.told[t.ID] == stage {
			continue
		}
		if out = append(out, Card{Kind: CardOfTask, ID: t.ID, State: CardReminder, Task: t}); len(out) == remindersMost {
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
	case !m.isMine(t):
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

// DismissTask puts a reminder away until the next time it is due.
func (m *Model) DismissTask(id string) {
	m.mu.Lock()
	if t, ok := m.tasks[id]; ok {
		m.told[id] = m.taskStage(t)
	}
	m.mu.Unlock()
	m.changed()
}

// Midnight is the beginning of a day where at is.
func Midnight(at time.Time) time.Time {
	y, m, d := at.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, at.Location())
}
