// Package flags keeps what people mark in recordings: a word at a moment, or over a part. A flag is seen by
// those who may hear the recording, stands in the feed with its call, is found by its word, and goes with its
// recording when two calls turn out to be one.
package flags

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/call"
	"dozvon/app/server/crm"
	"dozvon/app/server/entry"
	"dozvon/app/server/feed"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/recordings"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// Service sets flags and takes them away. All fields are required. Safe for concurrent use.
type Service struct {
	Store   *store.Store
	Audit   *audit.Log
	Undo    *undo.Offers
	Hearing access.Recordings
	Now     func() time.Time
	NewID   func() string
}

// most bounds how many flags a call may have.
const most = 100

// New returns a service whose offers to take changes back are registered. It takes the fields of s.
func New(s Service) *Service {
	undo.Register(s.Undo, "flags", s.restore, func(was former) string { return audit.CallTarget(was.CallID) })
	return &s
}

// Set sets a flag in a recording that the employee may hear. The same once more, of a request whose answer
// was lost, is the one that stands.
func (s *Service) Set(ctx context.Context, by client.Employee, callID string, in client.NewFlag) (entry.Flag, error) {
	if err := check(&in); err != nil {
		return entry.Flag{}, err
	}
	var out entry.Flag
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := s.heard(tx, by, callID)
		if err != nil {
			return err
		}
		recorded := rec.Facts.View().Recordings
		if in.Part > len(recorded) {
			return recordings.ErrNoRecording
		}
		if most := s.longest(rec.Facts.View(), recorded[in.Part-1]); max(in.FromMS, in.ToMS) > most.Milliseconds() {
			return crm.Wrong("to_ms", texts.Of("fault.after_recording"))
		}
		row := store.FlagRow{CallID: rec.ID, RecordingID: recorded[in.Part-1].ID, Flag: entry.Flag{
			ID: s.NewID(), Part: in.Part, From: time.Duration(in.FromMS) * time.Millisecond, To: time.Duration(in.ToMS) * time.Millisecond,
			Word: in.Word, By: &client.Person{ID: by.ID, Name: by.Name}, At: s.Now().UTC().Truncate(time.Millisecond),
		}}
		all, err := tx.Flags([]string{rec.ID})
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(all[rec.ID], row.Same); at >= 0 {
			out = all[rec.ID][at]
			return nil
		}
		if len(all[rec.ID]) >= most {
			return crm.Wrong("word", texts.Of("fault.many_flags", texts.Args{"most": most}))
		}
		out = row.Flag
		return s.add(ctx, tx, by, row)
	})
	return out, err
}

// Delete takes a flag away; its author and managers may.
func (s *Service) Delete(ctx context.Context, by client.Employee, callID, id string) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := s.heard(tx, by, callID)
		if err != nil {
			return err
		}
		row, err := tx.Flag(id)
		if err != nil {
			return err
		}
		if row.CallID != rec.ID {
			return store.ErrNotFound
		}
		if (row.By == nil || row.By.ID != by.ID) && !access.AtLeast(by.Role, client.RoleManager) {
			return access.NotYours("flag")
		}
		if err := tx.DropFlag(id); err != nil {
			return err
		}
		if err := s.Audit.Write(ctx, tx, by, access.ActionFlagDelete, audit.CallTarget(rec.ID), detail(row)); err != nil {
			return err
		}
		if err := publish(tx, rec.ID); err != nil {
			return err
		}
		return s.Undo.Offer(tx, by, texts.Of("undo.flag_deleted", texts.Args{"word": row.Word}).Both(), undo.Before{Kind: "flags", Was: formerOf(row)})
	})
}

// heard is a call whose recordings the employee may hear.
func (s *Service) heard(tx *store.Tx, by client.Employee, callID string) (store.CallRecord, error) {
	rec, err := tx.Call(callID)
	if err != nil {
		return rec, err
	}
	return rec, s.Hearing.MayOpen(by, rec.Participants)
}

func (s *Service) add(ctx context.Context, tx *store.Tx, by client.Employee, row store.FlagRow) error {
	if err := tx.AddFlag(row); err != nil {
		return err
	}
	if err := s.Audit.Write(ctx, tx, by, access.ActionFlagSet, audit.CallTarget(row.CallID), detail(row)); err != nil {
		return err
	}
	return publish(tx, row.CallID)
}

