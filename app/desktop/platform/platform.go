// Package platform holds what differs by operating system: placing the call card without
// taking the focus, window geometry, folders, language, opening folders and addresses. It draws nothing and knows nothing of calls; what a
// system cannot do is an error that names the operation and the system.
package platform

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Unsupported says that this system, or this session of it, cannot do Operation.
type Unsupported struct{ Operation, Why string }

func (u *Unsupported) Error() string {
	return fmt.Sprintf("%s is not possible on %s: %s", u.Operation, runtime.GOOS, u.Why)
}

// Rect is a place on the screen in pixels.
type Rect struct{ X, Y, Width, Height int }

// Wayland tells whether the session is Wayland's: our windows live in its X server then, which knows of no others.
func Wayland() bool {
	return os.Getenv("WAYLAND_DISPLAY") != "" || os.Getenv("XDG_SESSION_TYPE") == "wayland"
}

// ConfigDir is the folder of desktop.yaml.
func ConfigDir() string { return under(os.UserConfigDir) }

// StateDir is the folder of what the program remembers by itself.
func StateDir() string {
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "dozvon")
	}
	return under(os.UserConfigDir)
}

func under(find func() (string, error)) string {
	dir, err := find()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "dozvon")
}

// DownloadDir is where people look for files they saved: the system's own folder for it, which may
// lie on another disk.
func DownloadDir() string {
	if dir := knownDownloads(); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return os.TempDir()
	}
	for _, name := range []string{"Downloads", "Загрузки"} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return home
}

// Open shows a folder, a file or an address in the program the system has for it.
func Open(target string) error {
	name, args := "xdg-open", []string{target}
	switch runtime.GOOS {
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", target}
	case "darwin":
		name = "open"
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("opening %s: %w", target, err)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
