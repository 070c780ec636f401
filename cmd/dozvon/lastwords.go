package main

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
)

// lastWords tells the person why the toolkit ends the process. Without OpenGL, as over some remote
// desktops, Fyne can make no window; it logs that in three lines and exits, so that no error returns.
type lastWords struct {
	slog.Handler
	ending *atomic.Bool
	tell   func(cause string)
}

func newLastWords(to slog.Handler, tell func(cause string)) lastWords {
	return lastWords{to, &atomic.Bool{}, tell}
}

// Handle tells as soon as the cause was logged.
func (l lastWords) Handle(ctx context.Context, r slog.Record) error {
	err := l.Handler.Handle(ctx, r)
	words := strings.TrimSpace(r.Message)
	if strings.HasPrefix(words, "Fyne error:") {
		l.ending.Store(strings.Contains(words, "window creation error"))
		return err
	}
	if cause, ok := strings.CutPrefix(words, "Cause:"); ok && l.ending.CompareAndSwap(true, false) {
		l.tell(strings.TrimSpace(cause))
	}
	return err
}
