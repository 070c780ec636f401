package server_test

import (
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"dozvon/client"
)

// TestRecording_onAFullDiskIsNotThePBXsFault: people were told to check the server's internet, and the PBX was asked
// four times.
func TestRecording_onAFullDiskIsNotThePBXsFault(t *testing.T) {
	t.Parallel()
	f := newSlowFile(t)
	close(f.rest)
	var cut atomic.Bool
	cut.Store(true)
	s, c := recorded(t, func(w http.ResponseWriter, r *http.Request) {
		if cut.Load() && r.Method == http.MethodGet {
			w.Header().Set("Content-Length", "1000")
			w.Write(f.body[:500]) // and no more
			return
		}
		f.ServeHTTP(w, r)
	})
	if _, err := s.listenTo(c, 0); err == nil {
		t.Fatal("a broken recording passed")
	}
	parts, err := filepath.Glob(filepath.Join(s.data, "recordings", "*.part"))
	if err != nil || len(parts) != 1 {
		t.Fatalf("%v, %v", parts, err)
	}
	if err := os.Remove(parts[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", parts[0]); err != nil {
		t.Fatal(err)
	}
	cut.Store(false)
	var p *client.Problem
	if _, err := s.listenTo(c, 0); !asProblem(err, &p) || p.Code != "disk_full" || p.Status != http.StatusInsufficientStorage {
		t.Errorf("answered %v", err)
	}
	if n := f.asked.Load(); n != 1 {
		t.Errorf("the PBX was asked %d times", n)
	}
}
