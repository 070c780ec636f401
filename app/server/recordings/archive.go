package recordings

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"dozvon/app/server/chores"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

const (
	// archiveEvery is how often it is looked for recordings that are not archived yet.
	archiveEvery = time.Minute
	// cleanEvery is how often what is kept no longer is thrown away.
	cleanEvery = time.Hour
	// erasedAgain is how far it is looked back for what was erased: one that was on its way then comes later, and
	// clocks of nodes differ. All of it is looked through when the old ones are thrown away.
	erasedAgain = 10 * time.Minute
	// archiveBack is how far it is looked back: the PBX keeps its files longer than that.
	archiveBack = 7 * 24 * time.Hour
	// archiveCalls bounds how many calls are looked at.
	archiveCalls = 5000
)

// lagPauses are how long the archive leaves a recording alone that the PBX did not have ready:
// asking for it is a wrong request to the PBX, and of those it takes one in two minutes.
var lagPauses = []time.Duration{3 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour}

// lagging is a recording that the PBX did not have ready.
type lagging struct {
	tries int
	next  time.Time
}

// Run archives recordings and throws away what is kept no longer and what was erased, until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	late := map[string]lagging{}
	var cleaned, forgot time.Time
	chores.RepeatLong(ctx, "recordings", archiveEvery, func() error {
		var old error
		now := k.Now()
		since := forgot.Add(-erasedAgain)
		if now.Sub(cleaned) > cleanEvery {
			cleaned, since = now, time.Time{}
			if old = k.clean(); old != nil {
				slog.ErrorContext(ctx, "old recordings not thrown away", "err", old)
			}
		}
		erased := k.forgetErased(ctx, since)
		if erased == nil {
			forgot = now
		} else if ctx.Err() == nil {
			slog.ErrorContext(ctx, "erased recordings not deleted", "err", erased)
		}
		err := k.archive(ctx, late)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "recordings not archived", "err", err)
		}
		return errors.Join(old, erased, err)
	})
}

// forgetErased deletes the recordings that lie on this node of people whose data were erased since a moment, here or
// on another one.
func (k *Keeper) forgetErased(ctx context.Context, since time.Time) error {
	names, err := k.Store.ErasedFiles(ctx, since)
	if err != nil || len(names) == 0 {
		return err
	}
	_, err = k.Folder.Forget(names)
	return err
}

// archive fetches the recordings that are ready, newest first, when the policy keeps them all. It
// waits where people do not: behind their commands, and while the PBX counts a wrong request.
func (k *Keeper) archive(ctx context.Context, late map[string]lagging) error {
	if !k.Folder.Archive {
		return nil
	}
	ctx = pbx.Unattended(ctx)
	for _, id := range k.Integrations.Active() {
		calls, err := k.Store.CallsSince(ctx, id, k.Now().Add(-archiveBack), archiveCalls)
		if err != nil {
			return err
		}
		if err := k.archiveCalls(ctx, id, calls, late); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) archiveCalls(ctx context.Context, integrationID string, calls []store.CallRecord, late map[string]lagging) error {
	for _, rec := range calls {
		for _, r := range rec.Facts.View().Recordings {
			path := k.Folder.path(integrationID, r.ID)
			if _, err := os.Stat(path); err == nil || !r.Ready || r.Gone || k.Now().Before(late[path].next) || !k.Folder.wants(path, rec.View.StartedAt, k.Now()) {
				continue
			}
			file, err := k.openRecording(ctx, rec, r, needAll)
			var blocked *pbx.Blocked
			switch {
			case err == nil:
				file.Close()
				delete(late, path)
				asOldAs(path, rec.View.StartedAt)
				continue
			case ctx.Err() != nil:
				return ctx.Err()
			case errors.As(err, &blocked):
				return nil // the rest when the PBX has forgotten what it refused
			case errors.Is(err, ErrGone):
				delete(late, path)
				continue
			case store.IsFull(err):
				return err // the next would find no room either, and the PBX would send it for nothing
			case !errors.Is(err, ErrNotReady):
				slog.WarnContext(ctx, "a recording was not archived", "call", rec.ID, "err", err)
			}
			late[path] = lagging{tries: late[path].tries + 1, next: k.Now().Add(lagPauses[min(late[path].tries, len(lagPauses)-1)])}
		}
	}
	return nil
}

// asOldAs lets a file that the archive has fetched be as old as its call: of a backlog the newest come first, and the
// oldest have to go first.
func asOldAs(path string, began time.Time) {
	if err := os.Chtimes(path, began, began); err != nil {
		slog.Warn("the age of a recording was not noted", "err", err)
	}
}
