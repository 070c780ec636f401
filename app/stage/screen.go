//go:build linux

package stage

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// stillTries bounds how often the screen is looked at again while it moves.
const stillTries = 12

// Shot saves the whole screen as a picture and returns its path. It waits until the screen stands
// still, so that no card is caught half-way; a second hand that ticks is no reason to wait long.
func (s *Stage) Shot(ctx context.Context, name string) (string, error) {
	path := filepath.Join(s.cfg.Shots, name+".png")
	before := ""
	for range stillTries {
		if _, err := s.Output(ctx, "import", "-silent", "-window", "root", path); err != nil {
			return path, err
		}
		now, err := s.Output(ctx, "identify", "-format", "%#", path) // a hash of the pixels
		if err != nil || now == before {
			return path, err
		}
		before = now
	}
	return path, nil
}

// Click presses the left button at a point of the screen.
func (s *Stage) Click(ctx context.Context, x, y int) error {
	_, err := s.Output(ctx, "xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y), "click", "1")
	return err
}

// Move puts the pointer somewhere, e.g. out of the picture.
func (s *Stage) Move(ctx context.Context, x, y int) error {
	_, err := s.Output(ctx, "xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y))
	return err
}

// Focused is the X id of the window with the keyboard focus.
func (s *Stage) Focused(ctx context.Context) (string, error) {
	out, err := s.Output(ctx, "xdotool", "getwindowfocus")
	return strings.TrimSpace(out), err
}

// Editor is a terminal that writes every key it gets to a file.
type Editor struct {
	stage  *Stage
	window string
	File   string
}

// OpenEditor opens the terminal and gives it the focus.
func (s *Stage) OpenEditor(ctx context.Context) (*Editor, error) {
	e := &Editor{stage: s, File: filepath.Join(s.dir, "typed")}
	script := "stty raw -echo; touch " + e.File + "; exec cat >> " + e.File
	if err := s.start("xterm", exec.Command("xterm", "-T", "editor", "-geometry", "60x10+40+40", "-e", "sh", "-c", script)); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	err := Until(limited, "the editor's window", func() bool {
		out, err := s.Output(limited, "xdotool", "search", "--name", "^editor$")
		e.window = strings.TrimSpace(strings.Split(out, "\n")[0])
		return err == nil && e.window != ""
	})
	if err != nil {
		return nil, err
	}
	return e, e.Focus(limited)
}

// Focus gives the editor the keyboard.
func (e *Editor) Focus(ctx context.Context) error {
	if _, err := e.stage.Output(ctx, "xdotool", "windowactivate", "--sync", e.window); err != nil {
		return err
	}
	return Until(ctx, "the editor to have the focus", func() bool {
		have, err := e.stage.Focused(ctx)
		return err == nil && have == e.window
	})
}

// HasFocus reports whether keys would reach the editor now.
func (e *Editor) HasFocus(ctx context.Context) (bool, error) {
	have, err := e.stage.Focused(ctx)
	return have == e.window, err
}

// Type presses keys one after another, wherever the focus is.
func (s *Stage) Type(ctx context.Context, text string, delayMS int) error {
	_, err := s.Output(ctx, "xdotool", "type", "--delay", strconv.Itoa(delayMS), text)
	return err
}

// Loudness is the root mean square of what the sound server plays for two seconds, 0 for silence.
func (s *Stage) Loudness(ctx context.Context) (float64, error) {
	script := "timeout 2 parec --latency-msec=50 -d nul.monitor --format=s16le --rate=8000 --channels=1 | sox -t raw -r 8000 -e signed -b 16 -c 1 - -n stat 2>&1"
	out, err := s.Output(ctx, "sh", "-c", script)
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(out, "\n") {
		if value, ok := strings.CutPrefix(line, "RMS     amplitude:"); ok {
			rms, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || math.IsNaN(rms) {
				return 0, nil // not one sample came: nothing plays
			}
			return rms, nil
		}
	}
	return 0, fmt.Errorf("sox measured nothing: %s", out)
}
