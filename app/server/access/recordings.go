package access

import (
	"errors"
	"slices"

	"dozvon/client"
)

var (
	// ErrNotYours says that the record concerns neither the employee nor a manager.
	ErrNotYours = errors.New("the record is another employee's")
	// ErrNotParticipant says that the school lets only those who took part in a call, and managers,
	// open it and hear its recording.
	ErrNotParticipant = errors.New("only who took part in the call, and managers, may open it")
)

// NotYours is ErrNotYours of something else than a call: "flag", "note", "task", "undo". The word chooses the sentence.
func NotYours(what string) error { return notYours(what) }

// WhatIsNotYours is the word of NotYours; empty: of none, or of a call.
func WhatIsNotYours(err error) string {
	var what notYours
	errors.As(err, &what)
	return string(what)
}

type notYours string

func (what notYours) Error() string { return "the " + string(what) + " is another employee's" }

func (what notYours) Is(target error) bool { return target == ErrNotYours }

// Recordings tells who may open calls and hear their recordings. The zero value must not be used.
type Recordings struct {
	// ParticipantsOnly tells whether the school keeps recordings to those who took part, and
	// managers. It is asked each time: the school may change its mind.
	ParticipantsOnly func() bool
}

// HearsAll tells whether an employee may hear every recording.
func (r Recordings) HearsAll(by client.Employee) bool {
	return !r.ParticipantsOnly() || AtLeast(by.Role, client.RoleManager)
}

// Hears tells whether an employee may open a call of these participants and hear it. Who took part is
// who they were then: the extension may be another's by now. Whose client the caller is gives no right
// of its own.
func (r Recordings) Hears(by client.Employee, participants []string) bool {
	return r.HearsAll(by) || slices.Contains(participants, by.ID)
}

// MayOpen is Hears as an error: ErrNotParticipant.
func (r Recordings) MayOpen(by client.Employee, participants []string) error {
	if r.Hears(by, participants) {
		return nil
	}
	return ErrNotParticipant
}
