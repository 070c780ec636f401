//go:build !windows

package main

import "errors"

// asShell is about Windows' consoles.
func asShell() error { return errors.ErrUnsupported }
