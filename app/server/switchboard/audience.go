package switchboard

import (
	"context"
	"errors"
	"slices"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// ErrNotParticipant says that the school lets only those who took part in a call, and managers, open
// it and hear its recording.
var ErrNotParticipant = errors.New("only who took part in the call, and managers, may open it")

// ParticipantsOnly tells whether the school keeps recordings to those who took part, and managers.
func (s *Switchboard) ParticipantsOnly() bool {
	return s.office.Load().school.RecordingsFor == client.ForParticipants
}

// hearsAll tells whether an employee may hear every recording.
func (s *Switchboard) hearsAll(by client.Employee) bool {
	return !s.ParticipantsOnly() || access.AtLeast(by.Role, client.RoleManager)
}

// mayOpen lets an employee open a call and hear it. Who took part is who they were then: the
// extension may be another's by now. Whose client the caller is gives no right of its own.
func (s *Switchboard) mayOpen(by client.Employee, rec store.CallRecord) error {
	if s.hearsAll(by) || slices.Contains(rec.Participants, by.ID) {
		return nil
	}
	return ErrNotParticipant
}

// mayOpenEntry is mayOpen for a note on a call.
func (s *Switchboard) mayOpenEntry(by client.Employee, e client.FeedEntry, participants func([]string) (map[string][]string, error)) error {
	if e.CallID == "" || s.hearsAll(by) {
		return nil
	}
	took, err := participants([]string{e.CallID})
	if err != nil {
		return err
	}
	if slices.Contains(took[e.CallID], by.ID) {
		return nil
	}
	return ErrNotParticipant
}

// hideRecordings takes the recordings out of the entries whose call the employee took no part in.
func (s *Switchboard) hideRecordings(ctx context.Context, by client.Employee, entries []client.FeedEntry) error {
	if s.hearsAll(by) {
		return nil
	}
	took, err := s.Store.CallParticipants(ctx, recordedCalls(entries))
	if err != nil {
		return err
	}
	for i, e := range entries {
		if !slices.Contains(took[e.CallID], by.ID) {
			entries[i].Recording, entries[i].Recordings = nil, nil
		}
	}
	return nil
}

func recordedCalls(entries []client.FeedEntry) []string {
	var ids []string
	for _, e := range entries {
		if e.Recording != nil && e.CallID != "" {
			ids = append(ids, e.CallID)
		}
	}
	return ids
}

// publishEntries journals entries for everybody, their recordings for those who may hear them.
func publishEntries(tx *store.Tx, entries []client.FeedEntry) error {
	took, err := tx.CallParticipants(recordedCalls(entries))
	if err != nil {
		return err
	}
	for _, e := range entries {
		audience := stream.All
		if e.Recording != nil {
			audience = stream.Heard(audience, took[e.CallID])
		}
		if err := tx.Journal("feed", audience, e); err != nil {
			return err
		}
	}
	return nil
}

// hideTaskRecording takes the recording out of a task for who may not hear it.
func (s *Switchboard) hideTaskRecording(by client.Employee, t *client.Task, participants []string) {
	if t.Recording != nil && !s.hearsAll(by) && !slices.Contains(participants, by.ID) {
		t.Recording = nil
	}
}
