// Package recordings fetches the recordings of calls from the PBX, keeps them as the school wants
// (what was listened to, or all of them), and notes who heard them. Where a recording is in the PBX is
// told by its call; how it is fetched, by the PBX's adapter. It changes calls by telling their room
// alone.
package recordings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Keeper fetches and keeps recordings. The exported fields but Meter are required. Safe for concurrent use.
type Keeper struct {
	Store  *store.Store
	Audit  *audit.Log
	Folder Folder
	// Integrations finds the PBXs that have the recordings.
	Integrations Integrations
	// Calls is told what is learnt of a call's recording.
	Calls   Calls
	Hearing access.Recordings
	// Searches looks for those that no event announces.
	Searches *Finder
	Now      func() time.Time
	// Meter counts what is fetched; nil: nobody does.
	Meter Meter

	mu        sync.Mutex           // guards what follows
	transfers map[string]*transfer // those on their way, by the path
}

// Integrations are the connected PBXs.
type Integrations interface {
	// Provider is the adapter of an integration; nil when it is no more or cannot be used.
	Provider(integrationID string) pbx.Provider
	// Active are the ids of the integrations that are on and can be used.
	Active() []string
}

// Calls takes events of calls.
type Calls interface {
	ApplyEvent(ctx context.Context, integrationID string, e call.Event) error
}

var (
	// ErrNoRecording says that the call has no recording.
	ErrNoRecording = errors.New("the call has no recording")
	// ErrGone says that the PBX has deleted the recording.
	ErrGone = errors.New("the PBX has deleted the recording")
	// ErrNotReady says that the PBX is still preparing the recording.
	ErrNotReady = errors.New("the recording is not ready yet")
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

// Sound is a recording to be read. Unless it is Sized, its length is not known yet, and it is read from its
// beginning to its end.
type Sound interface {
	io.ReadSeekCloser
	Sized() bool
}

// kept is a recording that is there.
type kept struct{ *os.File }

// Sized is Sound's.
func (kept) Sized() bool { return true }

// need is how much of a recording must be there for whoever asks.
type need int

const (
	needAll   need = iota
	needPlace      // what is read from a place on: its length must be known
	needBegin      // as much as can be heard
)

// sizeAfter is how long a recording without a length is waited for: most come whole in that time, and then the
// player knows how long it is.
const sizeAfter = 500 * time.Millisecond

// sameListening is for how long requests for a recording are one listening: a player asks for it piece
// by piece, and again for each jump and pause.
const sameListening = time.Hour

// heard notes a listening once, however many requests it takes. Of a download every beginning counts.
func (k *Keeper) heard(ctx context.Context, by client.Employee, want Listening) error {
	action, since := access.ActionListen, k.Now().Add(-sameListening)
	if want.Download {
		action = access.ActionDownload
	}
	detail := map[string]string{}
	if want.Part > 1 {
		detail["part"] = strconv.Itoa(want.Part)
	}
	row := k.Audit.Row(ctx, by, action, "call:"+want.Call, detail)
	if want.Download && !want.Further {
		return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddAudit(row) })
	}
	known, err := k.Store.Audited(ctx, row, since)
	if err != nil || known {
		return err
	}
	return k.Store.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.Audited(row, since) // of two requests at once
		if err != nil || known {
			return err
		}
		return tx.AddAudit(row)
	})
}

// Open opens one of a call's recordings, counted from 1. It is fetched from the PBX once and
// kept as the policy says, so that Range requests, which the PBX's one-time links cannot serve
// twice, come from the disk; while it is on its way, what has come is given, and the rest waited for or, far
// ahead, asked of the PBX at once. Who heard it stands in the audit, once a listening. The caller closes it.
func (k *Keeper) Open(ctx context.Context, by client.Employee, want Listening) (Sound, client.Call, error) {
	rec, err := k.Store.Call(ctx, want.Call)
	if err != nil {
		return nil, client.Call{}, err
	}
	if err := k.Hearing.MayOpen(by, rec.Participants); err != nil {
		return nil, rec.View, err
	}
	r, err := readyRecording(rec, want.Part)
	if err != nil {
		return nil, rec.View, err
	}
	enough := needBegin
	if want.Further {
		enough = needPlace
	}
	file, err := k.openRecording(ctx, rec, r, enough)
	if err != nil {
		return nil, rec.View, err
	}
	if err := k.heard(ctx, by, want); err != nil {
		file.Close()
		return nil, rec.View, err
	}
	return file, rec.View, nil
}

