// Package logfile keeps the tray app's log in a file that never grows without end, as there is nobody to
// read its standard error, and what the runtime says of a crash in a second one. It decides no level
// and writes no line of its own.
package logfile

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"gopkg.in/natefinch/lumberjack.v2"
)

const (
	// sizeLimit of the file in use, in megabytes: about a week of a busy operator.
	sizeLimit = 5
	// kept is how many full files stay beside it, for keptDays at most.
	kept     = 3
	keptDays = 90
	// crashLimit is the size in bytes from which the crashes before are dropped.
	crashLimit = 1 << 20

	name      = "dozvon.log"
	crashName = "crash.log"
)

// Log is an open log. Close it when nothing is logged any more.
type Log struct{ file *lumberjack.Logger }

// Open makes the folder and checks that the log can be written there.
func Open(dir string) (*Log, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the log: %w", err)
	}
	path := filepath.Join(dir, name)
	// The library opens it at the first line only.
	if err := touch(path); err != nil {
		return nil, fmt.Errorf("opening the log: %w", err)
	}
	return &Log{&lumberjack.Logger{Filename: path, MaxSize: sizeLimit, MaxBackups: kept, MaxAge: keptDays, LocalTime: true}}, nil
}

// Path is the file in use.
func (l *Log) Path() string { return l.file.Filename }

// Handler writes to the file and to the terminal, too.
func (l *Log) Handler(terminal io.Writer) slog.Handler {
	return slog.NewMultiHandler(slog.NewTextHandler(terminal, nil), slog.NewTextHandler(l.file, nil))
}

// Close ends the log.
func (l *Log) Close() error { return l.file.Close() }

// KeepCrashes has the runtime write what it says of a crash of this process to a file in dir, beside
// standard error.
func KeepCrashes(dir string) error {
	path := filepath.Join(dir, crashName)
	if info, err := os.Stat(path); err == nil && info.Size() > crashLimit {
		if err := os.Truncate(path, 0); err != nil {
			return fmt.Errorf("emptying the file of crashes: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("opening the file of crashes: %w", err)
	}
	defer f.Close() // the runtime keeps a copy of the handle
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		return fmt.Errorf("keeping crashes: %w", err)
	}
	return nil
}

func touch(path string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
