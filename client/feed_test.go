package client_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dozvon/client"
)

// TestEntryTypes_areAllOfThem: a type that is declared is in the list, and in what the API's description
// allows.
func TestEntryTypes_areAllOfThem(t *testing.T) {
	t.Parallel()
	var declared []client.EntryType
	file, err := parser.ParseFile(token.NewFileSet(), "feed.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != "EntryType" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		declared = append(declared, client.EntryType(value))
		return true
	})
	field, _ := reflect.TypeFor[client.FeedEntry]().FieldByName("Type")
	var described []client.EntryType
	for _, name := range strings.Split(field.Tag.Get("enum"), ",") {
		described = append(described, client.EntryType(name))
	}
	for what, all := range map[string][]client.EntryType{"EntryTypes lists": client.EntryTypes(), "the description allows": described} {
		if !slices.Equal(slices.Sorted(slices.Values(all)), slices.Sorted(slices.Values(declared))) {
			t.Errorf("%s %v, declared are %v", what, all, declared)
		}
	}
}
