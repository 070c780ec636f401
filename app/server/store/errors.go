package store

import "errors"

var (
	// ErrNotFound says that no such record exists, or that it was deleted.
	ErrNotFound = errors.New("no such record")
	// ErrTaken says that a value which must be unique belongs to another record.
	ErrTaken = errors.New("already taken")
)
