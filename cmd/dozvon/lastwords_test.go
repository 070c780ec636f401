package main

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

func TestLastWords_tellWhyNoWindowCanBeMade(t *testing.T) {
	t.Parallel()
	var told []string
	var log bytes.Buffer
	logger := slog.New(newLastWords(slog.NewTextHandler(&log, nil), func(cause string) { told = append(told, cause) }))
	lines := []string{
		"started",
		"Fyne error:  Error parsing user locale C", "  Cause: language: tag is not well-formed", "  At: locale.go:35",
		"Cause: nothing", // of nobody's
		// As Fyne 2.7.1 logs them on an X server without GLX, before it exits.
		"Fyne error:  window creation error", "  Cause: APIUnavailable: GLX: GLX extension not found", "  At: driver.go:147",
		"  Cause: of something later",
	}
	for _, line := range lines {
		logger.Info(line)
	}
	if want := []string{"APIUnavailable: GLX: GLX extension not found"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	if strings.Count(log.String(), "\n") != len(lines) {
		t.Errorf("the log has\n%s", &log)
	}
}
