package notice_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dozvon/app/desktop/ui/notice"
)

func TestUntold_isEachSentenceOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dozvon", "told")
	for _, tt := range []struct{ ask, want []string }{
		{nil, nil},
		{[]string{"a"}, []string{"a"}},
		{[]string{"a"}, nil},
		{[]string{"a", "b"}, []string{"b"}},
		{[]string{"b", "a"}, nil},
	} {
		if got, err := notice.Untold(path, tt.ask); !slices.Equal(got, tt.want) || err != nil {
			t.Errorf("of %q untold are %q (%v), want %q", tt.ask, got, err, tt.want)
		}
	}
}

// TestUntold_isToldWhereNothingCanBeKept: a file stands where the folder should be.
func TestUntold_isToldWhereNothingCanBeKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got, err := notice.Untold(filepath.Join(file, "told"), []string{"a"}); !slices.Equal(got, []string{"a"}) || err == nil {
			t.Errorf("untold are %q, %v", got, err)
		}
	}
}