// publish writes a call's entry anew: the screens hear of it, and the search reads it again.
func publish(tx *store.Tx, callID string) error {
	e, err := tx.Entry(callID)
	if err != nil {
		return err
	}
	return feed.Save(tx, e)
}

// clocksDiffer is how far a recording may go beyond the times that the PBX tells of it.
const clocksDiffer = 10 * time.Second

// longest is how long a recording can be: what the PBX tells of it, or the whole of its call, whichever is longer. A
// recording's own length is known for sure only to who has heard it.
func (s *Service) longest(v call.View, rec call.Recorded) time.Duration {
	ended := v.EndedAt
	if ended.IsZero() {
		ended = s.Now()
	}
	own := time.Duration(0)
	if !rec.Began.IsZero() && rec.Ended.After(rec.Began) {
		own = rec.Ended.Sub(rec.Began)
	}
	return max(ended.Sub(v.StartedAt), own) + clocksDiffer
}

// check tidies a flag that somebody wants to set, and says what is wrong with it.
func check(in *client.NewFlag) error {
	in.Part = max(1, in.Part)
	in.Word = strings.Join(strings.Fields(in.Word), " ")
	odd := plaintext.Odd(in.Word)
	in.Word = plaintext.Line(in.Word)
	var wrong crm.Invalid
	switch {
	case in.Word == "":
		wrong.Add("word", texts.Of("fault.empty"))
	case utf8.RuneCountInString(in.Word) > client.FlagWordMost:
		wrong.Add("word", texts.Of("fault.too_long", texts.Args{"most": client.FlagWordMost}))
	case odd:
		wrong.Add("word", texts.Of("fault.control_characters"))
	}
	if in.ToMS < in.FromMS {
		wrong.Add("to_ms", texts.Of("fault.order"))
	}
	return wrong.OrNil()
}

// detail is what the audit tells of a flag.
func detail(row store.FlagRow) map[string]string {
	out := map[string]string{"word": row.Word}
	if row.Part > 1 {
		out["part"] = strconv.Itoa(row.Part)
	}
	return out
}

// former is a flag that was taken away.
type former struct {
	ID           string    `json:"id"`
	CallID       string    `json:"call_id"`
	RecordingID  string    `json:"recording_id"`
	Part         int       `json:"part"`
	FromMS       int64     `json:"from_ms"`
	ToMS         int64     `json:"to_ms"`
	Word         string    `json:"word"`
	EmployeeID   string    `json:"employee_id,omitempty"`
	EmployeeName string    `json:"employee_name,omitempty"`
	At           time.Time `json:"at"`
}

func formerOf(row store.FlagRow) former {
	f := former{
		ID: row.ID, CallID: row.CallID, RecordingID: row.RecordingID, Part: row.Part, FromMS: row.From.Milliseconds(), ToMS: row.To.Milliseconds(),
		Word: row.Word, At: row.At,
	}
	if row.By != nil {
		f.EmployeeID, f.EmployeeName = row.By.ID, row.By.Name
	}
	return f
}

// restore sets a flag again; its call may be another one by now.
func (s *Service) restore(tx *store.Tx, _ client.Employee, was former) error {
	rec, err := tx.Call(was.CallID)
	if err != nil {
		return err
	}
	if _, err := tx.Flag(was.ID); !errors.Is(err, store.ErrNotFound) {
		return err // it stands already
	}
	row := store.FlagRow{CallID: rec.ID, RecordingID: was.RecordingID, Flag: entry.Flag{
		ID: was.ID, Part: was.Part, From: time.Duration(was.FromMS) * time.Millisecond, To: time.Duration(was.ToMS) * time.Millisecond, Word: was.Word, At: was.At,
	}}
	if was.EmployeeID != "" {
		row.By = &client.Person{ID: was.EmployeeID, Name: was.EmployeeName}
	}
	for i, r := range rec.Facts.View().Recordings {
		if r.ID == was.RecordingID {
			row.Part = i + 1
		}
	}
	if err := tx.AddFlag(row); err != nil {
		return err
	}
	return publish(tx, rec.ID)
}
