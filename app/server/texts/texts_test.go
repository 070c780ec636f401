package texts_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"dozvon/app/bilingual"
	"dozvon/app/server/texts"
)

func TestMessage_isToldInTheLanguageOfWhoeverReads(t *testing.T) {
	t.Parallel()
	blocked := texts.Of("problem.pbx_blocked", texts.Args{"why": bilingual.Text{RU: "неверный ключ", EN: "a wrong key"}}, texts.Args{"until": "12:00:00"})
	for language, want := range map[string]string{
		"ru": "АТС временно не принимает команды: неверный ключ (12:00:00)",
		"en": "The PBX takes no commands for now: a wrong key (12:00:00)",
		"kk": "АТС временно не принимает команды: неверный ключ (12:00:00)",
	} {
		if got := blocked.In(language); got != want {
			t.Errorf("in %s: %q, want %q", language, got, want)
		}
	}
}

func TestMatch_takesTheFirstLanguageIfThereIsAFile(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "ru", "en": "en", "EN-us,en;q=0.9": "en", "ru": "ru", "ru-RU": "ru", "fr, en;q=0.5": "ru", " en ;q=1": "en", "entirely": "ru",
	} {
		if got := texts.Match(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// files are the texts as they stand in their files, by language.
func files(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	found, err := filepath.Glob("*.json")
	if err != nil || len(found) < 2 {
		t.Fatalf("files %q, %v", found, err)
	}
	for _, name := range found {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var of map[string]string
		if err := json.Unmarshal(raw, &of); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[strings.TrimSuffix(name, ".json")] = of
	}
	return all
}

func TestTexts_everyLanguageTellsTheSame(t *testing.T) {
	t.Parallel()
	all := files(t)
	for language, of := range all {
		for code, text := range all[texts.Default] {
			other, ok := of[code]
			if !ok {
				t.Errorf("%s is not told in %s", code, language)
				continue
			}
			if got, want := places(other), places(text); !slices.Equal(got, want) {
				t.Errorf("%s has the placeholders %q in %s, %q in %s", code, got, language, want, texts.Default)
			}
		}
		for code := range of {
			if _, ok := all[texts.Default][code]; !ok {
				t.Errorf("%s is told in %s alone", code, language)
			}
		}
	}
}

func places(text string) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// use is one texts.Of in the server's code.
type use struct {
	where, code string
	begins      bool // code is only the beginning
	args        []string
	told        bool // args is all of them
}

// uses finds them, and the string literals in Russian.
func uses(t *testing.T) (all []use, russian map[string][]string) {
	t.Helper()
	russian = map[string][]string{}
	for _, root := range []string{"..", "../../../cmd/dozvon-server"} {
		err := filepath.WalkDir(root, func(at string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(at, ".go") || strings.HasSuffix(at, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, at, nil, 0)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(at), "../")
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if n.Kind == token.STRING && strings.ContainsFunc(n.Value, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
						russian[name] = append(russian[name], n.Value)
					}
				case *ast.CallExpr:
					if u, ok := useOf(n); ok {
						u.where = set.Position(n.Pos()).String()
						all = append(all, u)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all, russian
}

func useOf(call *ast.CallExpr) (use, bool) {
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Of" || len(call.Args) == 0 {
		return use{}, false
	}
	if pkg, ok := fun.X.(*ast.Ident); !ok || pkg.Name != "texts" {
		return use{}, false
	}
	u := use{told: call.Ellipsis == token.NoPos}
	code := call.Args[0]
	for {
		sum, ok := code.(*ast.BinaryExpr)
		if !ok {
			break
		}
		code, u.begins = sum.X, true
	}
	lit, ok := code.(*ast.BasicLit)
	if !ok {
		return use{}, false // a variable: its own test says what it may be
	}
	u.code, _ = strconv.Unquote(lit.Value)
	for _, arg := range call.Args[1:] {
		values, ok := arg.(*ast.CompositeLit)
		if !ok {
			u.told = false
			continue
		}
		for _, e := range values.Elts {
			if key, ok := e.(*ast.KeyValueExpr).Key.(*ast.BasicLit); ok {
				name, _ := strconv.Unquote(key.Value)
				u.args = append(u.args, name)
			}
		}
	}
	slices.Sort(u.args)
	return u, true
}

// viaVariable are the beginnings of codes that reach texts.Of in a variable.
var viaVariable = []string{"problem.", "request.", "input."}

func TestTexts_everyCodeIsThereAndUsed(t *testing.T) {
	t.Parallel()
	all := files(t)[texts.Default]
	used := map[string]bool{}
	calls, _ := uses(t)
	if len(calls) < 50 {
		t.Fatalf("only %d uses found", len(calls))
	}
	for _, u := range calls {
		found := false
		for code, text := range all {
			if code != u.code && (!u.begins || !strings.HasPrefix(code, u.code)) {
				continue
			}
			found, used[code] = true, true
			if got := places(text); !u.begins && u.told && !slices.Equal(got, u.args) {
				t.Errorf("%s: %s has the placeholders %q, it is given %q", u.where, code, got, u.args)
			}
		}
		if !found {
			t.Errorf("%s: there is no text %q", u.where, u.code)
		}
	}
	for code := range all {
		if !used[code] && !slices.ContainsFunc(viaVariable, func(begin string) bool { return strings.HasPrefix(code, begin) }) {
			t.Errorf("nobody tells %s", code)
		}
	}
}

// russianData is where Russian stands in the code for what it is: what files of others are read by, what
// people type, names of a made-up school, letters. Each line says which.
var russianData = map[string]string{
	"access/strength.go":                "the keys of a Russian keyboard",
	"crm/school.go":                     "a new school's templates of messages, which it then changes",
	"doctor.go":                         "the app's pages by their names, for whoever stands before its window",
	"imports/cells.go":                  "what cells are read by",
	"imports/draft.go":                  "what Excel and lists write into cells",
	"imports/duplicate.go":              "letters that are written for one another",
	"imports/guess.go":                  "what headings are recognised by",
	"imports/dates.go":                  "what dates are read by",
	"imports/headings.go":               "what headings are recognised by",
	"search/words.go":                   "letters that are typed for one another",
	"subject/former.go":                 "what former versions have stored",
	"../../cmd/dozvon-server/import.go": "the help's example of a column",
	"exports/exports.go":                "what an import reads an extension by",
}

func TestTexts_standInTheCatalogueAlone(t *testing.T) {
	t.Parallel()
	_, russian := uses(t)
	for name, literals := range russian {
		if _, ok := russianData[name]; ok || strings.HasPrefix(name, "demo/") { // demo makes a school up
			continue
		}
		if strings.HasPrefix(name, "pbx/") && strings.Count(name, "/") > 1 {
			// Its brands' own names are its kind's.
			if base := path.Base(name); !strings.HasSuffix(base, "words.go") && base != "texts.go" && base != "kind.go" {
				t.Errorf("%s tells people something: that stands in its adapter's words.go: %.60s", name, literals[0])
			}
			continue
		}
		t.Errorf("%s has %d texts that belong to the catalogue: %.60s", name, len(literals), literals[0])
	}
	for name := range russianData {
		if len(russian[name]) == 0 {
			t.Errorf("%s has no Russian any more: take its line out", name)
		}
	}
}
