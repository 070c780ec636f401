package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]*)?)(…?)`")
	function = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
	link     = regexp.MustCompile(`\]\(([^)#]+)`)
)

// read gives the project's files whose names end in suffix, by path from the project's folder.
func read(t *testing.T, suffix string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == ".git" || name == "build") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, suffix) {
			return nil
		}
		raw, err := os.ReadFile(path)
		files[path] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestDocs_nameTestsThatExist: a proof that is named and not there proves nothing.
func TestDocs_nameTestsThatExist(t *testing.T) {
	t.Parallel()
	var all []string
	for _, text := range read(t, "_test.go") {
		for _, m := range function.FindAllStringSubmatch(text, -1) {
			all = append(all, m[1])
		}
	}
	named := 0
	for path, text := range read(t, ".md") {
		for _, m := range testName.FindAllStringSubmatch(text, -1) {
			named++
			found := false
			for _, name := range all {
				found = found || name == m[1] || m[2] != "" && strings.HasPrefix(name, m[1])
			}
			if !found {
				t.Errorf("%s names %s%s, which does not exist", path, m[1], m[2])
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d tests are named", named)
	}
}

// TestDocs_linkToWhatExists: a page of the project leads to files that are there.
func TestDocs_linkToWhatExists(t *testing.T) {
	t.Parallel()
	for path, text := range read(t, ".md") {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s leads to %s: %v", path, m[1], err)
			}
		}
	}
}

// TestDocs_mapNamesEveryRoom: the README's map has all of the server's rooms, and none that is no more.
func TestDocs_mapNamesEveryRoom(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "The server's rooms")
	rooms, _, found := strings.Cut(rest, "Tests (`app/house_")
	if !found {
		t.Fatal("the README has no map of rooms")
	}
	folders, err := os.ReadDir("server")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if f.IsDir() && f.Name() != "testdata" && !strings.Contains(rooms, "`"+f.Name()+"`") {
			t.Errorf("app/server/%s is not on the map", f.Name())
		}
	}
	for _, m := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(rooms, -1) {
		known := false
		for _, dir := range []string{"server", "server/store"} {
			_, err := os.Stat(filepath.Join(dir, m[1]))
			known = known || err == nil
		}
		if !known {
			t.Errorf("the map names %s, which is no room", m[1])
		}
	}
}
