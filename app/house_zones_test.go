package app_test

import (
	"go/ast"
	"strings"
	"testing"
)

// Windows has no IANA zones: whoever asks for one by name brings them along, or the program
// that is built of it finds none there.
func TestHouse_whoAsksForAZoneBringsTheZonesAlong(t *testing.T) {
	t.Parallel()
	imports, _ := packages(t)
	asks := 0
	for _, s := range sources(t) {
		if s.test || !calls(s.file, "time", "LoadLocation") {
			continue
		}
		asks++
		if !imports[s.dir]["time/tzdata"] {
			t.Errorf("%s calls time.LoadLocation, and its package does not import time/tzdata", s.path())
		}
	}
	if asks == 0 {
		t.Error("nobody asks for a zone: the rule looks for the wrong thing")
	}
}

// Cobra ends a program that Windows' Explorer has started after five seconds, unless the text is empty.
func TestHouse_everyProgramStartsByADoubleClick(t *testing.T) {
	t.Parallel()
	imports, _ := packages(t)
	programs := 0
	for dir, names := range imports {
		if !strings.HasPrefix(dir, "cmd/") || !names["github.com/spf13/cobra"] {
			continue
		}
		programs++
		off := false
		for _, s := range sources(t) {
			if s.dir == dir && s.name == "main.go" {
				off = mainBeginsWithNoMousetrap(s.file)
			}
		}
		if !off {
			t.Errorf("main of %s does not begin with cobra.MousetrapHelpText = \"\"", dir)
		}
	}
	if programs < 3 {
		t.Errorf("only %d programs found", programs)
	}
}

// calls tells whether a file names what.name.
func calls(file *ast.File, what, name string) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == name {
			x, ok := s.X.(*ast.Ident)
			found = found || ok && x.Name == what
		}
		return !found
	})
	return found
}

func mainBeginsWithNoMousetrap(file *ast.File) bool {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Name.Name != "main" || len(f.Body.List) == 0 {
			continue
		}
		set, ok := f.Body.List[0].(*ast.AssignStmt)
		if !ok || len(set.Lhs) != 1 {
			return false
		}
		to, ok := set.Lhs[0].(*ast.SelectorExpr)
		value, isText := set.Rhs[0].(*ast.BasicLit)
		return ok && isText && to.Sel.Name == "MousetrapHelpText" && value.Value == `""`
	}
	return false
}
