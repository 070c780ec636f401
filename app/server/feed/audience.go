package feed

import (
	"context"

	"dozvon/app/server/entry"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/client"
)

// MayOpen lets an employee open an entry: one that is tied to a call only as the call itself
// (access.ErrNotParticipant). participants reads who took part in calls.
func MayOpen(hearing access.Recordings, by client.Employee, e entry.Entry, participants func(calls []string) (map[string][]string, error)) error {
	if e.CallID == "" || hearing.HearsAll(by) {
		return nil
	}
	took, err := participants([]string{e.CallID})
	if err != nil {
		return err
	}
	return hearing.MayOpen(by, took[e.CallID])
}

// hideRecordings leaves the recordings out of the entries whose call the employee took no part in.
func hideRecordings(ctx context.Context, st *store.Store, hearing access.Recordings, by client.Employee, entries []entry.Entry) error {
	if hearing.HearsAll(by) {
		return nil
	}
	took, err := st.CallParticipants(ctx, recordedCalls(entries))
	if err != nil {
		return err
	}
	for i, e := range entries {
		if !hearing.Hears(by, took[e.CallID]) {
			entries[i].Recording, entries[i].Recordings = nil, nil
		}
	}
	return nil
}
