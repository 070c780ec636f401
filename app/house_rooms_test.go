package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// floors are the rooms of the server from the ground up: a room imports none from a floor above its own.
var floors = [][]string{
	{"access", "bilingual", "bodyfault", "call", "chores", "crm", "deadline", "disk", "entry", "exports", "health", "hookbody", "match", "metrics", "origin", "outbound", "pbx", "plaintext", "report", "requestid", "revision", "sandbox", "schools", "search", "table", "texts", "tracing", "wire"},
	{"store", "pgtest"},
	{"account", "audit", "backup", "stream", "subscription"},
	{"directory", "doctor", "sessions"},
	{"subject", "lifecycle", "welcome"},
	{"callers", "callview", "feed", "presence", "routerules", "undo"},
	{"calls"},
	{"cards", "connectivity", "reconcile", "recordings"},
	{"followup", "flags", "timeline", "imports", "addressbook", "indexer", "morning", "person", "retention"},
	{"demo", "api"},
	{"front"},
}

// source is one Go file of the project.
type source struct {
	dir, name string // the folder from the root of the repository, with slashes
	test      bool
	text      string
	file      *ast.File
	set       *token.FileSet
}

func (s source) path() string { return s.dir + "/" + s.name }

// sources reads all Go files of the project.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, root := range []string{"../app", "../client", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			dir := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), "../"))
			all = append(all, source{dir: dir, name: d.Name(), test: strings.HasSuffix(path, "_test.go"), text: string(text), file: file, set: set})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 300 {
		t.Fatalf("only %d files found", len(all))
	}
	return all
}

// checkExceptions compares what breaks a rule with what may for the time being: each exception must
// vanish, so one that no longer breaks the rule fails as well.
func checkExceptions(t *testing.T, found map[string]string, allowed []string) {
	t.Helper()
	for _, what := range slices.Sorted(maps.Keys(found)) {
		if !slices.Contains(allowed, what) {
			t.Errorf("%s: %s", what, found[what])
		}
	}
	for _, what := range allowed {
		if _, still := found[what]; !still {
			t.Errorf("%s keeps the rule now: take it from the list", what)
		}
	}
}

func TestHouse_noRoomKnowsOneAboveIt(t *testing.T) {
	t.Parallel()
	floorOf := map[string]int{}
	for i, rooms := range floors {
		for _, room := range rooms {
			floorOf[room] = i
		}
	}
	room := func(dir string) (string, bool) {
		rest, ok := strings.CutPrefix(dir, "app/server/")
		name, _, _ := strings.Cut(rest, "/")
		return name, ok
	}
	imports, _ := packages(t)
	for dir, names := range imports {
		here, ok := room(dir)
		if !ok {
			continue
		}
		floor, known := floorOf[here]
		if !known {
			t.Errorf("%s stands on no floor: give it one", dir)
		}
		for name := range names {
			there, ok := room(strings.TrimPrefix(name, "dozvon/"))
			if ok && floorOf[there] > floor {
				t.Errorf("%s imports %s, which stands above it", dir, name)
			}
		}
	}
}

const (
	// linesMost bounds a package, in lines without its tests.
	linesMost = 3000
	// methodsMost bounds a receiver.
	methodsMost = 40
)

func TestHouse_packagesStaySmall(t *testing.T) {
	t.Parallel()
	lines := map[string]int{}
	for _, s := range sources(t) {
		if !s.test {
			lines[s.dir] += strings.Count(s.text, "\n")
		}
	}
	found := map[string]string{}
	for dir, n := range lines {
		if n > linesMost && dir != "app/server/store" {
			found[dir] = "more than 3,000 lines"
		}
	}
	checkExceptions(t, found, []string{})
}

