package client

import (
	"encoding/json"
	"time"
)

// Phone is one number of a card.
type Phone struct {
	// Number is in E.164; empty when what was typed could not be read as a number.
	Number string `json:"number,omitempty"`
	// Typed is what was written, when it could not be read: it is kept, but nobody can be called by it.
	Typed string `json:"typed,omitempty"`
	// Ext is an extension behind the number, digits.
	Ext   string `json:"ext,omitempty"`
	Label string `json:"label,omitempty" maxLength:"60" doc:"Whose number, e.g. the wife's"`
}

// UnmarshalJSON also reads a bare string, as cards were kept before numbers had labels.
func (p *Phone) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		*p = Phone{}
		return json.Unmarshal(raw, &p.Number)
	}
	type plain Phone
	return json.Unmarshal(raw, (*plain)(p))
}

// Statuses of a client's card, in the order in which a client goes through them.
const (
	StatusNew       = "new"
	StatusContacted = "contacted"
	StatusThinking  = "thinking"
	StatusEnrolled  = "enrolled"
	StatusRefused   = "refused"
)

// Statuses of a contract; a lookup finds the active ones first.
const (
	StatusActive    = "active"
	StatusFinished  = "finished"
	StatusCancelled = "cancelled"
)

// Removed tells of a card that was deleted; it can be restored.
type Removed struct {
	DeletedAt  *time.Time  `json:"deleted_at,omitempty"`
	MergedInto *SubjectRef `json:"merged_into,omitempty" doc:"The card that took this one over"`
}

// Merge joins another card of the same kind into this one.
type Merge struct {
	From string `json:"from" minLength:"1" doc:"Id of the card that is taken over and deleted"`
}

// Change is one step of a card's history.
type Change struct {
	ID     string       `json:"id"`
	At     time.Time    `json:"at"`
	By     *Person      `json:"by,omitempty"`
	Action string       `json:"action" doc:"created, changed, deleted, restored, merged, imported, synced or undone"`
	Fields []FieldDelta `json:"fields"`
}

// FieldDelta is what became of one field.
type FieldDelta struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Undo is something that the employee did a moment ago and may take back.
type Undo struct {
	ID     string    `json:"id"`
	Text   string    `json:"text"`
	TextEN string    `json:"text_en"`
	Until  time.Time `json:"until"`
}

// NoteVersion is a former text of a note.
type NoteVersion struct {
	Version int       `json:"version"`
	At      time.Time `json:"at" doc:"When this text was written"`
	By      *Person   `json:"by,omitempty"`
	Text    string    `json:"text"`
}
