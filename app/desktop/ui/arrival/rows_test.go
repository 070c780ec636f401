package arrival_test

import (
	"testing"

	"dozvon/app/desktop/ui/arrival"
)

// TestRows_tellWhoeverAskedLast, and nobody before somebody has asked.
func TestRows_tellWhoeverAskedLast(t *testing.T) {
	t.Parallel()
	var page struct{ arrival.Rows }
	page.Drawn()
	said := ""
	page.OnRows(func() { said += "one " })
	page.Drawn()
	page.Drawn()
	page.OnRows(func() { said += "two " })
	page.Drawn()
	if said != "one one two " {
		t.Errorf("told: %s", said)
	}
}
