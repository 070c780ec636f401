package autostart

import (
	"path/filepath"

	"dozvon/app/desktop/xdg"
)

// DesktopFile starts a program by a file in the folder autostart (Desktop Application Autostart
// Specification 0.5).
type DesktopFile struct {
	path, program string
}

// NewDesktopFile is program's file below a person's folder of settings.
func NewDesktopFile(configHome, program string) DesktopFile {
	return DesktopFile{filepath.Join(configHome, "autostart", "dozvon.desktop"), program}
}

// On is Entry's. Settings of desktops switch an entry off without deleting it.
func (d DesktopFile) On() (bool, error) {
	text, err := xdg.Read(d.path)
	return text != "" && xdg.Value(text, "Hidden") != "true" && xdg.Value(text, "X-GNOME-Autostart-enabled") != "false", err
}

// Program is Entry's.
func (d DesktopFile) Program() (string, error) {
	text, err := xdg.Read(d.path)
	return xdg.Program(xdg.Value(text, "Exec")), err
}

// Set is Entry's.
func (d DesktopFile) Set(on bool) error {
	if !on {
		return xdg.Remove(d.path)
	}
	return xdg.Write(d.path, xdg.Entry{
		{"Type", "Application"},
		{"Name", "Dozvon"},
		{"Name[ru]", "Дозвон"},
		{"TryExec", d.program}, // deleted with the program still to be started, it is passed over
		{"Exec", xdg.Exec(d.program, argument)},
		{"Icon", "ru.dozvon.app"},
		{"Terminal", "false"},
	}.Text(), 0o644)
}
