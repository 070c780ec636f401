// Package form holds how records are kept: the JSON of the columns that hold more than one value.
// The API's types carry the same facts to programs, and each may change without the other: a field
// that the API renames keeps its name in the database, and what former versions wrote is read.
//
// Every form has a version, V. Rows without one are of version 1, as 0.1 to 0.5 wrote them. A form
// whose meaning changes gets a new version and goes on reading the old ones.
package form

import (
	"encoding/json"
	"fmt"

	"dozvon/client"
)

// version is that of the rows that are written now.
const version = 1

// readable refuses what a newer program wrote in a form that this one does not know.
func readable(what string, v int) error {
	if v > version {
		return fmt.Errorf("reading %s: its form %d is newer than this program, which knows %d", what, v, version)
	}
	return nil
}

// encode is json.Marshal with the name of what it was about.
func encode(what string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encoding %s: %w", what, err)
	}
	return string(raw), nil
}

func decode(what, raw string, v any) error {
	if err := json.Unmarshal([]byte(raw), v); err != nil {
		return fmt.Errorf("reading %s: %w", what, err)
	}
	return nil
}

// each turns every element of a list; nil stays nil.
func each[A, B any](all []A, turn func(A) B) []B {
	if all == nil {
		return nil
	}
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = turn(a)
	}
	return out
}

// perhaps turns what is there.
func perhaps[A, B any](a *A, turn func(A) B) *B {
	if a == nil {
		return nil
	}
	b := turn(*a)
	return &b
}

// person is an employee as a record names them: their name as it was then.
type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func personOf(p client.Person) person { return person{p.ID, p.Name} }

func (p person) wire() client.Person { return client.Person{ID: p.ID, Name: p.Name} }

// Ref points at a client or contract.
type Ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// RefOf is what is kept of a reference.
func RefOf(r client.SubjectRef) Ref { return Ref{string(r.Kind), r.ID} }

// Ref is the reference that was kept.
func (r Ref) Ref() client.SubjectRef {
	return client.SubjectRef{Kind: client.SubjectKind(r.Kind), ID: r.ID}
}

// subject is whose a call was.
type subject struct {
	Kind        string  `json:"kind"`
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Detail      string  `json:"detail,omitempty"`
	DetailEN    string  `json:"detail_en,omitempty"`
	Responsible *person `json:"responsible,omitempty"`
	Status      string  `json:"status,omitempty"`
}

func subjectOf(s client.Subject) subject {
	return subject{string(s.Kind), s.ID, s.Name, s.Detail, s.DetailEN, perhaps(s.Responsible, personOf), s.Status}
}

func (s subject) wire() client.Subject {
	return client.Subject{
		Kind: client.SubjectKind(s.Kind), ID: s.ID, Name: s.Name, Detail: s.Detail, DetailEN: s.DetailEN,
		Responsible: perhaps(s.Responsible, person.wire), Status: s.Status,
	}
}

// recording sums up a call's recordings.
type recording struct {
	Ready   bool `json:"ready"`
	Seconds int  `json:"seconds,omitempty"`
}

func recordingOf(r client.Recording) recording { return recording{r.Ready, r.Seconds} }

func (r recording) wire() client.Recording {
	return client.Recording{Ready: r.Ready, Seconds: r.Seconds}
}

// part is one of a call's recordings.
type part struct {
	Part      int     `json:"part"`
	Ready     bool    `json:"ready"`
	Gone      bool    `json:"gone,omitempty"`
	Seconds   int     `json:"seconds,omitempty"`
	Extension string  `json:"extension,omitempty"`
	Employee  *person `json:"employee,omitempty"`
}

func partOf(p client.RecordingPart) part {
	return part{p.Part, p.Ready, p.Gone, p.Seconds, p.Extension, perhaps(p.Employee, personOf)}
}

func (p part) wire() client.RecordingPart {
	return client.RecordingPart{
		Part: p.Part, Ready: p.Ready, Gone: p.Gone, Seconds: p.Seconds, Extension: p.Extension, Employee: perhaps(p.Employee, person.wire),
	}
}
