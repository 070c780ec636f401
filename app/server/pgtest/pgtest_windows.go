// Package pgtest gives tests a real PostgreSQL where there is one to be started: on Unix.
package pgtest

import "testing"

// Main runs a package's tests.
func Main(m *testing.M) int { return m.Run() }

// URL skips the test.
func URL(t testing.TB) string {
	t.Helper()
	t.Skip("PostgreSQL is started on Unix only")
	return ""
}

// Kept skips the test.
func Kept(t testing.TB, _ string) string {
	t.Helper()
	return URL(t)
}
