package server_test

import "os"

// Windows freezes no process from outside; the tests that would need it are skipped there, for want of
// PostgreSQL.
var freeze, thaw = os.Interrupt, os.Interrupt
