package followup

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"dozvon/app/bilingual"
	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/entry"
	"dozvon/app/server/feed"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/app/server/wire"
	"dozvon/client"
)

// AddNote writes a note on a contract or client.
func (s *Service) AddNote(ctx context.Context, by client.Employee, in client.NewNote) (entry.Entry, error) {
	if in.Text = plaintext.Text(in.Text); in.Text == "" {
		return entry.Entry{}, crm.Wrong("text", texts.Of("fault.empty"))
	}
	var out entry.Entry
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		request := in.NoteID
		if request != "" {
			request = "card\n" + request // a call's note may have the same
		}
		id, written, err := s.noteOf(tx, by, in.Subject.ID, request)
		if err != nil || written != nil {
			if written != nil {
				out = *written
			}
			return err
		}
		who, err := subject.Of(tx, in.Subject)
		if err != nil {
			return err
		}
		out = feed.Note(id, s.Now().UTC(), client.Person{ID: by.ID, Name: by.Name}, &who, in.Text)
		return feed.Save(tx, out)
	})
	return out, err
}

// NoteCall writes a note, an outcome or both during a call or after it: an entry of its own in the
// feed, tied to the call. A time to call back makes a reminder.
func (s *Service) NoteCall(ctx context.Context, by client.Employee, id string, in client.CallNote) (entry.Entry, error) {
	in.Text, in.Outcome = plaintext.Text(in.Text), plaintext.Line(in.Outcome)
	if in.Text == "" && in.Outcome == "" && in.CallBackAt == nil {
		return entry.Entry{}, crm.Wrong("text", texts.Of("fault.note_or_outcome"))
	}
	if in.CallBackAt != nil && in.Outcome == "" {
		in.Outcome = "call_back"
	}
	var out entry.Entry
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := tx.Call(id)
		if err != nil {
			return err
		}
		if err := s.Hearing.MayOpen(by, rec.Participants); err != nil {
			return err
		}
		if err := s.Calls.Refresh(tx, &rec); err != nil {
			return err
		}
		id, written, err := s.noteOf(tx, by, rec.ID, in.NoteID)
		if err != nil || written != nil {
			if written != nil {
				out = *written
			}
			return err
		}
		text := said(in)
		out = feed.Note(id, s.Now().UTC(), client.Person{ID: by.ID, Name: by.Name}, rec.View.Subject, text.RU)
		out.CallID, out.Phone, out.Outcome, out.ByHand = rec.ID, rec.View.Phone, in.Outcome, rec.ByHand
		if text.EN != text.RU {
			out.DescriptionEN = text.EN
		}
		if err := feed.Save(tx, out); err != nil {
			return err
		}
		if in.CallBackAt != nil {
			row, err := s.newTask(tx, by, client.NewTask{CallID: rec.ID, Note: in.Text, DueAt: in.CallBackAt})
			if err != nil {
				return err
			}
			if _, err := s.addTask(tx, by, row); err != nil {
				return err
			}
		}
		rec.Note = strings.TrimSpace(rec.Note + "\n" + text.RU)
		return s.Calls.Rewrite(tx, rec)
	})
	return out, err
}

// noteOf is the id of a note that is to be written on a call or card, and the note itself when it was written already:
// who never saw the answer asks again by the same request. An empty request is never the same.
func (s *Service) noteOf(tx *store.Tx, by client.Employee, about, request string) (string, *entry.Entry, error) {
	if request == "" {
		return s.NewID(), nil, nil
	}
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(by.ID+"\n"+request)).String()
	if sandbox.Is(about) {
		id = sandbox.ID(id)
	}
	written, err := tx.Entry(id)
	if errors.Is(err, store.ErrNotFound) {
		return id, nil, nil
	}
	if err != nil {
		return id, nil, err
	}
	all := []entry.Entry{written}
	err = feed.AttachSubjects(tx.Cards, all)
	return id, &all[0], err
}

