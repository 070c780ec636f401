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
	owner, err := ownerFor(data)
	if err != nil || owner == nil {
		return err
	}
	if err := errors.Join(syscall.Setgroups([]int{int(owner.Gid)}), syscall.Setgid(int(owner.Gid)), syscall.Setuid(int(owner.Uid))); err != nil {
		return fmt.Errorf("working as the owner of the data folder: %w", err)
	}
	return nil
}

// asOwner is becomeOwner until back: for commands that write beside the data folder, too, where the owner may not.
func asOwner(data string) (back func() error, err error) {
	owner, err := ownerFor(data)
	if err != nil || owner == nil {
		return func() error { return nil }, err
	}
	groups, err := syscall.Getgroups()
	if err != nil {
		return nil, fmt.Errorf("working as the owner of the data folder: %w", err)
	}
	done := false
	back = func() error {
		if done {
			return nil
		}
		done = true
		if err := errors.Join(syscall.Setreuid(-1, 0), syscall.Setregid(-1, syscall.Getgid()), syscall.Setgroups(groups)); err != nil {
			return fmt.Errorf("working as root again: %w", err)
		}
		return nil
	}
	if err := errors.Join(syscall.Setgroups([]int{int(owner.Gid)}), syscall.Setregid(-1, int(owner.Gid)), syscall.Setreuid(-1, int(owner.Uid))); err != nil {
		return nil, errors.Join(fmt.Errorf("working as the owner of the data folder: %w", err), back())
	}
	return back, nil
}

// ownerFor is whose data folder it is, when we are root and it is somebody else's.
func ownerFor(data string) (*syscall.Stat_t, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // nobody to become
	}
	info, err := os.Stat(data)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // the folder will be root's, as who starts the server so
	}
	if err != nil {
		return nil, fmt.Errorf("looking at the data folder: %w", err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return nil, nil //nolint:nilnil // nobody to become
	}
	return owner, nil
}
