//go:build race

package screens

import "testing"

// drawing ends a test that draws for people: the software painter is some thirty times slower under
// the race detector. `make test` runs these tests a second time without it.
func drawing(t *testing.T) {
	t.Helper()
	t.Skip("drawn in a run of its own, without the race detector")
}
