package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/app/phone"
	"dozvon/client"
)

// TaskRow is a promised call-back, as it is kept.
type TaskRow struct {
	ID        string            `json:"id"`
	Kind      string            `json:"kind"`
	State     string            `json:"state"`
	Phone     string            `json:"phone"`
	Subject   client.SubjectRef `json:"-"`
	CallID    string            `json:"call_id"`
	Note      string            `json:"note"`
	CreatedBy string            `json:"created_by"`
	Assignee  string            `json:"assignee"`
	CreatedAt time.Time         `json:"created_at"`
	DueAt     time.Time         `json:"due_at"`
	DoneAt    time.Time         `json:"done_at"`
	DoneBy    string            `json:"done_by"`
	DoneCall  string            `json:"done_call"`
}

const taskColumns = `
  id,
  kind,
  state,
  phone,
  subject_kind,
  subject_id,
  call_id,
  note,
  created_by,
  assignee,
  created_at,
  due_at,
  done_at,
  done_by,
  done_call`

func scanTask(row scanner) (TaskRow, error) {
	var r TaskRow
	var created, due, done int64
	err := row.Scan(
		&r.ID,
		&r.Kind,
		&r.State,
		&r.Phone,
		&r.Subject.Kind,
		&r.Subject.ID,
		&r.CallID,
		&r.Note,
		&r.CreatedBy,
		&r.Assignee,
		&created,
		&due,
		&done,
		&r.DoneBy,
		&r.DoneCall,
	)
	r.CreatedAt, r.DueAt, r.DoneAt = momentOf(created), momentOf(due), momentOf(done)
	return r, err
}

// SaveTask creates or changes a task.
func (t *Tx) SaveTask(r TaskRow) error {
	err := t.put("tasks", "id", columns{
		{"id", r.ID},
		{"kind", once{r.Kind}},
		{"state", r.State},
		{"phone", once{r.Phone}},
		{"subject_kind", r.Subject.Kind},
		{"subject_id", r.Subject.ID},
		{"call_id", once{r.CallID}},
		{"note", once{r.Note}},
		{"created_by", once{r.CreatedBy}},
		{"assignee", once{r.Assignee}},
		{"created_at", once{milliOf(r.CreatedAt)}},
		{"due_at", milliOf(r.DueAt)},
		{"done_at", milliOf(r.DoneAt)},
		{"done_by", r.DoneBy},
		{"done_call", r.DoneCall},
	})
	if err != nil {
		return fmt.Errorf("saving task %s: %w", r.ID, err)
	}
	return nil
}

// Task reads one; ErrNotFound.
func (t *Tx) Task(id string) (TaskRow, error) {
	r, err := scanTask(t.row("SELECT "+taskColumns+" FROM tasks WHERE id = ?", id))
	return r, missing(err, "task "+id)
}

// tasksAtOnce bounds how many tasks are listed: nobody has more open ones.
const tasksAtOnce = 500

const tasksOf = `
SELECT ` + taskColumns + `
FROM   tasks
WHERE  state = ? AND (CAST(? AS TEXT) = '' OR assignee = ? OR created_by = ?)
ORDER  BY due_at, created_at, id
LIMIT  ?`

// Tasks lists tasks in a state that are an employee's, or that they gave away; an empty employee
// lists everybody's. The next due first.
func (s *Store) Tasks(ctx context.Context, state, employeeID string) ([]TaskRow, error) {
	rows, err := s.reads(ctx).query(tasksOf,
		state, employeeID, employeeID, employeeID, tasksAtOnce)
	if err != nil {
		return nil, fmt.Errorf("listing tasks: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (TaskRow, error) { return scanTask(rows) })
}

// OpenTasksOf lists the open tasks of a number, oldest first.
func (t *Tx) OpenTasksOf(number phone.Number) ([]TaskRow, error) { return openTasksOf(t, number) }

// OpenTasksOf lists the open tasks of a number, oldest first.
func (s *Store) OpenTasksOf(ctx context.Context, number phone.Number) ([]TaskRow, error) {
	return openTasksOf(s.reads(ctx), number)
}

func openTasksOf(r reader, number phone.Number) ([]TaskRow, error) {
	if number == "" {
		return nil, nil
	}
	rows, err := r.query("SELECT "+taskColumns+" FROM tasks WHERE phone = ? AND state = 'open' ORDER BY created_at, id", string(number))
	if err != nil {
		return nil, fmt.Errorf("reading the tasks of %s: %w", number.Masked(), err)
	}
	return collect(rows, func(rows *sql.Rows) (TaskRow, error) { return scanTask(rows) })
}
