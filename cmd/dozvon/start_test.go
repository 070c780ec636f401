//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dozvon/app/desktop/control"
)

// started is the program's end: exit code, what it printed, what notifications it showed.
type started struct {
	code         int
	words, shown string
}

// start runs the program with a home of its own; heard tells that somebody reads what it prints. Notifications
// are asked for by notify-send, as no bus is there.
func start(t *testing.T, dir string, heard bool, env []string, args ...string) started {
	t.Helper()
	bin, log := filepath.Join(dir, "bin"), filepath.Join(dir, "notified")
	if err := errors.Join(os.MkdirAll(bin, 0o700), os.MkdirAll(filepath.Join(dir, "run"), 0o700)); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nprintf '%s\\n' \"$*\" >>" + log + "\n"
	if err := os.WriteFile(filepath.Join(bin, "notify-send"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append([]string{
		asProgram + "=1", "HOME=" + dir, "XDG_RUNTIME_DIR=" + filepath.Join(dir, "run"), "LANG=ru_RU.UTF-8",
		"PATH=" + bin + ":" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(dir, "nobody"),
	}, env...)
	var out bytes.Buffer
	if heard {
		cmd.Stdout, cmd.Stderr = &out, &out
	}
	err := cmd.Run()
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	shown, err := os.ReadFile(log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return started{cmd.ProcessState.ExitCode(), out.String(), string(shown)}
}

// TestStart_withoutADisplayIsOneSentence: GLFW's panic ended it, with the exit code of a usage error.
func TestStart_withoutADisplayIsOneSentence(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env  []string
		want string
	}{
		"none":                  {nil, "dozvon: there is no display; start dozvon from a desktop session\n"},
		"a dead one":            {[]string{"DISPLAY=:4077"}, "dozvon: the display cannot be opened (X11: Failed to open display :4077); start dozvon from a desktop session\n"},
		"nonsense":              {[]string{"DISPLAY=nonsense"}, "dozvon: the display cannot be opened (X11: Failed to open display nonsense); start dozvon from a desktop session\n"},
		"Wayland without X":     {[]string{"WAYLAND_DISPLAY=wayland-0"}, "dozvon: the display cannot be opened (X11: The DISPLAY environment variable is missing); start dozvon from a desktop session\n"},
		"Wayland with a dead X": {[]string{"WAYLAND_DISPLAY=wayland-0", "DISPLAY=:4077"}, "dozvon: the display cannot be opened (X11: Failed to open display :4077); start dozvon from a desktop session\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := start(t, t.TempDir(), true, tt.env); got.code != exitFailed || got.words != tt.want {
				t.Errorf("exit code %d:\n%s", got.code, got.words)
			}
		})
	}
}

// TestStart_manyAtOnceAlertOnce is about a start that fails by each of a page's links.
func TestStart_manyAtOnceAlertOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start(t, dir, true, nil) // makes the folders
	var starts sync.WaitGroup
	for range 8 {
		starts.Go(func() { start(t, dir, false, []string{"DISPLAY=:4077"}, "tel:+79145550261") })
	}
	starts.Wait()
	if got := start(t, dir, false, nil, "tel:bad"); strings.Count(got.shown, "\n") != 1 || !strings.Contains(got.shown, "Дозвон не запустился") {
		t.Errorf("notifications:\n%s", got.shown)
	}
}

// window is a running program that keeps what it was asked.
type window struct {
	control.Commands
	links chan string
}

func (w window) Start(_ context.Context, s control.Start) error { w.links <- s.Call; return nil }

// TestLink_thatIsNoNumberIsToldByTheRunningProgram: it was told as "Dozvon has not started", once for each.
func TestLink_thatIsNoNumberIsToldByTheRunningProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, "run", "dozvon")
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		t.Fatal(err)
	}
	instance, err := control.Acquire(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer instance.Close()
	running := window{links: make(chan string, 8)}
	go instance.Serve(running)
	for _, link := range []string{"tel:bad1", "tel:*21*89145550261%23"} {
		for _, heard := range []bool{false, true} {
			got := start(t, dir, heard, nil, link)
			if got.code != exitUsage || got.shown != "" || heard && !strings.HasPrefix(got.words, "dozvon: \""+link+"\" cannot be called: ") {
				t.Errorf("%s: exit code %d, notified %q:\n%s", link, got.code, got.shown, got.words)
			}
			select {
			case to := <-running.links:
				if to != link {
					t.Errorf("handed over %q", to)
				}
			default:
				t.Errorf("%s was not handed over", link)
			}
		}
	}
	if got := start(t, dir, true, nil, "dial", "*21*89145550261#"); got.code != exitFailed || !strings.Contains(got.words, "a service code is not called") {
		t.Errorf("dial: exit code %d:\n%s", got.code, got.words)
	}
	if got := start(t, t.TempDir(), true, nil, "tel:bad1"); got.code != exitUsage { // nothing runs; somebody reads
		t.Errorf("in a terminal: exit code %d:\n%s", got.code, got.words)
	}
}
