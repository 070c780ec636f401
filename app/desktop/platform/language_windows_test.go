package platform

import (
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// Windows' own first language is what counts, not the format of its dates.
func TestLanguage_isThatOfWindows(t *testing.T) {
	t.Parallel()
	ui, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetUserDefaultUILanguage").Call()
	const russian = 0x19 // LANG_RUSSIAN, the lower ten bits of a language identifier
	if want := ui&0x3ff == russian; (Language() == "ru") != want {
		t.Errorf("language identifier %#x, but the program takes %q of %q", ui, Language(), systemLanguages())
	}
	t.Logf("language identifier %#x, languages %q, the program's %q, downloads in %q", ui, systemLanguages(), Language(), DownloadDir())
	if dir := DownloadDir(); !strings.Contains(dir, `\`) {
		t.Errorf("downloads go to %q", dir)
	}
}
