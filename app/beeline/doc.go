// Package beeline holds the protocol of Beeline's «Облачная АТС» (cloudpbx.beeline.ru): the events that
// it posts as XML (those of BroadWorks XSI), the JSON of its commands, how it writes numbers, whose
// userId is an employee's and whose the PBX's own, and its words for why a leg ended.
//
// Nothing here does I/O, reads a clock or decides what a call is; translating Beeline's words into a
// call is the adapter's work. The package imports no other package of the project. "Section" in its
// comments is one of the protocol reference, beeline-vpbx.md.
package beeline
