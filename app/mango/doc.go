// Package mango holds the protocol of the Mango Office VPBX API: what its
// webhooks and commands look like on the wire, how they are signed, what its
// codes mean in words, and how it writes numbers.
//
// Both sides use it: the server that listens to the PBX, and the practice PBX
// that plays Mango's part. So every event both decodes and encodes.
//
// Nothing here does I/O, reads a clock or decides what a call is; translating
// Mango's words into a call is the adapter's work. The package imports no other
// package of the project.
package mango
