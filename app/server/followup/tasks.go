package followup

import (
	"context"
	"errors"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/app/server/store/form"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// AddTask makes a reminder for oneself, or hands a call to a colleague: the client's next call goes
// to them until it is done.
func (s *Service) AddTask(ctx context.Context, by client.Employee, in client.NewTask) (client.Task, error) {
	var out client.Task
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		row, err := s.newTask(tx, by, in)
		if err != nil {
			return err
		}
		former, err := s.replaced(tx, by, in.InsteadOf)
		if err != nil {
			return err
		}
		out, err = s.addTask(tx, by, row, former...)
		return err
	})
	return out, err
}

func (s *Service) addTask(tx *store.Tx, by client.Employee, row store.TaskRow, former ...store.TaskRow) (client.Task, error) {
	if err := s.saveTask(tx, row); err != nil {
		return client.Task{}, err
	}
	given, err := s.giveMissed(tx, by, row)
	if err != nil {
		return client.Task{}, err
	}
	// Taking it back is finishing it: a task that nobody wanted is no open task.
	undone := row
	undone.State, undone.DoneAt, undone.DoneBy = client.TaskDone, s.Now().UTC(), by.ID
	text := texts.Of("undo.reminder_set")
	if row.Kind == client.TaskCallback {
		text = texts.Of("undo.callback_asked", texts.Args{"name": s.Directory.EmployeeName(row.Assignee)})
	}
	if err := s.Undo.Offer(tx, by, text.Both(), append(given, undoTasks(append(former, undone)...))...); err != nil {
		return client.Task{}, err
	}
	task, participants, err := s.viewOf(tx.Cards, tx.Call, row)
	s.hideTaskRecording(by, &task, participants)
	return task, err
}

func (s *Service) newTask(tx *store.Tx, by client.Employee, in client.NewTask) (store.TaskRow, error) {
	row := store.TaskRow{
		ID: s.NewID(), Kind: client.TaskReminder, State: client.TaskOpen, CallID: in.CallID, Note: plaintext.Text(in.Note),
		CreatedBy: by.ID, Assignee: by.ID, CreatedAt: s.Now().UTC(),
	}
	bad := &crm.Invalid{}
	if in.AssigneeID != "" && in.AssigneeID != by.ID {
		row.Kind, row.Assignee = client.TaskCallback, in.AssigneeID
		if e, err := tx.Employee(in.AssigneeID); err != nil {
			bad.Add("assignee_id", texts.Of("fault.no_employee"))
		} else if !e.Active {
			bad.Add("assignee_id", texts.Of("fault.employee_off"))
		}
	}
	if in.DueAt != nil {
		row.DueAt = in.DueAt.UTC()
	} else if row.Kind == client.TaskReminder {
		bad.Add("due_at", texts.Of("fault.reminder_time"))
	}
	if in.Phone != "" {
		n, err := s.Directory.Numbers().Parse(in.Phone)
		if err != nil {
			return row, err
		}
		row.Phone = string(n)
	}
	if in.Subject != nil {
		row.Subject = *in.Subject
	}
	if in.CallID != "" {
		rec, err := tx.Call(in.CallID)
		if err != nil {
			return row, err
		}
		if row.Phone == "" {
			row.Phone = rec.View.Phone
		}
		if row.Subject.ID == "" {
			row.Subject = rec.Subject
		}
	}
	if row.Subject.ID == "" && row.Phone == "" && row.Note == "" {
		bad.Add("phone", texts.Of("fault.whom_or_note"))
	}
	if row.Phone != "" && row.Subject.ID == "" {
		matches, err := subject.Lookup(tx, phone.Number(row.Phone))
		if err != nil {
			return row, err
		}
		_, row.Subject = subject.First(matches)
	}
	if row.Phone == "" && row.Subject.ID != "" {
		card, err := subject.Living(tx, row.Subject)
		if err != nil {
			return row, err
		}
		if numbers := card.Numbers(); len(numbers) > 0 {
			row.Phone = numbers[0]
		}
	}
	return row, bad.OrNil()
}

// taskTag is the ETag of what can be changed of a task.
func taskTag(row store.TaskRow) string {
	return revision.Of([]any{row.State, row.DueAt.UnixMilli(), row.DoneAt.UnixMilli(), row.DoneBy})
}

// saveTask writes a task and publishes it to those who take part in it.
func (s *Service) saveTask(tx *store.Tx, row store.TaskRow) error {
	if err := tx.SaveTask(row); err != nil {
		return err
	}
	task, participants, err := s.viewOf(tx.Cards, tx.Call, row)
	if err != nil {
		return err
	}
	audience := stream.Callers([]string{row.Assignee, row.CreatedBy})
	if task.Recording != nil {
		audience = stream.Heard(audience, participants)
	}
	return tx.Journal("task", audience, task)
}

