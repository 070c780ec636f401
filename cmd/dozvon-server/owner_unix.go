//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// becomeOwner turns root into the user whose data folder it is: the server runs as that user, and
// could not open a database that root made there before the server's first start.
func becomeOwner(data string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(data)
	if errors.Is(err, os.ErrNotExist) {
		return nil // the folder will be root's, as who starts the server so
	}
	if err != nil {
		return fmt.Errorf("looking at the data folder: %w", err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return nil
	}
	if err := errors.Join(syscall.Setgroups([]int{int(owner.Gid)}), syscall.Setgid(int(owner.Gid)), syscall.Setuid(int(owner.Uid))); err != nil {
		return fmt.Errorf("working as the owner of the data folder: %w", err)
	}
	return nil
}
