//go:build race

package screens

// underRace tells that the race detector watches this run.
const underRace = true
