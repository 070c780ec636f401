package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// detachedProcess and newConsole are CreateProcess's flags.
const detachedProcess, newConsole = 0x8, 0x10

// asShell makes this test's binary a shell in a console: it starts the program as cmd.exe starts one with
// windows, without a console or standard files, and prints what then stands in the console.
func asShell() error {
	os.Setenv(asConsole, "")
	os.Setenv(asProgram, "1")
	line, err := windows.UTF16PtrFromString(`"` + os.Args[0] + `" dial двенадцать`)
	if err != nil {
		return err
	}
	var start windows.StartupInfo
	start.Cb = uint32(unsafe.Sizeof(start))
	var process windows.ProcessInformation
	if err := windows.CreateProcess(nil, line, nil, nil, false, detachedProcess, nil, nil, &start, &process); err != nil {
		return err
	}
	if _, err := windows.WaitForSingleObject(process.Process, windows.INFINITE); err != nil {
		return err
	}
	var code uint32
	if err := windows.GetExitCodeProcess(process.Process, &code); err != nil {
		return err
	}
	screen, err := consoleText()
	fmt.Printf("exit code %d\n%s\n", code, screen)
	return err
}

// consoleText reads the first lines of this process's console.
func consoleText() (string, error) {
	console, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer console.Close()
	cells := make([]uint16, 400)
	var got uint32
	read := windows.NewLazySystemDLL("kernel32.dll").NewProc("ReadConsoleOutputCharacterW")
	if ok, _, err := read.Call(console.Fd(), uintptr(unsafe.Pointer(&cells[0])), uintptr(len(cells)), 0, uintptr(unsafe.Pointer(&got))); ok == 0 {
		return "", fmt.Errorf("reading the console: %w", err)
	}
	return windows.UTF16ToString(cells[:got]), nil
}

// Operators get a program without a console (-H=windowsgui), which a shell gives no standard files.
func TestOutput_reachesTheConsoleOfTheShell(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asConsole+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: newConsole}
	out, err := cmd.CombinedOutput()
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if err != nil || !strings.Contains(string(out), "exit code 1") || !strings.Contains(string(out), `dozvon: "двенадцать" cannot be called`) {
		t.Errorf("%v\n%s", err, out)
	}
}
