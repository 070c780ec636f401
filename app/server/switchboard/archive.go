package switchboard

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"
)

const (
	// archiveEvery is how often it is looked for recordings that are not archived yet.
	archiveEvery = time.Minute
	// archiveBack is how far it is looked back: the PBX keeps its files longer than that.
	archiveBack = 7 * 24 * time.Hour
	// archiveCalls bounds how many calls are looked at.
	archiveCalls = 5000
)

// archive fetches the recordings that are ready, newest first, when the policy keeps them all.
func (s *Switchboard) archive(ctx context.Context) error {
	if !s.Recordings.Archive {
		return nil
	}
	for _, t := range s.office.Load().trunks {
		if !t.Active || t.provider == nil {
			continue
		}
		calls, err := s.Store.CallsSince(ctx, t.ID, s.Now().Add(-archiveBack), archiveCalls)
		if err != nil {
			return err
		}
		for _, rec := range calls {
			for _, r := range rec.Facts.Show().Recordings {
				if !r.Ready || r.Gone {
					continue
				}
				if _, err := os.Stat(s.Recordings.path(t.ID, r.ID)); err == nil {
					continue
				}
				file, err := s.openRecording(ctx, rec, r)
				switch {
				case err == nil:
					file.Close()
				case ctx.Err() != nil:
					return ctx.Err()
				case !errors.Is(err, ErrGone) && !errors.Is(err, ErrNotReady):
					slog.Warn("a recording was not archived", "call", rec.ID, "err", err)
				}
			}
		}
	}
	return nil
}
