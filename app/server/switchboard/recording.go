package switchboard

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// fetchLimit bounds fetching one recording, with all its resumptions.
	fetchLimit = 10 * time.Minute
	// preparing is how long after a call the PBX may say that it has no recording before that is
	// believed: files lag behind their event by about a minute.
	preparing = 10 * time.Minute
)

// Listening is which recording somebody asks for, and how.
type Listening struct {
	Call     string
	Part     int  // counted from 1
	Download bool // taken along as a file
	// Further says that the request goes on with what one before it began: a player seeks, a download is
	// resumed.
	Further bool
}

// sameListening is for how long requests for a recording are one listening: a player asks for it piece
// by piece, and again for each jump and pause.
const sameListening = time.Hour

// heard notes a listening once, however many requests it takes. Of a download every beginning counts.
func (s *Switchboard) heard(ctx context.Context, by client.Employee, want Listening) error {
	action, since := access.ActionListen, s.Now().Add(-sameListening)
	if want.Download {
		action = access.ActionDownload
	}
	detail := map[string]string{}
	if want.Part > 1 {
		detail["part"] = strconv.Itoa(want.Part)
	}
	row := s.Audit.Row(ctx, by, action, "call:"+want.Call, detail)
	if want.Download && !want.Further {
		return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddAudit(row) })
	}
	known, err := s.Store.Audited(ctx, row, since)
	if err != nil || known {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.Audited(row, since) // of two requests at once
		if err != nil || known {
			return err
		}
		return tx.AddAudit(row)
	})
}

// Recording opens one of a call's recordings, counted from 1. It is fetched from the PBX once and
// kept as the policy says, so that Range requests, which the PBX's one-time links cannot serve
// twice, come from the disk. Who heard it stands in the audit, once a listening. The caller closes the file.
func (s *Switchboard) Recording(ctx context.Context, by client.Employee, want Listening) (*os.File, client.Call, error) {
	rec, err := s.Store.Call(ctx, want.Call)
	if err != nil {
		return nil, client.Call{}, err
	}
	if err := s.hearing().MayOpen(by, rec.Participants); err != nil {
		return nil, rec.View, err
	}
	r, err := readyRecording(rec, want.Part)
	if err != nil {
		return nil, rec.View, err
	}
	file, err := s.openRecording(ctx, rec, r)
	if err != nil {
		return nil, rec.View, err
	}
	if err := s.heard(ctx, by, want); err != nil {
		file.Close()
		return nil, rec.View, err
	}
	return file, rec.View, nil
}

func readyRecording(rec store.CallRecord, part int) (call.Recorded, error) {
	all := rec.Facts.Show().Recordings
	if part < 1 || part > len(all) {
		return call.Recorded{}, ErrNoRecording
	}
	switch r := all[part-1]; {
	case r.Gone:
		return r, ErrGone
	case r.Ready:
		return r, nil
	}
	return call.Recorded{}, ErrNotReady
}

func (s *Switchboard) openRecording(ctx context.Context, rec store.CallRecord, r call.Recorded) (*os.File, error) {
	path := s.Recordings.path(rec.IntegrationID, r.ID)
	err := s.fetchRecording(ctx, rec, r, path)
	if errors.Is(err, pbx.ErrNoRecording) {
		return nil, s.missingRecording(ctx, rec, r)
	}
	if errors.Is(err, pbx.ErrNotReady) {
		return nil, ErrNotReady
	}
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the recording: %w", err)
	}
	s.Recordings.used(path, s.Now())
	return file, nil
}

// fetchRecording fetches a recording unless it is there. Two who click at once fetch it once, and
// one who goes away does not stop it: the next click finds it further.
func (s *Switchboard) fetchRecording(ctx context.Context, rec store.CallRecord, r call.Recorded, path string) error {
	if whole, err := s.Recordings.whole(path); whole || err != nil {
		return err
	}
	t := s.office.Load().byID[rec.IntegrationID]
	if t == nil || t.provider == nil {
		return ErrNoIntegration
	}
	source, ok := t.provider.(pbx.Recorder)
	if !ok {
		return ErrNoRecording
	}
	err := s.fetchOnce(ctx, source, r.ID, path)
	var blocked *pbx.Blocked
	if errors.As(err, &blocked) && !pbx.IsUnattended(ctx) {
		// It may have been the archive's attempt, which has to wait where a person need not.
		err = s.fetchOnce(ctx, source, r.ID, path)
	}
	return err
}

// fetchOnce fetches a recording, or waits with whoever does already.
func (s *Switchboard) fetchOnce(ctx context.Context, source pbx.Recorder, id, path string) error {
	done := s.fetching.DoChan(path, func() (any, error) {
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchLimit)
		defer cancel()
		return nil, s.Recordings.fetch(work, source, id, path)
	})
	select {
	case <-ctx.Done():
		return ctx.Err()
	case res := <-done:
		return res.Err
	}
}

// missingRecording decides what it means that the PBX has no such file: not yet, or not any more.
func (s *Switchboard) missingRecording(ctx context.Context, rec store.CallRecord, r call.Recorded) error {
	if rec.View.EndedAt == nil || s.Now().Sub(*rec.View.EndedAt) < preparing {
		return ErrNotReady
	}
	t := s.office.Load().byID[rec.IntegrationID]
	if t == nil {
		return ErrGone // the PBX was disconnected meanwhile
	}
	e := call.Event{
		Kind: call.KindRecording, Key: rec.Key, At: s.Now().UTC().Truncate(time.Second), Recording: r.ID, RecordingState: call.RecordingGone,
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := s.take(tx, t, e)
		return err
	})
	return errors.Join(ErrGone, err)
}

// parts lists a call's recordings for the screen.
func (c cast) parts(all []call.Recorded) []client.RecordingPart {
	if len(all) == 0 {
		return nil
	}
	var out []client.RecordingPart
	for i, r := range all {
		p := client.RecordingPart{Part: i + 1, Ready: r.Ready && !r.Gone, Gone: r.Gone, Extension: r.Extension, Employee: c.owner(r.Extension)}
		if r.Ended.After(r.Began) {
			p.Seconds = int(r.Ended.Sub(r.Began) / time.Second)
		}
		out = append(out, p)
	}
	return out
}
