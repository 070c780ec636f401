//go:build unix

package disk

import "os"

// ReadFile reads a file that another program may be removing just now.
func ReadFile(path string) ([]byte, error) { return os.ReadFile(path) }
