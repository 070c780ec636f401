package present

import (
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// TaskRow is one promised call-back ready for the screen.
type TaskRow struct {
	ID, Phone   string
	Subject     *client.Subject
	CallID      string // of the call that it is about; empty: of none
	Playable    bool   // that call has a recording
	Group       model.TaskGroup
	Name, About string
	Note        string
	Who         string // who asked, or who will call
	When        string
}

// Tasks puts the open tasks in words.
func Tasks(m *model.Model, text *i18n.Text, now time.Time) []TaskRow {
	tasks := m.Tasks()
	out := make([]TaskRow, 0, len(tasks))
	for _, t := range tasks {
		out = append(out, taskRow(t.Task, t.Mine, t.Group, text, now))
	}
	return out
}

func taskRow(t client.Task, mine bool, group model.TaskGroup, text *i18n.Text, now time.Time) TaskRow {
	pretty := ""
	if t.Phone != "" {
		pretty = PrettyPhone(t.Phone, text)
	}
	row := TaskRow{
		ID: t.ID, Phone: t.Phone, Subject: t.Subject, CallID: t.CallID, Note: t.Note, Name: pretty,
		Playable: t.Recording != nil && t.Recording.Ready, Group: group,
	}
	if t.Subject != nil {
		row.Name, row.About = t.Subject.Name, joined(SubjectDetail(*t.Subject, text), pretty)
	}
	if row.Name == "" {
		row.Name, row.Note = t.Note, ""
	}
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
