//go:build linux

package package_test

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestBundle_saysWhatMacOSAsks makes the bundle around a program that is built already, as far as that goes
// without a Mac.
func TestBundle_saysWhatMacOSAsks(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(program, []byte("a program"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	for range 2 { // a second one replaces the first
		if said, err := exec.Command("../../.ci/package-macos", "--bin", program, "--out", out).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	contents := filepath.Join(out, "Dozvon.app", "Contents")
	list := readList(t, filepath.Join(contents, "Info.plist"))
	executable := filepath.Join(contents, "MacOS", list["CFBundleExecutable"][0])
	if info, err := os.Stat(executable); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the program is %v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(contents, "Resources", "licences.txt")); err != nil {
		t.Error(err)
	}
	toml, err := os.ReadFile("../../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	if version := list["CFBundleShortVersionString"][0]; !strings.Contains(string(toml), `"`+version+`"`) {
		t.Errorf("its version %q is not the program's", version)
	}
	if schemes := list["CFBundleURLSchemes"]; !slices.Equal(schemes, []string{"tel", "callto", "sip"}) {
		t.Errorf("it opens links of %q", schemes)
	}
	if !slices.Equal(list["LSUIElement"], []string{"true"}) {
		t.Error("it shows in the Dock")
	}
}

func TestBundle_isRefusedInWordsWithoutAMac(t *testing.T) {
	t.Parallel()
	said, err := exec.Command("../../.ci/package-macos", "--out", t.TempDir()).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "a Mac only") {
		t.Errorf("%v: %s", err, said)
	}
}

// readList reads the strings and truths of a property list, by the key before them.
func readList(t *testing.T, path string) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out, key := map[string][]string{}, ""
	for decoder := xml.NewDecoder(bytes.NewReader(raw)); ; {
		token, err := decoder.Token()
		if token == nil {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch name := start.Name.Local; name {
		case "key", "string":
			var text string
			if err := decoder.DecodeElement(&text, &start); err != nil {
				t.Fatal(err)
			}
			if name == "key" {
				key = text
			} else {
				out[key] = append(out[key], text)
			}
		case "true", "false":
			out[key] = append(out[key], name)
		}
	}
}
