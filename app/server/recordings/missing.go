package recordings

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// overdue is how long after its call a recording may take to come before somebody is told.
const overdue = 30 * time.Minute

// Overdue are a call's recordings that should be there and are not, in words; the zero Message: none.
func (k *Keeper) Overdue(rec store.CallRecord) texts.Message {
	if rec.View.EndedAt == nil || k.Now().Sub(*rec.View.EndedAt) < overdue {
		return texts.Message{}
	}
	for _, r := range rec.Facts.View().Recordings {
		switch {
		case r.Gone:
		case !r.Ready:
			return texts.Of("morning.recording_unready")
		case !k.kept(rec, r) && k.Folder.wants(k.Folder.path(rec.IntegrationID, r.ID), rec.View.StartedAt, k.Now()):
			return texts.Of("morning.recording_unkept")
		}
	}
	return texts.Message{}
}

// kept tells whether a recording lies in our folder.
func (k *Keeper) kept(rec store.CallRecord, r call.Recorded) bool {
	_, err := os.Stat(k.Folder.path(rec.IntegrationID, r.ID))
	return err == nil
}

// Retry asks the PBX once more for all recordings of a call that are not here, and tells of the first that does not
// come; that one keeps none of the others. Of a long one it waits for the beginning alone. Where the PBX has to be
// asked at its own time, that has only begun: the recording comes by itself.
func (k *Keeper) Retry(ctx context.Context, by client.Employee, id string) error {
	rec, err := k.Store.Call(ctx, id)
	if err != nil {
		return err
	}
	if err := k.Hearing.MayOpen(by, rec.Participants); err != nil {
		return err
	}
	all := rec.Facts.View().Recordings
	failed := k.retryAll(ctx, rec, all)
	again, err := k.Searches.again(ctx, rec)
	switch {
	case failed != nil:
		return failed
	case err == nil && len(all) == 0 && !again:
		return ErrNoRecording
	}
	return err
}

// retryAll asks for each that is not here, and returns why the first did not come.
func (k *Keeper) retryAll(ctx context.Context, rec store.CallRecord, all []call.Recorded) (failed error) {
	for _, r := range all {
		if r.Gone || r.Ready && k.kept(rec, r) {
			continue
		}
		err := k.retry(ctx, rec, r)
		if failed == nil {
			failed = err
		}
		var blocked *pbx.Blocked
		if ctx.Err() != nil || errors.As(err, &blocked) || store.IsFull(err) {
			break // the next would fare no better
		}
	}
	return failed
}

// retry fetches one, and tells its call that it can be heard.
func (k *Keeper) retry(ctx context.Context, rec store.CallRecord, r call.Recorded) error {
	file, err := k.openRecording(ctx, rec, r, needBegin)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil || r.Ready {
		return err
	}
	return k.Calls.ApplyEvent(ctx, rec.IntegrationID, call.Event{
		Kind: call.KindRecording, Key: rec.Key, At: k.Now().UTC().Truncate(time.Second), Recording: r.ID, RecordingState: call.RecordingReady,
		To: call.Party{Extension: r.Extension},
	})
}

// GivenUp are talks of one integration whose recordings were asked for in vain, by the key that told of them.
type GivenUp map[string][]store.RecordingSearch

func givenUp(ended []store.RecordingSearch) GivenUp {
	all := make(GivenUp, len(ended))
	for _, search := range ended {
		all[search.Key] = append(all[search.Key], search)
	}
	return all
}

// of are those of a call, each once.
func (g GivenUp) of(rec store.CallRecord) (found []store.RecordingSearch) {
	if !slices.ContainsFunc(rec.Facts.Events, func(e call.Event) bool { return len(g[e.Key]) > 0 }) {
		return nil // most calls; their talks need not be sorted out
	}
	for _, talk := range rec.Facts.Talks() {
		for _, search := range g[talk.Key] {
			if search.Extension == talk.Extension && !slices.Contains(found, search) {
				found = append(found, search)
			}
		}
	}
	return found
}

// Tries is how often a recording of the call was asked for before it was given up; 0: none was.
func (g GivenUp) Tries(rec store.CallRecord) int {
	for _, search := range g.of(rec) {
		return search.Tries
	}
	return 0
}

// GivenUp are the talks of an integration since a moment whose recordings were asked for until the last of the times
// of its kind, and were not ready then.
func (f *Finder) GivenUp(ctx context.Context, integrationID string, since time.Time) (GivenUp, error) {
	after := f.after(integrationID)
	if after == 0 {
		return nil, nil
	}
	ended, err := f.Store.EndedRecordingSearches(ctx, integrationID, after, since)
	return givenUp(ended), err
}

// after is how often a recording of the integration is asked for; 0: they are not looked for.
func (f *Finder) after(integrationID string) int {
	integration := f.Directory.Snapshot().Integration(integrationID)
	if integration == nil || !integration.Active {
		return 0
	}
	if _, ok := integration.Provider.(pbx.RecordingFinder); !ok {
		return 0
	}
	return len(integration.KindOfPBX().FindAfter)
}

// again asks once more for what was given up of a call; false: nothing was.
func (f *Finder) again(ctx context.Context, rec store.CallRecord) (bool, error) {
	ended, err := f.GivenUp(ctx, rec.IntegrationID, rec.View.StartedAt)
	if err != nil {
		return false, err
	}
	var failed error
	found := ended.of(rec)
	for _, search := range found {
		search.Tries, search.Next = search.Tries-1, f.Now() // once: the times of its kind are over
		failed = errors.Join(failed, f.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetRecordingSearch(search) }))
	}
	return len(found) > 0, failed
}
