package client

import "time"

// MissedState is where a missed caller stands.
type MissedState string

// States of a missed caller: nobody has cared yet, somebody took it, a talk settled it, somebody
// said that no call-back is needed.
const (
	MissedWaiting   MissedState = "waiting"
	MissedTaken     MissedState = "taken"
	MissedSettled   MissedState = "settled"
	MissedDismissed MissedState = "dismissed"
)

// MissedCaller is one row of the queue of missed calls: a caller, not a call.
type MissedCaller struct {
	Phone   string      `json:"phone"`
	State   MissedState `json:"state" enum:"waiting,taken,settled,dismissed"`
	Subject *Subject    `json:"subject"`
	// Rings counts the tries since the last talk; short ones right after each other are one.
	Rings    int        `json:"rings"`
	FirstAt  time.Time  `json:"first_at"`
	LastAt   time.Time  `json:"last_at"`
	RedAt    *time.Time `json:"red_at,omitempty" doc:"When it has waited for too long"`
	Line     string     `json:"line,omitempty"`
	LineName string     `json:"line_name,omitempty"`
	TakenBy  *Person    `json:"taken_by,omitempty"`
	TakenAt  *time.Time `json:"taken_at,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	ClosedBy *Person    `json:"closed_by,omitempty" doc:"Who talked with the caller, or said that no call-back is needed"`
	CallID   string     `json:"call_id,omitempty" doc:"The talk that settled it"`
	Reason   string     `json:"reason,omitempty" doc:"Why no call-back is needed"`
}

// DismissMissed says why a missed caller needs no call-back.
type DismissMissed struct {
	Reason string `json:"reason,omitempty" maxLength:"300"`
}

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
}

// TaskChange finishes a task or puts it off; absent fields stay.
type TaskChange struct {
	Done  *bool      `json:"done,omitempty"`
	DueAt *time.Time `json:"due_at,omitempty"`
}
