// Package bench measures what the project promises in figures, each beside a bare floor of
// the same run, and writes one table. It holds tests only and decides nothing: a missed
// target is a "no" in the table, never a failed test, because machines are noisy.
//
// A plain `go test ./...` skips it. `make bench` runs it, and so does
//
//	go test -tags migrated_fynedo -run '^TestBench' -count 1 ./app/bench -args -bench-out bench.md
//
// One measure alone: -run '^TestBench/streams'. The measures of the desktop (card, storm, rest) need the programs
// of `make build` and the virtual desktop of the package stage.
package bench
