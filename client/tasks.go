package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Task is a promised call-back: a reminder to oneself, or a call handed to a colleague.
type Task struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind" enum:"reminder,callback"`
	State    string     `json:"state" enum:"open,done"`
	Phone    string     `json:"phone,omitempty"`
	Subject  *Subject   `json:"subject"`
	CallID   string     `json:"call_id,omitempty"`
	Note     string     `json:"note,omitempty"`
	By       *Person    `json:"by,omitempty"`
	Assignee *Person    `json:"assignee,omitempty"`
	At       time.Time  `json:"created_at"`
	DueAt    *time.Time `json:"due_at,omitempty"`
	DoneAt   *time.Time `json:"done_at,omitempty"`
	DoneBy   *Person    `json:"done_by,omitempty"`
	// Recording tells of the recording of the call that the task is tied to.
	Recording *Recording `json:"recording,omitempty"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
}

// Kinds and states of a task.
const (
	TaskReminder = "reminder"
	TaskCallback = "callback"
	TaskOpen     = "open"
	TaskDone     = "done"
)

// NewTask makes a reminder or hands a call to a colleague.
type NewTask struct {
	Phone      string      `json:"phone,omitempty" maxLength:"64"`
	Subject    *SubjectRef `json:"subject,omitempty"`
	CallID     string      `json:"call_id,omitempty"`
	Note       string      `json:"note,omitempty" maxLength:"4000"`
	AssigneeID string      `json:"assignee_id,omitempty" doc:"Empty: oneself"`
	DueAt      *time.Time  `json:"due_at,omitempty"`
	InsteadOf  string      `json:"instead_of,omitempty" maxLength:"64" doc:"An open task of one's own, which the new one takes the place of"`
}

// TaskChange finishes a task or puts it off; absent fields stay.
type TaskChange struct {
	Done  *bool      `json:"done,omitempty"`
	DueAt *time.Time `json:"due_at,omitempty"`
}

// Tasks lists one's tasks, and those one gave away.
func (a *API) Tasks(ctx context.Context) ([]Task, error) {
	page, err := send[Page[Task]](ctx, a, http.MethodGet, "/tasks", nil)
	return page.Items, err
}

// AddTask makes a reminder, or asks a colleague to call back.
func (a *API) AddTask(ctx context.Context, in NewTask) (Task, error) {
	return send[Task](ctx, a, http.MethodPost, "/tasks", in)
}

// ChangeTask finishes a task or puts it off.
func (a *API) ChangeTask(ctx context.Context, id string, in TaskChange) (Task, error) {
	return send[Task](ctx, a, http.MethodPatch, "/tasks/"+url.PathEscape(id), in)
}
