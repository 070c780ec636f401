package calls

import (
	"slices"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/match"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// restoredAs finds the call that the statistics told of before, without its key, of which an event tells
// now with the key: a webhook came late. Nil: there is none.
func (s *Merges) restoredAs(tx *store.Tx, integration *directory.Integration, rec store.CallRecord, events []call.Event) (*store.CallRecord, error) {
	if _, ok := integration.Provider.(pbx.Historian); !ok || rec.Confirmed {
		return nil, nil
	}
	for _, e := range events {
		r, ok := match.LateRow(e, integration.Clock(s.calls.Now()))
		if !ok {
			continue
		}
		near, err := tx.MadeUpCallsOfNumbers(integration.ID, match.Spellings(r.Number), r.Began.Add(-match.LongestWait), r.Began.Add(match.LateTolerance))
		if err != nil {
			return nil, err
		}
		for _, had := range near {
			if had.ID != rec.ID && slices.ContainsFunc(had.Facts.Parts(), func(p call.Part) bool { _, ok := r.Fits(p, match.LateTolerance); return ok }) {
				return &had, nil
			}
		}
	}
	return nil, nil
}

// giveName makes a call that only the statistics told of, under a made-up key, the one that has a key.
func (s *Merges) giveName(tx *store.Tx, integration *directory.Integration, rec, restored *store.CallRecord) (*store.CallRecord, error) {
	made := restored.Key
	if err := tx.JoinKeys(integration.ID, rec.Key, made); err != nil {
		return nil, err
	}
	if rec.View.ID == "" { // it is new, and nobody knows of it
		restored.Key = rec.Key
		return restored, nil
	}
	_, err := s.merge(tx, integration, rec, *restored)
	return rec, err
}
