//go:build linux

package wine

import (
	"flag"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var only = flag.String("packages", ".", "of the packages, test those whose path matches")

// packagesLeast is fewer than there are: a list that is much shorter has lost some.
const packagesLeast = 70

// testable are the packages with tests that need no C compiler for Windows.
func testable(t *testing.T) []string {
	t.Helper()
	run := func(name string, args ...string) []string {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = "../../.."
		cmd.Env = append(cmd.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
		out, err := cmd.Output()
		must(t, err)
		return strings.Fields(string(out))
	}
	packages := run(".ci/without-c", "windows", "migrated_fynedo")
	fit := run("go", append([]string{"list", "-tags", "migrated_fynedo", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}"}, packages...)...)
	if len(fit) < packagesLeast {
		t.Fatalf("only %d packages can be tested", len(fit))
	}
	return fit
}

// binaries builds the tests of the packages, and answers each one's file by its package. go names a
// test's file by the last part of the package's path, so that namesakes go to folders of their own.
func binaries(t *testing.T, packages []string) map[string]string {
	t.Helper()
	var folders [][]string
	namesakes, file := map[string]int{}, map[string]string{}
	for _, p := range packages {
		base := path.Base(p)
		n := namesakes[base]
		namesakes[base]++
		if n == len(folders) {
			folders = append(folders, nil)
		}
		folders[n] = append(folders[n], p)
		file[p] = path.Join("tests", strconv.Itoa(n), base+".test.exe")
	}
	for n, some := range folders {
		into := filepath.Join(*folder, "tests", strconv.Itoa(n)) + string(filepath.Separator)
		must(t, goWindows(false, append([]string{"test", "-c", "-tags", "migrated_fynedo", "-ldflags", "-s -w", "-o", into}, some...)...))
	}
	return file
}

// TestPackages_passAsExe runs the packages' own tests on Windows.
func TestPackages_passAsExe(t *testing.T) {
	t.Parallel()
	cache := cacheFolder(t)
	chosen, err := regexp.Compile(*only)
	must(t, err)
	packages := slices.DeleteFunc(testable(t), func(p string) bool { return !chosen.MatchString(p) })
	file := binaries(t, packages)
	d := desktop(t, cache)
	for _, p := range packages {
		t.Run(p, func(t *testing.T) {
			t.Parallel()
			d.test(t, p, file[p])
		})
	}
	// This one needs a C compiler, and has tests for Windows alone: of a click in Explorer, of consoles.
	const program = "dozvon/cmd/dozvon"
	if !chosen.MatchString(program) {
		return
	}
	t.Run(program, func(t *testing.T) {
		t.Parallel()
		must(t, app()) // the C of it is not compiled twice at once
		into := path.Join("tests", "c", "dozvon.test.exe")
		must(t, goWindows(true, "test", "-c", "-tags", "migrated_fynedo", "-ldflags", "-s -w", "-o", filepath.Join(*folder, into), program))
		d.test(t, program, into)
	})
}

// test runs the tests of a package, built into a file of the programs' folder.
func (d *Desktop) test(t *testing.T, name, file string) {
	t.Helper()
	dir := path.Join("/src", strings.TrimPrefix(name, "dozvon"))
	out, err := d.command(t.Context(), dir, 20*time.Minute, "", "wine", "/programs/"+file, "-test.short", "-test.timeout=19m", "-test.skip="+notHere[name])
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// notHere are tests that are left out, by package.
var notHere = map[string]string{
	// They read the project's source, and their lists have slashes.
	"dozvon/app": "^TestHouse_",
	// Links of Linux's desktops; wine makes such a link, and reads none.
	"dozvon/app/desktop/xdg": "^TestWrite_keepsALink$",
	// Its 600 MB hold on Linux; under wine the peak of a process is some 650 MB, with what wine itself keeps in it.
	"dozvon/app/server": "^TestSignIn_floodStaysUnder600MB$",
}
