//go:build unix

package server_test

import "syscall"

// freeze and thaw a process of another node.
const freeze, thaw = syscall.SIGSTOP, syscall.SIGCONT