func TestHouse_receiversStaySmall(t *testing.T) {
	t.Parallel()
	free := []string{"app/server/store.Store", "app/server/store.Tx", "client.API"}
	methods := map[string]int{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && !s.test {
				methods[s.dir+"."+receiver(f)]++
			}
		}
	}
	found := map[string]string{}
	for name, n := range methods {
		if n > methodsMost && !slices.Contains(free, name) {
			found[name] = "more than 40 methods"
		}
	}
	checkExceptions(t, found, []string{})
}

// receiver is the name of a method's type.
func receiver(f *ast.FuncDecl) string {
	expr := f.Recv.List[0].Type
	for {
		switch x := expr.(type) {
		case *ast.StarExpr:
			expr = x.X
		case *ast.IndexExpr:
			expr = x.X
		case *ast.IndexListExpr:
			expr = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// kinds are the kinds of PBXs, as their folders are called.
var kinds = []string{"mango", "beeline", "itoolabs"}

// TestHouse_aKindOfPBXIsNamedInItsFoldersAlone lets the server's list of kinds name all of them, and
// the programs that practise, show and measure.
func TestHouse_aKindOfPBXIsNamedInItsFoldersAlone(t *testing.T) {
	t.Parallel()
	free := []string{"app/server/config.go", "app/bench", "app/stage", "app/practice", "app/server/demo", "app/drill", "cmd/dozvon-pbx", "cmd/dozvon-tour"}
	found := map[string]string{}
	for _, s := range sources(t) {
		if s.test || slices.ContainsFunc(free, func(f string) bool { return s.path() == f || s.dir == f }) {
			continue
		}
		for _, kind := range kinds {
			own := slices.Contains(strings.Split(s.dir, "/"), kind)
			if !own && strings.Contains(strings.ToLower(s.text), kind) {
				found[s.path()] = "names " + kind
			}
		}
	}
	checkExceptions(t, found, []string{})
}

func TestHouse_packagesWithStateHaveTests(t *testing.T) {
	t.Parallel()
	state, tested := map[string]string{}, map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			tested[s.dir] = true
			continue
		}
		if what := stateOf(s.file); what != "" {
			state[s.dir] = "keeps state in " + what + " and has no tests beside it"
		}
	}
	found := map[string]string{}
	for dir, what := range state {
		if !tested[dir] && !strings.HasPrefix(dir, "cmd/") {
			found[dir] = what
		}
	}
	checkExceptions(t, found, []string{})
}

// stateOf names a method that changes a field of its own receiver; empty when there is none.
func stateOf(file *ast.File) string {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Body == nil || len(f.Recv.List[0].Names) == 0 {
			continue
		}
		if _, pointer := f.Recv.List[0].Type.(*ast.StarExpr); !pointer {
			continue
		}
		self, changes := f.Recv.List[0].Names[0].Name, false
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.AssignStmt:
				changes = changes || x.Tok != token.DEFINE && slices.ContainsFunc(x.Lhs, func(e ast.Expr) bool { return fieldOf(e, self) })
			case *ast.IncDecStmt:
				changes = changes || fieldOf(x.X, self)
			}
			return true
		})
		if changes {
			return receiver(f) + "." + f.Name.Name
		}
	}
	return ""
}

func fieldOf(e ast.Expr, self string) bool {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			if id, ok := x.X.(*ast.Ident); ok {
				return id.Name == self
			}
			e = x.X
		default:
			return false
		}
	}
}

// oldWords are words of a private vocabulary that no identifier holds any more, whole or as a part
// (in camel case). The wire is exempt: its paths and fields stay.
var oldWords = []oldWord{
	{"app/server", "office", "directory.Snapshot"},
	{"app/server", "trunk", "integration"},
	{"app/server", "desk", "extension"},
	{"app/server", "switchboard", "calls, directory, …"},
	{"app/server", "dress", "attachSubjects, applyState"},
	{"app", "honest", "coverage"},
	{"app", "honesty", "coverage"},
	{"app", "learnt", "wordCache"},
	{"app", "letgo", "reassignManual"},
	{"app", "giveto", "assignCall"},
	{"app", "mayundo", "offerUndo"},
	{"app", "bell", "connectivityTest"},
	{"app", "bells", "connectivityTests"},
	{"app", "hop", "stage"},
	{"app", "hops", "stages"},
	{"app", "scene", "timeline"},
	{"app", "slip", "typo"},
	{"app", "concerned", "participants"},
}

