package autostart_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/app/desktop/autostart"
	"dozvon/app/desktop/winreg/winregtest"
)

// program is a path with what desktops, registries and XML each give a meaning of their own.
const program = `/opt/Школа & Ко/100%/dozvon`

// entries are all systems' entries of a program, on this machine.
func entries(t *testing.T, program string) map[string]autostart.Entry {
	t.Helper()
	return map[string]autostart.Entry{
		"Linux":   autostart.NewDesktopFile(t.TempDir(), program),
		"macOS":   autostart.NewLaunchAgent(t.TempDir(), program),
		"Windows": autostart.NewRunKey(&winregtest.Memory{}, program),
	}
}

func wantOn(t *testing.T, name string, e autostart.Entry, want bool) {
	t.Helper()
	if on, err := e.On(); on != want || err != nil {
		t.Errorf("%s: on is %t (%v), want %t", name, on, err, want)
	}
}

func TestEntry_isSwitchedOnAndOff(t *testing.T) {
	t.Parallel()
	for name, e := range entries(t, program) {
		wantOn(t, name, e, false)
		for _, on := range []bool{true, true, false, false, true} { // a repeat changes nothing
			if err := e.Set(on); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			wantOn(t, name, e, on)
		}
		if got, err := e.Program(); got != program || err != nil {
			t.Errorf("%s starts %q, %v", name, got, err)
		}
	}
}

// TestRepair_followsAProgramThatWasMoved, and leaves another copy alone that is still there.
func TestRepair_followsAProgramThatWasMoved(t *testing.T) {
	t.Parallel()
	other := filepath.Join(t.TempDir(), "dozvon")
	if err := os.WriteFile(other, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	config, home, reg := t.TempDir(), t.TempDir(), &winregtest.Memory{}
	of := func(program string) map[string]autostart.Entry {
		return map[string]autostart.Entry{
			"Linux": autostart.NewDesktopFile(config, program), "macOS": autostart.NewLaunchAgent(home, program),
			"Windows": autostart.NewRunKey(reg, program),
		}
	}
	for name, now := range of(program) {
		if err := autostart.Repair(now); err != nil {
			t.Fatal(err)
		}
		wantOn(t, name, now, false) // what is off stays off
		for _, tt := range []struct{ registered, want string }{{other, other}, {filepath.Join(t.TempDir(), "gone"), program}} {
			if err := of(tt.registered)[name].Set(true); err != nil {
				t.Fatal(err)
			}
			if err := autostart.Repair(now); err != nil {
				t.Fatal(err)
			}
			if got, err := now.Program(); got != tt.want || err != nil {
				t.Errorf("%s: after %s it starts %s (%v), want %s", name, tt.registered, got, err, tt.want)
			}
		}
	}
}

// TestDesktopFile_seesWhatTheDesktopsOwnSettingsSay.
func TestDesktopFile_seesWhatTheDesktopsOwnSettingsSay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := autostart.NewDesktopFile(dir, "/usr/bin/dozvon")
	for _, off := range []string{"Hidden=true\n", "X-GNOME-Autostart-enabled=false\n"} {
		if err := e.Set(true); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "autostart", "dozvon.desktop")
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), "\nExec=/usr/bin/dozvon --background\n") {
			t.Errorf("it starts by\n%s", raw)
		}
		if err := os.WriteFile(path, append(raw, off...), 0o600); err != nil {
			t.Fatal(err)
		}
		wantOn(t, off, e, false)
	}
}

// TestRunKey_seesWhatTheTaskManagerSays: it keeps the value and notes that it is off.
func TestRunKey_seesWhatTheTaskManagerSays(t *testing.T) {
	t.Parallel()
	reg := &winregtest.Memory{}
	e := autostart.NewRunKey(reg, `C:\Program Files\Dozvon\dozvon.exe`)
	if err := e.Set(true); err != nil {
		t.Fatal(err)
	}
	const run = `Software\Microsoft\Windows\CurrentVersion\Run`
	if got, _, _ := reg.String(run, "Dozvon"); got != `"C:\Program Files\Dozvon\dozvon.exe" --background` {
		t.Errorf("it starts by %s", got)
	}
	const approved = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
	reg.Set(approved, "Dozvon", []byte{3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8})
	wantOn(t, "switched off in the Task Manager", e, false)
	if err := e.Set(true); err != nil {
		t.Fatal(err)
	}
	wantOn(t, "switched on again here", e, true)
	reg.Set(approved, "Dozvon", []byte{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	wantOn(t, "switched on in the Task Manager", e, true)
}
