//go:build !darwin

package platform

// TakeLinks has nothing to do: links come as arguments of a second start.
func TakeLinks(func(link string)) error { return nil }

// StayOutOfTheDock has nothing to do.
func StayOutOfTheDock() {}