// viewOf makes of a row what travels, and says who took part in the call it is tied to.
func (s *Service) viewOf(read subject.ReadCards, callOf func(string) (store.CallRecord, error), row store.TaskRow) (t client.Task, participants []string, err error) {
	dir := s.Directory
	t = client.Task{
		ID: row.ID, Kind: row.Kind, State: row.State, Phone: row.Phone, CallID: row.CallID, Note: row.Note,
		By: dir.Person(row.CreatedBy), Assignee: dir.Person(row.Assignee), At: row.CreatedAt, DueAt: moment(row.DueAt),
		DoneAt: moment(row.DoneAt), DoneBy: dir.Person(row.DoneBy), ETag: taskTag(row),
	}
	known, err := subject.Resolve(read, []client.SubjectRef{row.Subject})
	if err != nil {
		return t, nil, err
	}
	if who, ok := known[row.Subject]; ok {
		t.Subject = &who
	}
	if row.CallID != "" {
		rec, err := callOf(row.CallID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return t, nil, err
		}
		t.Recording, participants = rec.View.Recording, rec.Participants
	}
	return t, participants, nil
}

// Tasks lists an employee's tasks and those they gave away; managers may ask for everybody's.
func (s *Service) Tasks(ctx context.Context, by client.Employee, state string, everybody bool) ([]client.Task, error) {
	whose := by.ID
	if everybody && access.AtLeast(by.Role, client.RoleManager) {
		whose = ""
	}
	rows, err := s.Store.Tasks(ctx, state, whose)
	if err != nil {
		return nil, err
	}
	out := make([]client.Task, 0, len(rows))
	for _, row := range rows {
		t, participants, err := s.viewOf(subject.Cards(ctx, s.Store), func(id string) (store.CallRecord, error) { return s.Store.Call(ctx, id) }, row)
		if err != nil {
			return nil, err
		}
		s.hideTaskRecording(by, &t, participants)
		out = append(out, t)
	}
	return out, nil
}

// ChangeTask finishes a task, opens it again, or puts it off.
func (s *Service) ChangeTask(ctx context.Context, by client.Employee, id string, in client.TaskChange) (client.Task, error) {
	var out client.Task
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.Task(id)
		if err != nil {
			return err
		}
		if by.ID != row.Assignee && by.ID != row.CreatedBy && !access.AtLeast(by.Role, client.RoleManager) {
			return access.NotYours("task")
		}
		if err := tx.CheckRecord(ctx, taskRecord(id), taskTag(row)); err != nil {
			return err
		}
		before := row
		text := texts.Of("undo.task_put_off")
		if in.DueAt != nil {
			row.DueAt = in.DueAt.UTC()
		}
		if in.Done != nil {
			row.State, row.DoneAt, row.DoneBy = client.TaskOpen, time.Time{}, ""
			text = texts.Of("undo.task_reopened")
			if *in.Done {
				row.State, row.DoneAt, row.DoneBy = client.TaskDone, s.Now().UTC(), by.ID
				text = texts.Of("undo.task_done")
			}
		}
		if err := s.saveTask(tx, row); err != nil {
			return err
		}
		if err := tx.NoteChange(taskRecord(id), by); err != nil {
			return err
		}
		var participants []string
		if out, participants, err = s.viewOf(tx.Cards, tx.Call, row); err != nil {
			return err
		}
		s.hideTaskRecording(by, &out, participants)
		return s.Undo.Offer(tx, by, text.Both(), undoTasks(before))
	})
	return out, err
}

// finishTasks closes the tasks of a number once their employee has talked with it.
func (s *Service) finishTasks(tx *store.Tx, rec store.CallRecord) error {
	if rec.View.Phone == "" || rec.View.Employee == nil {
		return nil
	}
	tasks, err := tx.OpenTasksOf(phone.Number(rec.View.Phone))
	if err != nil {
		return err
	}
	for _, row := range tasks {
		if row.Assignee != rec.View.Employee.ID || row.CallID == rec.ID {
			continue
		}
		row.State, row.DoneAt, row.DoneBy, row.DoneCall = client.TaskDone, s.Now().UTC(), rec.View.Employee.ID, rec.ID
		if err := s.saveTask(tx, row); err != nil {
			return err
		}
	}
	return nil
}

// AskedFor is the employee who was asked to call a number back; empty when nobody was.
func (s *Service) AskedFor(ctx context.Context, number phone.Number) (string, error) {
	tasks, err := s.Store.OpenTasksOf(ctx, number)
	if err != nil {
		return "", err
	}
	for _, row := range tasks {
		if row.Kind == client.TaskCallback {
			return row.Assignee, nil
		}
	}
	return "", nil
}

// hideTaskRecording leaves the recording out of a task for who may not hear it.
func (s *Service) hideTaskRecording(by client.Employee, t *client.Task, participants []string) {
	if t.Recording != nil && !s.Hearing.Hears(by, participants) {
		t.Recording = nil
	}
}

func undoTasks(was ...store.TaskRow) undo.Before {
	former := make([]formerTask, len(was))
	for i, row := range was {
		former[i] = formerTask{row, form.RefOf(row.Subject)}
	}
	return undo.Before{Kind: "tasks", Was: former}
}

// formerTask is a task as it was.
type formerTask struct {
	store.TaskRow
	Subject form.Ref `json:"subject"`
}

// restoreTasks puts tasks back as they were.
func (s *Service) restoreTasks(tx *store.Tx, _ client.Employee, was []formerTask) error {
	for _, former := range was {
		row := former.TaskRow
		row.Subject = former.Subject.Ref()
		if err := s.saveTask(tx, row); err != nil {
			return err
		}
	}
	return nil
}
