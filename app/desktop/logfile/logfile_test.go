package logfile_test

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/logfile"
)

// crashIn makes this test's binary end by a crash of the runtime, as nothing else shows what it leaves.
const crashIn = "DOZVON_TEST_CRASH_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashIn); dir != "" {
		if err := logfile.KeepCrashes(dir); err != nil {
			panic(err)
		}
		go func() { panic("the card fell") }()
		select {}
	}
	os.Exit(m.Run())
}

func TestLog_writesToTheFileAndTheTerminal(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "logs", "dozvon")
	var terminal bytes.Buffer
	for _, line := range []string{"первая", "вторая"} { // two starts
		log, err := logfile.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		slog.New(log.Handler(&terminal)).Info(line, "call", "c1")
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		if log.Path() != filepath.Join(dir, "dozvon.log") {
			t.Errorf("its path is %s", log.Path())
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "dozvon.log"))
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]string{"file": string(text), "terminal": terminal.String()} {
		if strings.Count(got, "\n") != 2 || !strings.Contains(got, "msg=первая call=c1") || !strings.Contains(got, "msg=вторая call=c1") {
			t.Errorf("the %s has\n%s", what, got)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "dozvon.log")); err != nil || info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		t.Errorf("others may read it: %v, %v", info, err)
	}
}

func TestLog_neverGrowsWithoutEnd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log, err := logfile.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	logger := slog.New(log.Handler(&bytes.Buffer{}))
	line := strings.Repeat("x", 1<<20)
	for range 40 {
		logger.Info(line)
	}
	const limit = 5 << 20
	for end := time.Now().Add(time.Minute); ; <-time.After(10 * time.Millisecond) { // old files go in the background
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) <= 4 {
			for _, file := range files {
				if info, err := os.Stat(file); err != nil || info.Size() > limit {
					t.Errorf("%s: %v, %v", file, info, err)
				}
			}
			return
		}
		if time.Now().After(end) {
			t.Fatalf("there are %d files: %v", len(files), files)
		}
	}
}

func TestLog_saysWhereItCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := logfile.Open(filepath.Join(file, "logs")); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file in place of its folder: %v", err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "dozvon.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := logfile.Open(dir); err == nil || !strings.Contains(err.Error(), "dozvon.log") {
		t.Errorf("a folder in place of the file: %v", err)
	}
}

func TestKeepCrashes_leavesWhatTheRuntimeSaid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "crash.log")
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), 2<<20), 0o600); err != nil { // of years
		t.Fatal(err)
	}
	for n := 1; n <= 2; n++ {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashIn+"="+dir)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: the card fell") {
			t.Fatalf("it ended with %v\n%s", err, out)
		}
		text, err := os.ReadFile(path)
		if err != nil || strings.Count(string(text), "panic: the card fell") != n || len(text) > 1<<20 {
			t.Errorf("after %d crashes the file has %v %.2000s", n, err, text)
		}
	}
}
