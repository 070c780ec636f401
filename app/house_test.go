// Package app_test keeps the house in order: which package may know which, and that each says
// what it holds. The rules are those of the README's «Where things are».
package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// forbidden says: no package below from imports one whose path begins with what.
var forbidden = []struct{ from, what, why string }{
	{"client", "dozvon/app", "the API's client carries, it does not decide"},
	{"app/mango", "dozvon/", "the protocol knows nothing of the project"},
	{"app/itoolabs", "dozvon/", "the protocol knows nothing of the project"},
	{"app/beeline", "dozvon/", "the protocol knows nothing of the project"},
	{"app/mp3", "dozvon/", "a file's frames know nothing of the project"},
	{"app/phone", "dozvon/", "a number knows nothing of the project"},
	{"app/desktop", "dozvon/app/server", "the app knows the server by its API only"},
	{"app/desktop", "dozvon/app/mango", "beyond the adapter a call is a call"},
	{"app/desktop", "dozvon/app/practice", "the practice PBX is no part of the app"},
	{"app/server", "dozvon/app/desktop", "the server knows no screen"},
	{"app/server", "fyne.io/", "the server knows no screen"},
	{"app/server", "dozvon/app/practice", "the practice PBX is no part of the server"},
	{"app/practice", "dozvon/app/server", "the practice PBX sees the server only from outside"},
	{"app/server/call", "database/sql", "the domain knows no SQL"},
	{"app/server/call", "net/http", "the domain knows no HTTP"},
	{"app/server/crm", "database/sql", "the domain knows no SQL"},
	{"app/server/crm", "net/http", "the domain knows no HTTP"},
	{"app/server/imports", "database/sql", "the domain knows no SQL"},
	{"app/server/imports", "net/http", "the domain knows no HTTP"},
	{"app/server/table", "dozvon/", "a table knows nothing of what its rows mean"},
	{"app/server/feed", "database/sql", "the domain knows no SQL"},
	{"app/server/feed", "net/http", "the domain knows no HTTP"},
	{"app/server/report", "database/sql", "the domain knows no SQL"},
	{"app/server/report", "net/http", "the domain knows no HTTP"},
	{"app/server/api", "database/sql", "SQL is in store alone"},
	{"app/server/calls", "database/sql", "SQL is in store alone"},
	{"app/server/calls", "net/http", "HTTP is in api alone"},
	{"app/server/callview", "database/sql", "SQL is in store alone"},
	{"app/server/callview", "net/http", "HTTP is in api alone"},
	{"app/server/audit", "database/sql", "SQL is in store alone"},
	{"app/server/audit", "net/http", "HTTP is in api alone"},
	{"app/server/directory", "database/sql", "SQL is in store alone"},
	{"app/server/directory", "net/http", "HTTP is in api alone"},
	{"app/server/subject", "database/sql", "SQL is in store alone"},
	{"app/server/subject", "net/http", "HTTP is in api alone"},
	{"app/server/undo", "database/sql", "SQL is in store alone"},
	{"app/server/undo", "net/http", "HTTP is in api alone"},
	{"app/server/cards", "database/sql", "SQL is in store alone"},
	{"app/server/cards", "net/http", "HTTP is in api alone"},
	{"app/server/recordings", "database/sql", "SQL is in store alone"},
	{"app/server/recordings", "net/http", "HTTP is in api alone"},
	{"app/server/reconcile", "database/sql", "SQL is in store alone"},
	{"app/server/reconcile", "net/http", "HTTP is in api alone"},
	{"app/server/match", "database/sql", "the domain knows no SQL"},
	{"app/server/match", "net/http", "the domain knows no HTTP"},
	{"app/server/followup", "database/sql", "SQL is in store alone"},
	{"app/server/followup", "net/http", "HTTP is in api alone"},
	{"app/server/addressbook", "database/sql", "SQL is in store alone"},
	{"app/server/addressbook", "net/http", "HTTP is in api alone"},
	{"app/server/presence", "database/sql", "SQL is in store alone"},
	{"app/server/presence", "net/http", "HTTP is in api alone"},
	{"app/server/connectivity", "database/sql", "SQL is in store alone"},
	{"app/server/connectivity", "net/http", "HTTP is in api alone"},
	{"app/server/indexer", "database/sql", "SQL is in store alone"},
	{"app/server/backup", "database/sql", "SQL is in store alone"},
	{"app/server/doctor", "database/sql", "SQL is in store alone"},
	{"app/server/backup", "net/http", "HTTP is in api alone"},
	{"app/server/indexer", "net/http", "HTTP is in api alone"},
	{"app/server/schools", "dozvon/", "what a school is made of is not the set's affair"},
	{"app/server/schools", "net/http", "HTTP is in front alone"},
	{"app/server/schools", "database/sql", "SQL is in store alone"},
	{"app/server/front", "database/sql", "SQL is in store alone"},
	{"app/server/api", "dozvon/app/mango", "Mango's words are in its adapter alone"},
	{"app/server/calls", "dozvon/app/mango", "Mango's words are in its adapter alone"},
	{"app/server/reconcile", "dozvon/app/mango", "Mango's words are in its adapter alone"},
	{"app/server/store", "dozvon/app/mango", "Mango's words are in its adapter alone"},
	{"app/desktop/model", "fyne.io/", "the model is tested without a screen"},
	{"app/desktop/present", "fyne.io/", "words are tested without a screen"},
	{"app/desktop/session", "fyne.io/", "a session needs no screen"},
}

// packages reads the imports of every package, tests left out, and whether it has a doc.
func packages(t *testing.T) (imports map[string]map[string]bool, documented map[string]bool) {
	t.Helper()
	imports, documented = map[string]map[string]bool{}, map[string]bool{}
	for _, root := range []string{"../app", "../client", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
			if err != nil {
				return err
			}
			dir := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), "../"))
			if imports[dir] == nil {
				imports[dir] = map[string]bool{}
			}
			for _, i := range file.Imports {
				name, _ := strconv.Unquote(i.Path.Value)
				imports[dir][name] = true
			}
			documented[dir] = documented[dir] || file.Doc != nil
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return imports, documented
}

func TestHouse_dependenciesGoOneWay(t *testing.T) {
	t.Parallel()
	imports, _ := packages(t)
	if len(imports) < 20 {
		t.Fatalf("only %d packages found", len(imports))
	}
	for dir, names := range imports {
		for _, rule := range forbidden {
			if dir != rule.from && !strings.HasPrefix(dir, rule.from+"/") {
				continue
			}
			for name := range names {
				if strings.HasPrefix(name, rule.what) && !strings.HasPrefix(name, "dozvon/"+rule.from) {
					t.Errorf("%s imports %s: %s", dir, name, rule.why)
				}
			}
		}
	}
}

func TestHouse_everyPackageSaysWhatItHolds(t *testing.T) {
	t.Parallel()
	_, documented := packages(t)
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}