// said joins outcome and note. The outcomes of the catalogue are told in words; an operator may also use
// their own.
func said(in client.CallNote) bilingual.Text {
	outcome := bilingual.Same(in.Outcome)
	if code := "outcome." + in.Outcome; texts.Has(code) {
		outcome = texts.Of("outcome." + in.Outcome).Both()
	}
	if in.CallBackAt != nil {
		// The server's own zone is the school's.
		at := in.CallBackAt.Local().Format("02.01 15:04")
		outcome = bilingual.Join([]bilingual.Text{outcome, bilingual.Same(at)}, " ")
	}
	switch {
	case outcome.IsZero():
		return bilingual.Same(in.Text)
	case in.Text == "":
		return outcome
	}
	return bilingual.Join([]bilingual.Text{outcome, bilingual.Same(in.Text)}, ": ")
}

// EditNote changes the text of a note; the former text is kept. Its author and managers may.
func (s *Service) EditNote(ctx context.Context, by client.Employee, id, text string) (entry.Entry, error) {
	text = plaintext.Text(text)
	if text == "" {
		return entry.Entry{}, crm.Wrong("text", texts.Of("fault.empty"))
	}
	var out entry.Entry
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		e, err := tx.Entry(id)
		if err != nil {
			return err
		}
		if e.Type != entry.Note {
			return ErrNotNow
		}
		if (e.Employee == nil || e.Employee.ID != by.ID) && !access.AtLeast(by.Role, client.RoleManager) {
			return access.NotYours("note")
		}
		if err := feed.MayOpen(s.Hearing, by, e, tx.CallParticipants); err != nil {
			return err
		}
		if err := tx.CheckRecord(ctx, entryRecord(id), wire.NoteTag(e)); err != nil {
			return err
		}
		if e.Description == text {
			out = e
			return nil
		}
		written := e.At
		if e.EditedAt != nil {
			written = *e.EditedAt
		}
		if err := tx.KeepNote(e.ID, written, e.Employee, e.Description); err != nil {
			return err
		}
		former := formerNote{e.ID, e.Description, e.DescriptionEN, e.EditedAt}
		now := s.Now().UTC()
		e.Description, e.DescriptionEN, e.EditedAt = text, "", &now
		if err := feed.Save(tx, e); err != nil {
			return err
		}
		if err := tx.NoteChange(entryRecord(id), by); err != nil {
			return err
		}
		out = e
		return s.Undo.Offer(tx, by, texts.Of("undo.note_changed").Both(), undo.Before{Kind: "notes", Was: []formerNote{former}})
	})
	if err != nil {
		return out, err
	}
	all := []entry.Entry{out}
	err = feed.AttachSubjects(subject.Cards(ctx, s.Store), all)
	return all[0], err
}

// NoteVersions lists the former texts of a note, newest first.
func (s *Service) NoteVersions(ctx context.Context, by client.Employee, id string) ([]client.NoteVersion, error) {
	e, err := s.Store.Entry(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return []client.NoteVersion{}, nil
	}
	if err != nil {
		return nil, err
	}
	took := func(ids []string) (map[string][]string, error) { return s.Store.CallParticipants(ctx, ids) }
	if err := feed.MayOpen(s.Hearing, by, e, took); err != nil {
		return nil, err
	}
	return s.Store.NoteVersions(ctx, id)
}

// formerNote is what a note said.
type formerNote struct {
	ID       string     `json:"id"`
	Text     string     `json:"text"`
	TextEN   string     `json:"text_en,omitempty"`
	EditedAt *time.Time `json:"edited_at,omitempty"`
}

// restoreNotes gives notes their former text.
func (s *Service) restoreNotes(tx *store.Tx, _ client.Employee, was []formerNote) error {
	for _, n := range was {
		e, err := tx.Entry(n.ID)
		if err != nil {
			return err
		}
		e.Description, e.DescriptionEN, e.EditedAt = n.Text, n.TextEN, n.EditedAt
		if err := feed.Save(tx, e); err != nil {
			return err
		}
	}
	return nil
}
