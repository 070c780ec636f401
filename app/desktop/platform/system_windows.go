package platform

import (
	"log/slog"
	"unsafe"

	"fyne.io/fyne/v2/lang"
	"golang.org/x/sys/windows"
)

// systemLanguages are those that Windows' own windows are shown in, by preference. The toolkit reads the
// regional format (GetUserDefaultLocaleName), which is about dates and may be another.
func systemLanguages() []string {
	languages, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(languages) == 0 {
		slog.Warn("language of Windows unknown, its regional format is used", "error", err)
		return []string{string(lang.SystemLocale())}
	}
	return languages
}

// RestartAfterUpdates has Windows start the program again, with these arguments, after it was ended for an
// update or a restart; not after a crash.
func RestartAfterUpdates(arguments string) {
	const notCrash, notHang = 1, 2 // RESTART_NO_CRASH, RESTART_NO_HANG
	line, err := windows.UTF16PtrFromString(arguments)
	if err != nil {
		return
	}
	register := windows.NewLazySystemDLL("kernel32.dll").NewProc("RegisterApplicationRestart")
	if result, _, _ := register.Call(uintptr(unsafe.Pointer(line)), notCrash|notHang); result != 0 {
		slog.Warn("restart after updates not asked for", "result", result)
	}
}

// knownDownloads is the folder «Downloads», wherever the person or OneDrive has moved it.
func knownDownloads() string {
	dir, err := windows.KnownFolderPath(windows.FOLDERID_Downloads, windows.KF_FLAG_DEFAULT)
	if err != nil {
		slog.Warn("folder of downloads unknown, the home folder is used", "error", err)
		return ""
	}
	return dir
}