func readyRecording(rec store.CallRecord, part int) (call.Recorded, error) {
	all := rec.Facts.View().Recordings
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

func (k *Keeper) openRecording(ctx context.Context, rec store.CallRecord, r call.Recorded, enough need) (Sound, error) {
	path := k.Folder.path(rec.IntegrationID, r.ID)
	coming, err := k.fetchRecording(ctx, rec, r, path, enough)
	if errors.Is(err, pbx.ErrNoRecording) {
		return nil, k.missingRecording(ctx, rec, r)
	}
	if errors.Is(err, pbx.ErrNotReady) {
		return nil, ErrNotReady
	}
	if err != nil {
		return nil, err
	}
	if coming != nil {
		return coming, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the recording: %w", err)
	}
	k.Folder.used(path, k.Now())
	return kept{file}, nil
}

// fetchRecording fetches a recording unless it is there. Two who click at once fetch it once, and
// one who goes away does not stop it: the next click finds it further. It returns as soon as there is enough,
// with the listener of what comes; nil says that the file is there.
func (k *Keeper) fetchRecording(ctx context.Context, rec store.CallRecord, r call.Recorded, path string, enough need) (*listener, error) {
	whole, err := k.Folder.whole(path)
	if k.Meter != nil && err == nil {
		k.Meter.RecordingAsked(whole)
	}
	if whole || err != nil {
		return nil, err
	}
	provider := k.Integrations.Provider(rec.IntegrationID)
	if provider == nil {
		return nil, directory.ErrNoIntegration
	}
	source, ok := provider.(pbx.Recorder)
	if !ok {
		return nil, ErrNoRecording
	}
	coming, err := k.fetchOnce(ctx, source, r.ID, path, enough)
	var blocked *pbx.Blocked
	if errors.As(err, &blocked) && !pbx.IsUnattended(ctx) {
		// It may have been the archive's attempt, which has to wait where a person need not.
		coming, err = k.fetchOnce(ctx, source, r.ID, path, enough)
	}
	return coming, err
}

// fetchOnce fetches a recording, or waits with whoever does already, until there is enough.
func (k *Keeper) fetchOnce(ctx context.Context, source pbx.Recorder, id, path string, enough need) (*listener, error) {
	to := k.transfer(ctx, source, id, path)
	audible := to.audible
	if enough == needAll {
		audible = nil
	}
	var patience <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-to.done:
			return nil, to.err
		case <-audible:
			if _, size, _ := to.arrived(); size >= 0 {
				return &listener{ctx: ctx, t: to, size: size}, nil
			}
			audible = nil
			if enough == needBegin {
				patience = time.After(sizeAfter)
			}
		case <-patience:
			_, size, _ := to.arrived()
			return &listener{ctx: ctx, t: to, size: size}, nil
		}
	}
}

// transfer is the one on its way to a path, or one that begins.
func (k *Keeper) transfer(ctx context.Context, source pbx.Recorder, id, path string) *transfer {
	k.mu.Lock()
	defer k.mu.Unlock()
	if to := k.transfers[path]; to != nil {
		return to
	}
	if k.transfers == nil {
		k.transfers = map[string]*transfer{}
	}
	to := newTransfer(path)
	to.ask = func(ctx context.Context, from int64) (pbx.Sound, error) { return source.Recording(ctx, id, from) }
	k.transfers[path] = to
	go func() {
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchLimit)
		defer cancel()
		err := k.Folder.fetch(work, source, id, to)
		k.measure(to, err)
		k.mu.Lock()
		delete(k.transfers, path)
		k.mu.Unlock()
		to.end(err)
	}()
	return to
}

// missingRecording decides what it means that the PBX has no such file: not yet, or not any more.
func (k *Keeper) missingRecording(ctx context.Context, rec store.CallRecord, r call.Recorded) error {
	if rec.View.EndedAt == nil || k.Now().Sub(*rec.View.EndedAt) < preparing {
		return ErrNotReady
	}
	if k.Integrations.Provider(rec.IntegrationID) == nil {
		return ErrGone // the PBX was disconnected meanwhile
	}
	e := call.Event{
		Kind: call.KindRecording, Key: rec.Key, At: k.Now().UTC().Truncate(time.Second), Recording: r.ID, RecordingState: call.RecordingGone,
	}
	return errors.Join(ErrGone, k.Calls.ApplyEvent(ctx, rec.IntegrationID, e))
}
