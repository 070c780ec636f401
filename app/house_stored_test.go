package app_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// TestHouse_theWireIsNotStored: what the database keeps as JSON has forms of its own (store/form), whose
// fields are none of the API's types; so renaming one of those changes no row. The journal is the
// exception: its rows are what the stream sends.
func TestHouse_theWireIsNotStored(t *testing.T) {
	t.Parallel()
	// jsonItself are the files of the store that write JSON without a form, and what they write.
	jsonItself := map[string]string{
		"app/server/store/audit.go":        "an audit's detail, a map of texts",
		"app/server/store/calls.go":        "a call's facts, events of the domain",
		"app/server/store/card_rows.go":    "a card's tags, a list of texts",
		"app/server/store/cursor.go":       "a text",
		"app/server/store/integrations.go": "an account's fields, maps of texts",
		"app/server/store/journal.go":      "the stream's own rows",
		"app/server/store/route_rules.go":  "how rules stand, in a form of its own",
		"app/server/store/seal.go":         "an account's fields, maps of texts",
	}
	forms := 0
	for _, s := range sources(t) {
		switch {
		case s.test:
		case s.dir == "app/server/api":
		case strings.HasPrefix(s.dir, "app/server/"):
			forms += noWireInForms(t, s)
		}
		switch {
		case s.test || s.dir == "app/server/store/form":
		case s.dir == "app/server/store" && (strings.Contains(s.text, "json.Marshal") || strings.Contains(s.text, "json.Unmarshal")):
			if jsonItself[s.path()] == "" {
				t.Errorf("%s keeps JSON without a form", s.path())
			}
		}
	}
	if forms < 10 {
		t.Errorf("only %d forms found", forms)
	}
}

// noWireInForms counts the structs of a file that travel as JSON, and refuses those that hold a type of the API.
func noWireInForms(t *testing.T, s source) int {
	t.Helper()
	structs := 0
	ast.Inspect(s.file, func(n ast.Node) bool {
		of, ok := n.(*ast.StructType)
		if !ok {
			return true
		}
		if !slices.ContainsFunc(of.Fields.List, func(f *ast.Field) bool { return f.Tag != nil && strings.Contains(f.Tag.Value, "json:") }) {
			return true
		}
		structs++
		for _, field := range of.Fields.List {
			if field.Tag != nil && strings.Contains(field.Tag.Value, `json:"-"`) {
				continue
			}
			if wire := mentions(field.Type, "client"); wire != "" {
				t.Errorf("%s: what is kept as JSON holds client.%s", s.set.Position(field.Pos()), wire)
			}
		}
		return true
	})
	return structs
}

// mentions gives the name that a type takes from a package; empty: none.
func mentions(expr ast.Expr, pkg string) string {
	found := ""
	ast.Inspect(expr, func(n ast.Node) bool {
		if x, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := x.X.(*ast.Ident); ok && id.Name == pkg {
				found = x.Sel.Name
			}
		}
		return true
	})
	return found
}
