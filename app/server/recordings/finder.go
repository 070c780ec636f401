package recordings

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// findEvery is how often it is looked for talks whose time has come.
	findEvery = 2 * time.Second
	// findMost bounds how many recordings of one integration are asked for in a row.
	findMost = 20
	// findLimit bounds one question to the PBX.
	findLimit = 30 * time.Second
	// findRetry is the pause after the PBX could not be asked.
	findRetry = time.Minute
	// findDays is for how long a talk is remembered: by then the statistics have told of its recording, or
	// there is none.
	findDays = 7 * 24 * time.Hour
)

// Finder looks for recordings that no event announces, at the times after a talk that the kind of its PBX
// tells. What is looked for stands in the database, so that a restart loses nothing; one node asks, one
// question at a time. The exported fields are required.
type Finder struct {
	Store     *store.Store
	Directory *directory.Directory
	Calls     Calls
	Now       func() time.Time
	Node      string // this process among all that share the database
}

// CallSettled notes the talks of a call that are over.
func (f *Finder) CallSettled(tx *store.Tx, _ client.Call, rec store.CallRecord) error {
	integration := f.Directory.Snapshot().Integration(rec.IntegrationID)
	if integration == nil || rec.View.Test {
		return nil
	}
	after := integration.KindOfPBX().FindAfter
	if _, ok := integration.Provider.(pbx.RecordingFinder); !ok || len(after) == 0 {
		return nil
	}
	for _, talk := range rec.Facts.Talks() {
		if f.Now().Sub(talk.Ended) > findDays || talk.Key == "" {
			continue
		}
		err := tx.AddRecordingSearch(store.RecordingSearch{
			IntegrationID: rec.IntegrationID, Key: talk.Key, Extension: talk.Extension, Ended: talk.Ended, Next: talk.Ended.Add(after[0]),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// CallsMerged has nothing to do: a talk keeps the key that told of it.
func (f *Finder) CallsMerged(*store.Tx, store.CallRecord, []phone.Number) error { return nil }

// OwnerChanged has nothing to do.
func (f *Finder) OwnerChanged(*store.Tx, phone.Number) error { return nil }

// Run looks for recordings until ctx ends.
func (f *Finder) Run(ctx context.Context) {
	var cleaned time.Time
	chores.RepeatLong(ctx, "find_recordings", findEvery, func() error {
		err := f.Find(ctx)
		if now := f.Now(); err == nil && now.Sub(cleaned) > cleanEvery {
			cleaned = now
			err = f.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropRecordingSearches(now.Add(-findDays)) })
		}
		if err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "recordings not looked for", "err", err)
		}
		return err
	})
}

// Find asks for every recording whose time has come, on the node whose turn it is.
func (f *Finder) Find(ctx context.Context) error {
	var failed error
	for _, integration := range f.Directory.Snapshot().Integrations() {
		finder, ok := integration.Provider.(pbx.RecordingFinder)
		if !ok || !integration.Active {
			continue
		}
		due, err := f.Store.DueRecordingSearches(ctx, integration.ID, f.Now(), findMost)
		if err == nil && len(due) > 0 {
			err = f.alone(ctx, integration, finder)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func (f *Finder) alone(ctx context.Context, integration *directory.Integration, finder pbx.RecordingFinder) error {
	lease, err := f.Store.Hold(ctx, "recordings of "+integration.ID, f.Node, store.LeaseTerm, false)
	if err != nil || lease == nil {
		return err
	}
	defer func() {
		if err := lease.Release(0); err != nil {
			slog.WarnContext(ctx, "the turn of looking for recordings was not given back", "err", err) // it ends by itself
		}
	}()
	ctx = lease.Context()
	// What another node has just found is due no longer.
	due, err := f.Store.DueRecordingSearches(ctx, integration.ID, f.Now(), findMost)
	if err != nil {
		return err
	}
	for _, search := range due {
		asked, err := f.one(ctx, integration, finder, search)
		if err != nil {
			return err
		}
		if !asked {
			return nil // the PBX cannot be asked now; the others wait with this one
		}
	}
	return nil
}

// one asks for one recording, and notes what came of it. asked is false when the PBX could not be asked.
func (f *Finder) one(ctx context.Context, integration *directory.Integration, finder pbx.RecordingFinder, search store.RecordingSearch) (asked bool, err error) {
	work, cancel := context.WithTimeout(pbx.Unattended(ctx), findLimit)
	defer cancel()
	e, err := finder.FindRecording(work, search.Key, search.Extension)
	after := integration.KindOfPBX().FindAfter
	asked = true
	switch {
	case err == nil:
		if err := f.Calls.ApplyEvent(ctx, integration.ID, e); err != nil {
			return true, err
		}
		search.Next = time.Time{}
	case errors.Is(err, pbx.ErrNoRecording):
		search.Next = time.Time{}
	case errors.Is(err, pbx.ErrNotReady):
		search.Tries++
		search.Next = time.Time{}
		if search.Tries < len(after) {
			search.Next = search.Ended.Add(after[search.Tries])
		}
	case ctx.Err() != nil:
		return false, ctx.Err()
	default:
		asked = false
		search.Next = f.Now().Add(findRetry)
		slog.WarnContext(ctx, "recording not looked for", "integration", integration.ID, "err", err)
	}
	return asked, f.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetRecordingSearch(search) })
}
