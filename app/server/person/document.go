package person

import "time"

// Document is all that is kept about a person, as person.json has it. Names in it are those of employees alone;
// empty lists and fields are left out.
type Document struct {
	Format   int       `json:"format"` // of this document: 1
	MadeAt   time.Time `json:"made_at"`
	Person   string    `json:"person"` // how the person was asked for: client:ID, contract:ID or number
	Numbers  []string  `json:"numbers,omitempty"`
	Cards    []Card    `json:"cards,omitempty"`
	Calls    []Call    `json:"calls,omitempty"`
	Entries  []Entry   `json:"entries,omitempty"`  // of the feed, that belong to no call
	Tasks    []Task    `json:"tasks,omitempty"`    // promised call-backs
	Waiting  []Waiting `json:"waiting,omitempty"`  // on the list of missed callers
	Requests []Request `json:"requests,omitempty"` // of the PBX, as they came
}

// Card is a client or a contract.
type Card struct {
	Kind        string     `json:"kind"`
	ID          string     `json:"id"`
	Fields      []Field    `json:"fields"`
	Telephones  []Phone    `json:"telephones,omitempty"`
	Responsible string     `json:"responsible,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	DeletedAt   *time.Time `json:"deleted_at,omitempty"`
	MergedInto  string     `json:"merged_into,omitempty"` // the id of the card that took this one over
	History     []Change   `json:"history,omitempty"`
}

// Field is one field of a card that is not empty, by its name in the API.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Phone is one telephone of a card.
type Phone struct {
	Number    string `json:"number,omitempty"` // E.164
	Typed     string `json:"typed,omitempty"`
	Extension string `json:"extension,omitempty"`
	Label     string `json:"label,omitempty"`
}

// Change is a step of a card's history.
type Change struct {
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`
	Action string    `json:"action"`
	Fields []Delta   `json:"fields,omitempty"`
}

// Delta is what a change made of one field.
type Delta struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Call is one telephone call.
type Call struct {
	ID          string      `json:"id"`
	Direction   string      `json:"direction"`
	Result      string      `json:"result,omitempty"`
	State       string      `json:"state"`
	Number      string      `json:"number,omitempty"`
	Line        string      `json:"line,omitempty"`
	StartedAt   time.Time   `json:"started_at"`
	AnsweredAt  *time.Time  `json:"answered_at,omitempty"`
	EndedAt     *time.Time  `json:"ended_at,omitempty"`
	TalkSeconds int         `json:"talk_seconds,omitempty"`
	Course      []Step      `json:"course,omitempty"` // whom it reached
	Digits      string      `json:"digits,omitempty"` // pressed in the voice menu
	Notes       []Entry     `json:"notes,omitempty"`
	Flags       []Flag      `json:"flags,omitempty"`
	Recordings  []Recording `json:"recordings,omitempty"`
}

// Step is one employee whom a call reached.
type Step struct {
	Employee string     `json:"employee,omitempty"`
	From     time.Time  `json:"from"`
	To       *time.Time `json:"to,omitempty"`
	State    string     `json:"state"`
}

// Entry is a note, a message, or that a card was made.
type Entry struct {
	Type     string    `json:"type"`
	At       time.Time `json:"at"`
	By       string    `json:"by,omitempty"`
	Text     string    `json:"text"`
	Outcome  string    `json:"outcome,omitempty"`
	Delivery string    `json:"delivery,omitempty"` // of a message
	Former   []Version `json:"former,omitempty"`   // texts of a note before it was changed
}

// Version is a former text of a note.
type Version struct {
	At   time.Time `json:"at"`
	By   string    `json:"by,omitempty"`
	Text string    `json:"text"`
}

// Flag is a word that was set in a recording, in seconds from its beginning.
type Flag struct {
	Recording int     `json:"recording"` // counted from 1
	From      float64 `json:"from"`
	To        float64 `json:"to"`
	Word      string  `json:"word"`
	By        string  `json:"by,omitempty"`
}

// Recording is one of a call's recordings: a file of the archive, or why it is not in there.
type Recording struct {
	File    string `json:"file,omitempty"`
	Absent  string `json:"absent,omitempty"` // pbx: the PBX has it, or another node; gone: deleted there; pending: not ready yet
	Seconds int    `json:"seconds,omitempty"`

	path string // of the file on this node
}

// Task is a promised call-back.
type Task struct {
	Kind      string     `json:"kind"`
	State     string     `json:"state"`
	Note      string     `json:"note,omitempty"`
	By        string     `json:"by,omitempty"`
	Assignee  string     `json:"assignee,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	DueAt     *time.Time `json:"due_at,omitempty"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
}

// Waiting is a place on the list of missed callers.
type Waiting struct {
	Number  string    `json:"number"`
	State   string    `json:"state"`
	FirstAt time.Time `json:"first_at"`
	LastAt  time.Time `json:"last_at"`
	Calls   int       `json:"calls"`
}

// Request is one request of the PBX. Other people's numbers in it are hidden.
type Request struct {
	At      time.Time `json:"at"`
	Payload string    `json:"payload"`
}
