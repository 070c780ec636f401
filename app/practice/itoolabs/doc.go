// Package itoolabs is a practice PBX of the ITooLabs family: it plays calls, posts their events,
// asks who calls and obeys the answer, sums calls up, and takes the commands of both generations of
// the API as the reference `protocol/itoolabs-vpbx.md` says.
//
// What the reference only guesses is a choice of Config: which of the two APIs there is, what a
// click-to-call is answered with, when its OUTGOING comes, how numbers are spelled. Everything that may go
// wrong is in Faults. It knows the server only from outside.
package itoolabs
