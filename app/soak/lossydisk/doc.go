// Package lossydisk is a file system in memory, mounted by FUSE, whose power can be cut: what programs have not synced
// by then is lost, wholly, in part, or not at all, as a real disk with its own memory and order does it. It is for tests
// (Linux, root).
//
// What survives:
//
//   - a file's content as it was at its last fsync; of each write since then nothing, or everything, or some of its
//     sectors, and not in the order they were written;
//   - a name (of a new, renamed, linked or removed file) once any folder was synced after it was changed; of the
//     changes since then the first few, in their order, as a journal keeps them. An fsync of the file alone makes its
//     name durable on no file system that POSIX promises, though it does on some.
package lossydisk