// oldNames are old only as whole identifiers.
var oldNames = []oldWord{
	{"app", "ErrNotMine", "ErrLostClaim"},
	{"app", "Owned", "OwnerOf"},
	{"app", "Late", "Conflict"},
	{"app", "Patient", "HealthReporter"},
	{"app", "Careful", "Degraded"},
	{"app", "Rest", "Resting"},
	{"app", "Near", "FuzzyMatch"},
	{"app", "elsewhere", "externalCRM, answeredByOther"},
	{"app", "askedDesk", "calleeExtension"},
	{"app", "TakeMissed", "ClaimMissed"},
	{"app", "TakeStale", "DequeueStale"},
	{"app/server", "enter", "saveCallEntry"},
	{"app/server", "takeBack", "revert"},
	{"app/server", "double", "duplicate"},
	{"app/server/calls", "take", "applyEvent"},
	{"app/server/calls", "takeAll", "applyEvents"},
	{"app/server/store", "ord", "indexKey"},
}

// oldWord is a word that is not used any more below a folder, and what took its place.
type oldWord struct{ in, word, now string }

// meantSo are identifiers whose words mean what they say.
var meantSo = []string{
	"app/desktop/audio.hop", // of a signal's window
}

func TestHouse_oldNamesAreGone(t *testing.T) {
	t.Parallel()
	found := map[string]string{}
	for _, s := range sources(t) {
		for id, at := range declared(s.file) {
			name := s.dir + "." + id
			now := nowCalled(s, id)
			if now != "" && !slices.Contains(meantSo, name) {
				found[name] = path.Base(s.set.Position(at).Filename) + ": it is called " + now
			}
		}
	}
	checkExceptions(t, found, []string{})
}

// nowCalled is what an old identifier is called now; empty when it is not old.
func nowCalled(s source, id string) string {
	in := func(w oldWord) bool { return s.dir == w.in || strings.HasPrefix(s.dir, w.in+"/") }
	for _, w := range oldNames {
		if id == w.word && in(w) {
			return w.now
		}
	}
	words := camelWords(id)
	for _, w := range oldWords {
		if in(w) && slices.Contains(words, w.word) {
			return w.now
		}
	}
	return ""
}

// declared are the identifiers that a file declares, also inside functions, and its package's.
func declared(file *ast.File) map[string]token.Pos {
	all := map[string]token.Pos{file.Name.Name: file.Name.Pos()}
	add := func(ids ...*ast.Ident) {
		for _, id := range ids {
			all[id.Name] = id.Pos()
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncDecl:
			add(x.Name)
		case *ast.TypeSpec:
			add(x.Name)
		case *ast.ValueSpec:
			add(x.Names...)
		case *ast.Field:
			add(x.Names...)
		case *ast.AssignStmt:
			if x.Tok == token.DEFINE {
				for _, e := range x.Lhs {
					if id, ok := e.(*ast.Ident); ok {
						add(id)
					}
				}
			}
		}
		return true
	})
	return all
}

// camelWords parts an identifier into its words, in small letters, and adds each two that follow each
// other as one.
func camelWords(id string) []string {
	var words []string
	begin := 0
	letters := []rune(id)
	for i := 1; i <= len(letters); i++ {
		if i == len(letters) || letters[i] == '_' || unicode.IsUpper(letters[i]) && !unicode.IsUpper(letters[i-1]) {
			words = append(words, strings.ToLower(strings.Trim(string(letters[begin:i]), "_")))
			begin = i
		}
	}
	for i := range len(words) - 1 {
		words = append(words, words[i]+words[i+1])
	}
	return words
}
