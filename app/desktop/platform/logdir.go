package platform

import (
	"os"
	"path/filepath"
	"runtime"
)

// LogDir is where this system's programs keep the logs of a person: ~/.local/state (XDG base directory
// specification), ~/Library/Logs, %LOCALAPPDATA%.
func LogDir() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "dozvon", "logs")
	}
	switch runtime.GOOS {
	case "windows":
		if dir, err := os.UserCacheDir(); err == nil {
			return filepath.Join(dir, "dozvon", "logs")
		}
	case "darwin":
		return filepath.Join(home, "Library", "Logs", "Dozvon")
	}
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "dozvon")
	}
	return filepath.Join(home, ".local", "state", "dozvon")
}
