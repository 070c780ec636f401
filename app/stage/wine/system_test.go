//go:build linux

package wine

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var folder = flag.String("wine", "", "run the Windows desktop; programs and tests are built into this folder")

// cacheFolder is where the system with wine is kept. Where it cannot be, or the desktop cannot run, the test is
// skipped, and says why.
func cacheFolder(t *testing.T) string {
	t.Helper()
	if *folder == "" {
		t.Skip("make test-windows runs it")
	}
	if err := Needs(); err != nil {
		t.Skip(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("%v: no folder for the system with wine: %v", ErrCannot, err)
	}
	dir := filepath.Join(cache, "dozvon", "wine")
	if err := Reachable(t.Context(), dir); err != nil {
		t.Skip(err)
	}
	must(t, os.MkdirAll(*folder, 0o755))
	return dir
}

// desktop opens a Windows desktop for one test, or skips it and says why.
func desktop(t *testing.T, cache string) *Desktop {
	t.Helper()
	made, err := Ready(t.Context(), cache, func(words string) { fmt.Fprintln(os.Stderr, words) })
	if errors.Is(err, ErrCannot) {
		t.Skip(err)
	}
	must(t, err)
	source, err := filepath.Abs("../../..")
	must(t, err)
	log := &strings.Builder{}
	d, err := Open(t.Context(), Config{System: made, Programs: *folder, Source: source, Shots: filepath.Join(source, "build", "screenshots"), Log: log})
	must(t, err)
	t.Cleanup(func() {
		d.Close()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	// It starts Windows, too. Where wine itself does not run, nothing of ours is to blame.
	if _, err := d.Run(t.Context(), "cmd", "/c", "exit"); err != nil {
		t.Skipf("%v: wine does not start: %v", ErrCannot, err)
	}
	return d
}

// goWindows runs go for Windows, with or without a C compiler.
func goWindows(cgo bool, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir = "../../.."
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if cgo {
		cmd.Env = append(cmd.Env, "CGO_ENABLED=1", "CC=x86_64-w64-mingw32-gcc")
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// app is built once. Where go's cache is empty that takes minutes, nearly all of them for one package in C, and
// on one core; what is done meanwhile costs no time.
var app = sync.OnceValue(func() error {
	// What operators get: a program without a console.
	return goWindows(true, "build", "-tags", "migrated_fynedo", "-ldflags", "-s -w -H=windowsgui", "-o", *folder+string(filepath.Separator), "./cmd/dozvon")
})

// tools are the other programs, built once.
var tools = sync.OnceValue(func() error {
	into := *folder + string(filepath.Separator)
	if err := goWindows(false, "build", "-o", into, "./cmd/dozvon-server", "./cmd/dozvon-pbx", "./app/stage/wine/winlook"); err != nil {
		return err
	}
	winlook, err := os.ReadFile(filepath.Join(*folder, "winlook.exe"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*folder, "explorer.exe"), winlook, 0o755)
})

// withPrograms is desktop, with the programs built meanwhile.
func withPrograms(t *testing.T, cache string) *Desktop {
	t.Helper()
	built := make(chan error, 1)
	go func() { built <- errors.Join(tools(), app()) }()
	d := desktop(t, cache)
	must(t, <-built)
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSystem_readsTheMirrorsOfBothFormats(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "sources.list"), "# deb http://commented.example/debian trixie main\n"+
		"deb [arch=amd64 signed-by=/k.gpg] http://old.example/debian bookworm main\ndeb-src http://source.example/debian bookworm main\n")
	write(t, filepath.Join(dir, "sources.list.d", "debian.sources"), "Types: deb\nURIs: http://new.example/debian https://second.example/debian\nSuites: bookworm\n")
	want := []string{"http://new.example/debian", "http://old.example/debian", "https://second.example/debian"}
	if got := mirrors(dir); !slices.Equal(got, want) {
		t.Errorf("mirrors %q, want %q", got, want)
	}
}

func TestSystem_takesTheMirrorThatHasTheRelease(t *testing.T) {
	t.Parallel()
	mirror := func(releases ...string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(releases, r.URL.Path) {
				http.NotFound(w, r)
			}
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	other, right := mirror("/nodistro/dists/nodistro/InRelease"), mirror("/debian/dists/trixie/InRelease")
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, tt := range map[string]struct {
		list string
		want string
		err  error
	}{
		"one of three": {"deb " + gone.URL + "/debian x y\ndeb " + other + "/nodistro x y\ndeb " + right + "/debian/ x y\n", right + "/debian/", nil},
		"none":         {"deb " + gone.URL + "/debian x y\ndeb " + other + "/nodistro x y\n", "", ErrCannot},
		"no sources":   {"", "", ErrCannot},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, "sources.list"), tt.list)
			got, err := findMirror(context.Background(), dir)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%q, %v, want %q, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(text), 0o644))
}
