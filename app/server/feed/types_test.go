package feed_test

import (
	"testing"

	"dozvon/app/server/entry"

	"dozvon/app/server/store/textindex"
	"dozvon/app/server/texts"
)

// TestTypes_ofEntriesAreWhole: a type of entry that is new has a bit in the full-text index, or searching
// for it looks through everything, and a name in exported tables.
func TestTypes_ofEntriesAreWhole(t *testing.T) {
	t.Parallel()
	for _, of := range entry.Types() {
		if !textindex.HasOwnKind(string(of)) {
			t.Errorf("%s has no bit in the full-text index", of)
		}
		if !texts.Has("value." + string(of)) {
			t.Errorf("%s has no name in exports: the text value.%s", of, of)
		}
	}
}
