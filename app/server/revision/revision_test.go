package revision_test

import (
	"testing"

	"dozvon/app/server/revision"
)

func TestHolds_readsIfMatchAsProgramsWriteIt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, ifMatch string
		want          bool
	}{
		{"no header", "", true},
		{"blanks", "  ", true},
		{"the same", `"v3"`, true},
		{"an older one", `"v2"`, false},
		{"anything that is there", "*", true},
		{"a star among others", `"v1", *`, true},
		{"made weak by a proxy", `W/"v3"`, true},
		{"weak and old", `W/"v2"`, false},
		{"in a list", `"v1", "v2" ,"v3"`, true},
		{"a list without it", `"v1",W/"v2"`, false},
		{"a comma inside a tag", `"v1,v3", "x"`, false},
		{"a comma inside the tag before", `"a,b","v3"`, true},
		{"without quotes", "v3", true},
		{"a quote that never ends", `"v3`, true},
		{"a longer tag", `"v33"`, false},
		{"the tag inside another", `"xv3"`, false},
		{"nothing but commas", ",,,", false},
		{"a star that is quoted is a tag", `"*"`, false},
		{"junk", "\x00;=", false},
	}
	for _, tt := range tests {
		if got := revision.Holds(revision.Expect(t.Context(), tt.ifMatch), revision.Version(3)); got != tt.want {
			t.Errorf("%s: If-Match %q holds: %v, want %v", tt.name, tt.ifMatch, got, tt.want)
		}
	}
}

func TestOf_isTheContentAlone(t *testing.T) {
	t.Parallel()
	type record struct {
		Name string
		Tags []string
	}
	a, b := record{"Анна", []string{"x"}}, record{"Анна", []string{"x"}}
	if revision.Of(a) != revision.Of(b) || revision.Of(a) == revision.Of(record{"Анна", nil}) {
		t.Error("the tag is not that of the content")
	}
}
