package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A program whose parent is called explorer.exe was ended by cobra after five seconds, with exit code 1.
func TestStart_byADoubleClickInExplorer(t *testing.T) {
	t.Parallel()
	explorer := filepath.Join(t.TempDir(), "explorer.exe")
	copyFile(t, os.Args[0], explorer)
	cmd := exec.Command(explorer)
	cmd.Env = append(os.Environ(), asExplorer+"="+os.Args[0])
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "dozvon [tel:NUMBER]") {
		t.Errorf("%v\n%s", err, out)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
