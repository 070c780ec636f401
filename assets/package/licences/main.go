// Command licences writes assets/licences.txt: the licence of everything that the programs are built
// of, on every system, under the names of the modules that it covers.
//
//	go run ./assets/package/licences >assets/licences.txt
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The programs that are shipped, and the systems that they are built for.
var (
	programs = []string{"dozvon/cmd/dozvon", "dozvon/cmd/dozvon-server", "dozvon/cmd/dozvon-pbx"}
	systems  = []string{"linux", "windows", "darwin"}
)

// licence tells the files that hold terms.
var licence = regexp.MustCompile(`(?i)^(un)?licen[cs]e|^copying|^notice|^copyright`)

func main() {
	text, err := collect()
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
	fmt.Print(text)
}

// collect reads the terms of all modules; the same terms stand once, under all names.
func collect() (string, error) {
	files, err := find()
	if err != nil {
		return "", err
	}
	names := map[string][]string{} // by text
	for module, paths := range files {
		if len(paths) == 0 {
			return "", fmt.Errorf("%s has no licence: look what may be done with it", module)
		}
		slices.Sort(paths)
		var all []string
		for _, path := range slices.Compact(paths) {
			raw, err := os.ReadFile(path)
			if err != nil {
				return "", fmt.Errorf("reading a licence: %w", err)
			}
			all = append(all, clean(raw))
		}
		text := strings.Join(all, "\n\n")
		names[text] = append(names[text], module)
	}
	var sections []string
	for text, modules := range names {
		slices.Sort(modules)
		sections = append(sections, "== "+strings.Join(modules, ", ")+"\n\n"+text+"\n")
	}
	slices.Sort(sections)
	return strings.Join(sections, "\n"), nil
}

// clean has the ends of lines of one system, no blanks before them, and no line that looks like ours.
func clean(raw []byte) string {
	var out []string
	for line := range strings.Lines(string(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))) {
		line = strings.TrimRight(line, " \t\r\n\f")
		if strings.HasPrefix(line, "== ") {
			line = " " + line
		}
		out = append(out, line)
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// pkg is what go list tells of a package.
type pkg struct {
	Dir      string
	CgoFiles []string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// find tells the files with terms by module: those of each package's folder and of all above it in its
// module. C sources that came from elsewhere bring theirs in folders below.
func find() (map[string][]string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("asking where Go is: %w", err)
	}
	font, err := filepath.Glob("assets/fonts/LICENSE*")
	if err != nil || len(font) == 0 {
		return nil, errors.New("the font's licence is missing; run it in the project's folder")
	}
	files := map[string][]string{
		"Go": {filepath.Join(strings.TrimSpace(string(root)), "LICENSE")}, "Inter": font,
	}
	for _, system := range systems {
		packages, err := list(system)
		if err != nil {
			return nil, err
		}
		for _, p := range packages {
			if p.Standard || p.Module == nil || p.Module.Main {
				continue
			}
			found, err := p.terms()
			if err != nil {
				return nil, err
			}
			name := p.Module.Path + " " + p.Module.Version
			files[name] = append(files[name], found...)
		}
	}
	return files, nil
}

func (p pkg) terms() ([]string, error) {
	var found []string
	for dir := p.Dir; strings.HasPrefix(dir, p.Module.Dir); dir = filepath.Dir(dir) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, fmt.Errorf("looking for licences: %w", err)
		}
		for _, e := range entries {
			if !e.IsDir() && isTerms(e.Name()) {
				found = append(found, filepath.Join(dir, e.Name()))
			}
		}
	}
	if len(p.CgoFiles) == 0 {
		return found, nil
	}
	err := filepath.WalkDir(p.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && isTerms(d.Name()) {
			found = append(found, path)
		}
		return err
	})
	return found, err
}

func isTerms(name string) bool { return licence.MatchString(name) && filepath.Ext(name) != ".go" }

// list asks for every package that the programs are built of for a system. No C compiler is needed to ask.
func list(system string) ([]pkg, error) {
	cmd := exec.Command("go", append([]string{"list", "-e", "-deps", "-tags", "migrated_fynedo", "-json=Dir,CgoFiles,Standard,Module"}, programs...)...)
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing what the programs are built of for %s: %w: %s", system, err, faults.String())
	}
	var all []pkg
	for in := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := in.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		all = append(all, p)
	}
}
