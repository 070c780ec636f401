// Package soak plays days of a school against the real server program: three practice PBXs that misbehave, streams
// that come and go, connections that are cut, SIGKILL, a clock that jumps, a full disk. At the end it compares what
// the server keeps with what the PBXs know to be true, call by call, and looks whether memory, goroutines and open
// files grew. It holds tests only.
//
// A plain `go test ./...` plays a short form of it, so that it does not rot. `make soak DURATION=60m` plays it for
// long and writes build/soak.md; so does
//
//	go test -tags migrated_fynedo -run '^TestSoak$' -count 1 -timeout 0 ./app/soak -args -soak 60m -soak-out soak.md
package soak
