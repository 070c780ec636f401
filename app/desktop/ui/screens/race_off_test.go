//go:build !race

package screens

// racing tells whether the race detector is on.
const racing = false
