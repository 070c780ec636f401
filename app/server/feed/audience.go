package feed

import (
	"context"

	"dozvon/app/server/entry"

	"dozvon/app/server/access"
	"dozvon/app/server/search"
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

// hideRecordings leaves the recordings, with their flags, out of the entries whose call the employee took no
// part in. An entry that was found by such a flag alone is left out as a whole: that it was found would tell
// the word.
func hideRecordings(ctx context.Context, st *store.Store, hearing access.Recordings, by client.Employee, query search.Query, entries []entry.Entry) ([]entry.Entry, error) {
	if hearing.HearsAll(by) {
		return entries, nil
	}
	took, err := st.CallParticipants(ctx, recordedCalls(entries))
	if err != nil {
		return nil, err
	}
	shown := entries[:0]
	for _, e := range entries {
		if !hearing.Hears(by, took[e.CallID]) {
			flagged := len(e.Flags) > 0
			e.Recording, e.Recordings, e.Flags = nil, nil, nil
			if flagged && !query.Empty() && !query.Fits(Words(e), e.Phone) {
				continue
			}
		}
		shown = append(shown, e)
	}
	return shown, nil
}
