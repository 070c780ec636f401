package links

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/windows"

	"dozvon/app/desktop/winreg"
)

// System is the running program in this system.
func System() (Handler, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program: %w", err)
	}
	return NewCapabilities(winreg.CurrentUser{}, program, tellShell), nil
}

const associationsChanged = 0x08000000 // SHCNE_ASSOCCHANGED

func tellShell() {
	notify := windows.NewLazySystemDLL("shell32.dll").NewProc("SHChangeNotify")
	_, _, _ = notify.Call(associationsChanged, 0, 0, 0)
}

// Chosen tells whether the person chooses who opens the links in the system's own settings.
const Chosen = true

// Choose opens the settings of Windows where that is chosen. Windows 11 goes to our own page there.
func Choose() error {
	cmd := exec.Command("rundll32", "url.dll,FileProtocolHandler", "ms-settings:defaultapps?registeredAppUser=Dozvon")
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("opening the settings of Windows: %w", err)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
