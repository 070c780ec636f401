package autostart

import (
	"strings"

	"dozvon/app/desktop/winreg"
)

const (
	runKey = `Software\Microsoft\Windows\CurrentVersion\Run`
	// approvedKey is where the Task Manager and the settings of Windows keep what was switched off there.
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
	valueName   = "Dozvon"
)

// RunKey starts a program by a value of the registry's Run key.
type RunKey struct {
	registry winreg.Registry
	program  string
}

// NewRunKey is program's value.
func NewRunKey(registry winreg.Registry, program string) RunKey { return RunKey{registry, program} }

// On is Entry's. What was switched off in the Task Manager keeps its value; the first byte of the other key
// is odd then.
func (r RunKey) On() (bool, error) {
	_, found, err := r.registry.String(runKey, valueName)
	if err != nil || !found {
		return false, err
	}
	approved, _, err := r.registry.Bytes(approvedKey, valueName)
	return len(approved) == 0 || approved[0]&1 == 0, err
}

// Program is Entry's.
func (r RunKey) Program() (string, error) {
	command, _, err := r.registry.String(runKey, valueName)
	if rest, quoted := strings.CutPrefix(command, `"`); quoted {
		command, _, _ = strings.Cut(rest, `"`)
		return command, err
	}
	return strings.TrimSuffix(command, " "+argument), err
}

// Set is Entry's.
func (r RunKey) Set(on bool) error {
	if err := r.registry.DeleteValue(approvedKey, valueName); err != nil {
		return err
	}
	if !on {
		return r.registry.DeleteValue(runKey, valueName)
	}
	return r.registry.SetString(runKey, valueName, `"`+r.program+`" `+argument)
}
