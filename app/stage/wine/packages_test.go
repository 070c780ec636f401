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
		build(t, false, append([]string{"test", "-c", "-tags", "migrated_fynedo", "-ldflags", "-s -w", "-o", into}, some...)...)
	}
	return file
}

// TestPackages_passAsExe runs the packages' own tests on Windows.
func TestPackages_passAsExe(t *testing.T) {
	d := desktop(t)
	chosen, err := regexp.Compile(*only)
	must(t, err)
	packages := slices.DeleteFunc(testable(t), func(p string) bool { return !chosen.MatchString(p) })
	file := binaries(t, packages)
	// This one needs a C compiler, and has tests for Windows alone: of a click in Explorer, of consoles.
	const app = "dozvon/cmd/dozvon"
	file[app] = path.Join("tests", "c", "dozvon.test.exe")
	build(t, true, "test", "-c", "-tags", "migrated_fynedo", "-ldflags", "-s -w", "-o", filepath.Join(*folder, file[app]), app)
	for _, p := range append(packages, app) {
		t.Run(p, func(t *testing.T) {
			t.Parallel()
			dir := path.Join("/src", strings.TrimPrefix(p, "dozvon"))
			out, err := d.command(t.Context(), dir, 20*time.Minute, "", "wine", "/programs/"+file[p], "-test.short", "-test.timeout=19m", "-test.skip="+notHere[p])
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// notHere are tests that are left out, by package.
var notHere = map[string]string{
	// They read the project's source, and their lists have slashes.
	"dozvon/app": "^TestHouse_",
	// Whole servers, 288 tests: a quarter of an hour under wine.
	"dozvon/app/server": ".",
}
