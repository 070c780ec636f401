//go:build linux

package stage_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"dozvon/app/stage"
)

// TestTour is the end-to-end test: the real programs as processes, on a real display with a
// window manager, a bus, a tray host, a keyring and a sound server.
func TestTour(t *testing.T) {
	build, err := filepath.Abs("../../build")
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	s, err := stage.Open(t.Context(), stage.Config{Bin: build, Shots: filepath.Join(build, "screenshots"), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	tour, err := stage.OpenTour(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range stage.Steps {
		ok := t.Run(step.Name, func(t *testing.T) {
			if err := tour.Run(t.Context(), step); err != nil {
				t.Fatal(err)
			}
		})
		if !ok {
			return // each step begins where the one before ended
		}
	}
}
