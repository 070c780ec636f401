// Package pgtest gives tests a real PostgreSQL where there is one to be started: on Unix.
package pgtest

import (
	"sync"
	"testing"
)

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

// Gated skips the test.
func Gated(t testing.TB, _ func() *sync.RWMutex) string {
	t.Helper()
	return URL(t)
}

// Server is a PostgreSQL of one test's own; there is none.
type Server struct{}

// Start skips the test.
func Start(t testing.TB, _ string, _ ...string) *Server {
	t.Helper()
	URL(t)
	return &Server{}
}

// URL is never asked for.
func (*Server) URL(...*Server) string { return "" }

// Restart is never asked for.
func (*Server) Restart() {}

// Kill is never asked for.
func (*Server) Kill() {}

// Freeze is never asked for.
func (*Server) Freeze() {}

// FreezeSessions is never asked for.
func (*Server) FreezeSessions() {}

// Thaw is never asked for.
func (*Server) Thaw() {}

// Standby is never asked for.
func (s *Server) Standby() *Server { return s }

// Promote is never asked for.
func (*Server) Promote() {}
