package api

import (
	"errors"
	"log/slog"
	"net/http"

	"dozvon/app/server/disk"
	"dozvon/app/server/store"
)

// leastRoom is the free space below which the server calls itself not ready: a webhook needs some
// kilobytes, the database's log up to 4 MB before it is folded back.
const leastRoom = 8 << 20

// ready tells whether requests are answered and what the PBX sends is kept.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	err := s.Store.Ready(r.Context())
	if err == nil && s.Folder != "" {
		if free, ferr := disk.Free(s.Folder); ferr == nil && free < leastRoom {
			err = store.ErrFull
		}
	}
	switch {
	case err == nil:
		w.Write([]byte("ready\n"))
		if s.Exposed {
			w.Write([]byte("warning: plain HTTP beyond this machine, passwords and calls go unencrypted\n"))
		}
		return
	case r.Context().Err() != nil:
		return
	}
	slog.Error("not ready", "err", err)
	why := "the database does not answer"
	if errors.Is(err, store.ErrFull) {
		why = "disk_full: the disk is full; nothing new is kept until there is room"
	}
	http.Error(w, why, http.StatusServiceUnavailable)
}
