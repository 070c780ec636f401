//go:build race

package server_test

// underRace: the race detector makes everything some ten times dearer.
const underRace = true
