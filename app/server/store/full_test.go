package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestOpen_onAFullDiskSaysSo and nothing else: it was told after what the library met when it undid its work.
func TestOpen_onAFullDiskSaysSo(t *testing.T) {
	t.Parallel()
	address := "sqlite://" + filepath.Join(t.TempDir(), "dozvon.db")
	for _, pages := range []int{2, 20} {
		_, err := Open(t.Context(), address, time.Now, func(o *options) { o.pages = pages })
		if !errors.Is(err, ErrFull) || err.Error() != ErrFull.Error() {
			t.Errorf("with room for %d pages: %v", pages, err)
		}
	}
	s, err := Open(t.Context(), address, time.Now) // there is room again
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// TestIsAway_isNotSaidOfAFile: a recording that could not be written was told as a database that does not answer.
func TestIsAway_isNotSaidOfAFile(t *testing.T) {
	t.Parallel()
	_, err := os.ReadFile(t.TempDir())
	if err == nil || IsAway(fmt.Errorf("writing the recording: %w", err)) {
		t.Errorf("%v is told as the database's", err)
	}
	if !IsAway(fmt.Errorf("asking the database: %w", context.DeadlineExceeded)) {
		t.Error("a database that does not answer in time is not away")
	}
}
