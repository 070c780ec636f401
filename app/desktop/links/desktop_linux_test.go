package links_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/app/desktop/links"
)

// TestDesktop_isWhatXDGToolsOpenLinksWith: xdg-open starts the program with the whole link, xdg-mime names
// it, and undone the one before opens it again.
func TestDesktop_isWhatXDGToolsOpenLinksWith(t *testing.T) {
	for _, tool := range []string{"xdg-mime", "xdg-open"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is not installed: make deps does it", tool)
		}
	}
	home := t.TempDir()
	config, data := filepath.Join(home, ".config"), filepath.Join(home, ".local", "share")
	program := func(name string) string {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\nprintf '%s' \"$*\" > "+filepath.Join(home, name+".got")+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	environment := append([]string{}, os.Environ()...)
	environment = append(environment, "HOME="+home, "XDG_CONFIG_HOME="+config, "XDG_DATA_HOME="+data,
		"XDG_DATA_DIRS="+filepath.Join(home, "none"), "XDG_CONFIG_DIRS="+filepath.Join(home, "none"), "XDG_CURRENT_DESKTOP=", "DESKTOP_SESSION=", "DISPLAY=:0")
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Env = environment
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", name, args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	t.Setenv("XDG_CURRENT_DESKTOP", "")
	applications := filepath.Join(data, "applications")
	if err := os.MkdirAll(applications, 0o700); err != nil {
		t.Fatal(err)
	}
	entry := "[Desktop Entry]\nType=Application\nName=Phone\nExec=" + program("phone") + " %u\nMimeType=x-scheme-handler/tel;\n"
	if err := os.WriteFile(filepath.Join(applications, "phone.desktop"), []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	run("xdg-mime", "default", "phone.desktop", "x-scheme-handler/tel")

	h := links.NewDesktop(config, data, program("dozvon"))
	set(t, h, true)
	for _, scheme := range links.Schemes {
		if got := run("xdg-mime", "query", "default", "x-scheme-handler/"+scheme); got != "dozvon-links.desktop" {
			t.Errorf("%s: is opened by %q", scheme, got)
		}
	}
	run("xdg-open", "tel:+79145550148;ext=104")
	if got := text(t, filepath.Join(home, "dozvon.got")); got != "tel:+79145550148;ext=104" {
		t.Errorf("it was started with %q", got)
	}
	set(t, h, false)
	if got := run("xdg-mime", "query", "default", "x-scheme-handler/tel"); got != "phone.desktop" {
		t.Errorf("undone it is opened by %q", got)
	}
}
